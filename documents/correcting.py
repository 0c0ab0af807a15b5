"""What a paper says once some of its public lines read otherwise.

A paper is drawn from plain values, and its public lines repeat some of them. Whatever
is the same text as a corrected line is corrected with it, so that the paper and its
verification page go on saying the same.
"""

from collections.abc import Mapping
from typing import Any

# What changed: the label of a line, its old and its new text.
Changes = dict[str, tuple[str, str]]


def lines_of(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The public lines of a paper, each a label and a text."""
    return [(str(label), str(text)) for label, text in values.get("public", [])]


def changed_lines(values: Mapping[str, Any], corrections: Mapping[str, str]) -> Changes:
    """Keep those corrections that change a line and leave it a text."""
    return {
        label: (old, new)
        for label, old in lines_of(values)
        if (new := corrections.get(label, "").strip()) and new != old
    }


def corrected(values: Mapping[str, Any], changed: Changes) -> dict[str, Any]:
    """Give the values with every text that was that of a changed line put right."""
    texts = dict(changed.values())
    public = [
        [label, changed[label][1] if label in changed else text]
        for label, text in lines_of(values)
    ]
    return {**_replaced(dict(values), texts), "public": public}


def in_text(text: str, changed: Changes) -> str:
    """Put right what a changed line says inside a longer text, as in a title."""
    for old, new in sorted(changed.values(), key=lambda pair: -len(pair[0])):
        text = text.replace(old, new)
    return text[:200]


def _replaced(value: Any, texts: Mapping[str, str]) -> Any:
    match value:
        case str():
            return texts.get(value, value)
        case list():
            return [_replaced(each, texts) for each in value]
        case dict():
            return {name: _replaced(each, texts) for name, each in value.items()}
    return value

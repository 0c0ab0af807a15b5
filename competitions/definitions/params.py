"""What each rule of a requirement asks besides its texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from competitions.definitions.fields import (
    REQUIRED,
    Choice,
    Codes,
    Field,
    Inline,
    Slug,
    Whole,
    Words,
)
from competitions.definitions.nodes import Node, Unreadable
from competitions.models import Requirement

Rule = Requirement.Rule

# What an earlier award makes of a proposal; what it cannot tell a person looks at.
NOT_MET, NEEDS_LOOK = "not_met", "needs_look"

PARAMS: Mapping[str, Mapping[str, Field]] = {
    # Without a field it counts from the first date of the form.
    Rule.MINIMUM_AGE: {
        "months": Whole(high=240, default=REQUIRED),
        "field": Slug(default=""),
    },
    Rule.QUOTA: {"maximum": Whole(low=0, default=REQUIRED)},
    Rule.EARLIER_AWARDS: {
        "levels": Words(),
        "maximum": Whole(low=0, high=100, default=0),
        "outcome": Choice([NOT_MET, NEEDS_LOOK], default=NOT_MET),
    },
    Rule.SDG_COUNT: {
        "minimum": Whole(high=17, default=1),
        "maximum": Whole(high=17, default=None),
    },
    Rule.LETTERS: {"letters": Codes()},
    Rule.EVIDENCE: {"sections": Codes()},
    Rule.CONSENTS: {"consents": Codes()},
}


@dataclass(frozen=True)
class Params:
    """The parameters of a requirement; which ones depends on its rule."""

    default: Any = REQUIRED

    def read(self, node: Node, key: str) -> Mapping[str, Any]:
        inner = node.inner(key)
        rule = node.peek("rule")
        if rule not in Requirement.Rule.values:
            # Named already; what it asks for nobody can tell.
            inner.forget()
        asked = PARAMS.get(rule, {})
        found: dict[str, Any] = {}
        for name, field in asked.items():
            if inner.peek(name) is None and field.default is not REQUIRED:
                inner.take(name)
                value = field.default
            else:
                try:
                    value = field.read(inner, name)
                except Unreadable as wrong:
                    inner.wrong(wrong.key, wrong.reason, wrong.value)
                    continue
            # Rows keep them as JSON: a list, and nothing where nothing is asked.
            if value not in (None, (), ""):
                found[name] = list(value) if isinstance(value, tuple) else value
        return found

    def write(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: Inline(each) if isinstance(each, list) else each
            for name, each in value.items()
        }

"""From the text of a file to plain values, with the line each stands in.

Files come from anybody. So there are no tags, no anchors that multiply, no key twice,
and limits of size and depth. JSON is read as well: every JSON text is YAML.
"""

import re
from collections.abc import Hashable, Iterator
from decimal import Decimal
from typing import Any

import yaml
from django.utils.translation import gettext as _

from competitions.definitions.mistakes import DefinitionError, Mistake

MAX_BYTES = 400_000
MAX_DEPTH = 16
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,14})\.\d{1,15}", re.ASCII)
_WORDS = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}
# Written in C where the machine has it; both give the same events.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Lines = dict[str, int]


def load_text(content: str | bytes, *, file: str) -> tuple[Any, Lines]:
    """Read one YAML or JSON document; give its value and the lines by path.

    Raises DefinitionError.
    """
    data = content.encode(errors="replace") if isinstance(content, str) else content
    if len(data) > MAX_BYTES:
        limit = _("is larger than %(limit)d kB") % {"limit": MAX_BYTES // 1000}
        raise DefinitionError(file, [Mistake("", limit)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DefinitionError(
            file, [Mistake("", _("is no text in UTF-8. Save it again as plain text."))]
        ) from None
    try:
        return _Document(yaml.parse(text, Loader=_LOADER)).read()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise DefinitionError(
            file, [Mistake("", _("is no valid YAML"), line)]
        ) from None
    except _Refused as refusal:
        raise DefinitionError(file, [refusal.mistake]) from None


class _Refused(Exception):
    def __init__(self, path: str, event: yaml.Event, reason: str) -> None:
        self.mistake = Mistake(path, reason, _line(event))


class _Document:
    """Builds values from the events of a parser, so that no input is too deep."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self.lines: Lines = {}

    def read(self) -> tuple[Any, Lines]:
        value: Any = None
        count = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                count += 1
                if count > 1:
                    raise _Refused("", event, _("holds more than one document"))
                value = self._value(next(self._events), "", 0)
        return value, self.lines

    def _value(self, event: yaml.Event, path: str, depth: int) -> Any:
        self.lines[path] = _line(event)
        if depth > MAX_DEPTH:
            raise _Refused(path, event, _("is nested too deep"))
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(path, event, _("must not refer to an anchor with *"))
        if getattr(event, "tag", None):
            raise _Refused(path, event, _("must not carry a tag with !"))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, depth)
        assert isinstance(event, yaml.ScalarEvent)
        return event.value if event.style else _plain(event.value)

    def _mapping(self, path: str, depth: int) -> dict[Hashable, Any]:
        found: dict[Hashable, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _Refused(path, event, _("has a key that is no word"))
            key = event.value
            place = f"{path}.{key}" if path else key
            if key in found:
                raise _Refused(place, event, _("stands there twice"))
            found[key] = self._value(next(self._events), place, depth + 1)
            self.lines[place] = _line(event)
        return found

    def _sequence(self, path: str, depth: int) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._value(event, f"{path}[{len(found) + 1}]", depth + 1))
        return found


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    assert mark is not None  # the parser marks every event
    return mark.line + 1


def _plain(text: str) -> Any:
    """Tell numbers, true, false and nothing from words."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text

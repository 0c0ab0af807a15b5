"""Reading values out of a parsed file, with the place of every mistake."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _

from competitions import date_text
from competitions.definitions.loading import Lines
from competitions.definitions.mistakes import Mistake, shown

MAX_MISTAKES = 50
_NO_SIGNS = "\ufeff\ufffe\uffff"
_BREAKS = str.maketrans({"\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "})


class Unreadable(Exception):
    """The value under `key` is not understood."""

    def __init__(self, key: str, reason: str, value: Any = None) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason
        self.value = value


@dataclass
class Report:
    """The mistakes found so far in one file."""

    lines: Lines
    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, path: str, reason: str, value: Any = None) -> None:
        if len(self.mistakes) < MAX_MISTAKES:
            self.mistakes.append(Mistake(path, reason, self._line(path), shown(value)))

    def _line(self, path: str) -> int | None:
        """The line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            cut = max(path.rfind("."), path.rfind("["))
            path = path[: max(cut, 0)]
        return self.lines.get(path) if path else None


def clean(text: str) -> str:
    """Bring line ends into one form and leave out signs that no file can carry."""
    if text.replace("\n", "").isprintable():  # nearly every text, at once
        return text.strip()
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    return "".join(
        sign
        for sign in plain
        if sign == "\n"
        or (unicodedata.category(sign) not in {"Cc", "Cs"} and sign not in _NO_SIGNS)
    ).strip()


class Node:
    """A mapping at `path`; every key must be one that is asked for."""

    def __init__(self, value: Any, report: Report, path: str = "") -> None:
        self.path = path
        self.report = report
        self.is_mapping = value is None or isinstance(value, Mapping)
        if not self.is_mapping:
            report.add(path, _("must be a mapping of keys to values"), value)
        self._value = value if isinstance(value, Mapping) else {}
        self._unread = list(self._value)
        self._inner: dict[str, Node] = {}

    def place(self, key: str) -> str:
        return ".".join(part for part in (self.path, key) if part)

    def wrong(self, key: str, reason: str, value: Any = None) -> None:
        self.report.add(self.place(key), reason, value)

    def finish(self) -> None:
        """Refuse keys that nobody asked for: most are misspelt."""
        for inner in self._inner.values():
            inner.finish()
        for key in self._unread:
            self.wrong(key, _("is not known here"))
        self._unread = []

    def forget(self) -> None:
        """Ask for nothing here."""
        self._unread = []

    def peek(self, key: str) -> Any:
        return self._value.get(key)

    def take(self, key: str) -> Any:
        if key in self._unread:
            self._unread.remove(key)
        return self._value.get(key)

    def inner(self, key: str) -> "Node":
        """The mapping under `key`, always the same one; nothing is an empty one."""
        if key not in self._inner:
            self._inner[key] = Node(self.take(key), self.report, self.place(key))
        return self._inner[key]

    def text(self, key: str, *, limit: int) -> str:
        value = self.take(key)
        if not isinstance(value, str) or not (text := clean(value)):
            raise Unreadable(key, _("must be a text"), value)
        if len(text) > limit:
            raise Unreadable(
                key,
                _("must have at most %(limit)d characters, not %(length)d")
                % {"limit": limit, "length": len(text)},
            )
        return text

    def slug(self, key: str, *, limit: int) -> str:
        value = self.text(key, limit=limit)
        if not is_slug(value):
            raise Unreadable(
                key, _("may hold only letters, digits, hyphens and underscores"), value
            )
        return value

    def choice(self, key: str, choices: list[str]) -> str:
        value = self.take(key)
        # A list is no member of a list of words, but asking would not be wrong either.
        if not isinstance(value, str) or value not in choices:
            raise Unreadable(
                key,
                _("must be one of %(choices)s") % {"choices": ", ".join(choices)},
                value,
            )
        return value

    def whole(self, key: str, *, low: int, high: int) -> int:
        return whole(key, self.take(key), low, high)

    def number(self, key: str, *, low: Decimal, high: Decimal) -> Decimal:
        return number(key, self.take(key), low, high)

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if not isinstance(value, bool):
            raise Unreadable(key, _("must be true or false"), value)
        return value

    def clock(self, key: str) -> time:
        value = self.take(key)
        try:
            return date_text.parse_time(str(value))
        except date_text.UnreadableDate:
            raise Unreadable(key, _("must be a time, as 16.00"), value) from None

    def items(self, key: str) -> list[Any]:
        value = self.take(key)
        if not isinstance(value, list):
            raise Unreadable(key, _("must be a list"), value)
        return value

    def nodes(self, key: str, most: int) -> Iterator["Node"]:
        """The mappings of the list under `key`, counted from 1 in their paths."""
        items = self.items(key)
        if len(items) > most:
            raise Unreadable(
                key, _("has more than %(most)d entries") % {"most": most}, items
            )
        for index, item in enumerate(items, start=1):
            yield Node(
                {} if item is None else item,
                self.report,
                f"{self.place(key)}[{index}]",
            )


def is_slug(value: str) -> bool:
    try:
        validate_slug(value)
    except ValidationError:
        return False
    return True


def whole(key: str, value: Any, low: int, high: int) -> int:
    # True and False are ints to Python, not to whoever wrote the file.
    if type(value) is not int or not low <= value <= high:
        raise Unreadable(
            key,
            _("must be a whole number from %(low)d to %(high)d")
            % {"low": low, "high": high},
            value,
        )
    return value


def number(key: str, value: Any, low: Decimal, high: Decimal) -> Decimal:
    """A number of at most two decimals."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unreadable(key, _("must be a number"), value)
    found = Decimal(value)
    if not low <= found <= high:
        raise Unreadable(
            key,
            _("must be from %(low)s to %(high)s") % {"low": low, "high": high},
            value,
        )
    if found != found.quantize(Decimal("0.01")):
        raise Unreadable(key, _("must have at most two decimals"), value)
    return found.quantize(Decimal("0.01"))

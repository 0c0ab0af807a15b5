"""Reading values out of parsed YAML, with the place of every mistake."""

from collections.abc import Iterator, Mapping
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _

from competitions import date_text
from core.errors import DomainError


class DefinitionError(DomainError):
    """A round definition cannot be read; names the file, the path and the reason."""

    def __init__(self, file: str, path: str, reason: str) -> None:
        super().__init__(f"{file}: {path}: {reason}" if path else f"{file}: {reason}")
        self.file = file
        self.path = path
        self.reason = reason


class Node:
    """A mapping at `path` of `file`; every key must be one that is asked for."""

    def __init__(self, value: Any, *, file: str, path: str = "") -> None:
        self.file = file
        self.path = path
        if not isinstance(value, Mapping):
            raise self.error("", _("must be a mapping of keys to values"))
        self._value = value
        self._unread = {str(key) for key in value}

    def error(self, key: str, reason: str) -> DefinitionError:
        return DefinitionError(self.file, self.place(key), reason)

    def place(self, key: str) -> str:
        return ".".join(part for part in (self.path, key) if part)

    def finish(self) -> None:
        """Refuse keys that nobody asked for: most are misspelt."""
        for key in sorted(self._unread):
            raise self.error(key, _("is not known here"))

    def _take(self, key: str) -> Any:
        self._unread.discard(key)
        return self._value.get(key)

    def text(self, key: str, *, limit: int, optional: bool = False) -> str:
        value = self._take(key)
        if value is None and optional:
            return ""
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, _("must be a text"))
        if len(value.strip()) > limit:
            raise self.error(
                key,
                _("must have at most %(limit)d characters, not %(length)d")
                % {"limit": limit, "length": len(value.strip())},
            )
        return value.strip()

    def slug(self, key: str, *, limit: int = 40) -> str:
        value = self.text(key, limit=limit)
        try:
            validate_slug(value)
        except ValidationError:
            raise self.error(
                key, _("may hold only letters, digits, hyphens and underscores")
            ) from None
        return value

    def choice(self, key: str, choices: list[str]) -> str:
        value = self._take(key)
        if value not in choices:
            raise self.error(
                key, _("must be one of %(choices)s") % {"choices": ", ".join(choices)}
            )
        return str(value)

    def whole(
        self, key: str, *, low: int, high: int = 10_000, default: int | None = None
    ) -> int:
        value = self._take(key)
        if value is None and default is not None:
            return default
        return self._whole(key, value, low, high)

    def whole_or_none(self, key: str, *, low: int, high: int = 10_000) -> int | None:
        value = self._take(key)
        return None if value is None else self._whole(key, value, low, high)

    def _whole(self, key: str, value: Any, low: int, high: int) -> int:
        # True and False are ints to Python, not to whoever wrote the file.
        if type(value) is not int or not low <= value <= high:
            raise self.error(
                key,
                _("must be a whole number from %(low)d to %(high)d")
                % {"low": low, "high": high},
            )
        return value

    def pair(self, key: str, *, low: int, high: int = 10_000) -> tuple[int, int]:
        """Two whole numbers in order, as [1, 3]."""
        value = self._take(key)
        if not isinstance(value, list) or len(value) != 2:
            raise self.error(key, _("must be two whole numbers, as in [1, 3]"))
        first, last = (self._whole(key, number, low, high) for number in value)
        if last < first:
            raise self.error(key, _("must be in ascending order"))
        return first, last

    def number_or_none(self, key: str) -> Decimal | None:
        value = self._take(key)
        if value is None:
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if isinstance(value, bool) or not number.is_finite() or abs(number) >= 1000:
            raise self.error(key, _("must be a number"))
        return number

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        value = self.number_or_none(key)
        if value is None:
            value = default
        if value is None:
            raise self.error(key, _("must be a number"))
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.error(key, _("must be true or false"))
        return value

    def clock(self, key: str, default: time) -> time:
        value = self._take(key)
        if value is None:
            return default
        try:
            return date_text.parse_time(str(value))
        except date_text.UnreadableDate:
            raise self.error(key, _('must be a time in quotes, as "16.00"')) from None

    def node(self, key: str) -> "Node":
        """The mapping under `key`; nothing is an empty one."""
        value = self._take(key)
        return Node(
            {} if value is None else value, file=self.file, path=self.place(key)
        )

    def nodes(self, key: str, *, optional: bool = False) -> Iterator["Node"]:
        """The mappings of the list under `key`, counted from 1 in their paths."""
        value = self._take(key)
        if value is None and optional:
            value = []
        elif not isinstance(value, list) or not value:
            raise self.error(key, _("must be a list with at least one entry"))
        for index, item in enumerate(value, start=1):
            yield Node(item, file=self.file, path=f"{self.place(key)}[{index}]")

    def codes(self, key: str, known: set[str]) -> tuple[str, ...]:
        """A list of codes that stand elsewhere in the file."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.error(key, _("must be a list of codes"))
        for code in value:
            if code not in known:
                raise self.error(
                    key, _("%(code)s is not defined in this file") % {"code": code}
                )
        return tuple(value)

"""The kinds of values a definition is made of: how each is read and written."""

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from functools import cache
from typing import Any, Protocol

from django.utils.translation import gettext as _

from competitions.date_text import END_OF_DAY
from competitions.definitions.nodes import (
    Node,
    Unreadable,
    clean,
    is_slug,
    number,
    whole,
)

LONG_TEXT = 4000
REQUIRED: Any = object()  # the default of what must stand there
_SIZE = re.compile(r"(\d{1,9}) ?(B|kB|MB)")
_UNITS = {"MB": 1024 * 1024, "kB": 1024, "B": 1}


class Field(Protocol):
    """What reads and writes one value; `default` stands for a key left out."""

    @property
    def default(self) -> Any: ...

    def read(self, node: Node, key: str) -> Any: ...

    def write(self, value: Any) -> Any: ...


class Inline(list[Any]):
    """A list that is written in one line."""


def part(field: Field, *, key: str = "") -> Any:
    """An attribute of a shape, under `key` of the file or under its own name.

    A key with a point, as "evidence.types", stands in a mapping of its own.
    """
    default = dataclasses.MISSING if field.default is REQUIRED else field.default
    return dataclasses.field(default=default, metadata={"field": field, "key": key})


def parts_of(shape: Any) -> Sequence[tuple[str, str, Field]]:
    """The attributes of a shape: its name, its key in the file, its field."""
    return _parts_of(shape if isinstance(shape, type) else type(shape))


@cache
def _parts_of(shape: Any) -> Sequence[tuple[str, str, Field]]:
    return [
        (each.name, each.metadata["key"] or each.name, field)
        for each in dataclasses.fields(shape)
        if (field := each.metadata.get("field"))
    ]


@dataclass(frozen=True)
class Text:
    limit: int = LONG_TEXT
    default: Any = REQUIRED

    def read(self, node: Node, key: str) -> str:
        return node.text(key, limit=self.limit)

    def write(self, value: str) -> str:
        return clean(value)


@dataclass(frozen=True)
class Slug:
    limit: int = 40
    default: Any = REQUIRED

    def read(self, node: Node, key: str) -> str:
        return node.slug(key, limit=self.limit)

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Choice:
    choices: Sequence[str]
    default: Any = REQUIRED

    def read(self, node: Node, key: str) -> str:
        return node.choice(key, list(self.choices))

    def write(self, value: str) -> str:
        return str(value)


@dataclass(frozen=True)
class Several:
    """Words out of a list of choices; none by default."""

    choices: Sequence[str]
    default: tuple[str, ...] = ()

    def read(self, node: Node, key: str) -> tuple[str, ...]:
        items = node.items(key)
        for item in items:
            if not isinstance(item, str) or item not in self.choices:
                raise Unreadable(
                    key,
                    _("must be one of %(choices)s")
                    % {"choices": ", ".join(self.choices)},
                    item,
                )
        return tuple(dict.fromkeys(items))

    def write(self, value: Sequence[str]) -> Inline:
        return Inline(str(each) for each in value)


@dataclass(frozen=True)
class Codes:
    """Codes of things that stand elsewhere in the file."""

    limit: int = 60
    with_point: bool = False
    default: tuple[str, ...] = ()

    def read(self, node: Node, key: str) -> tuple[str, ...]:
        items = node.items(key)
        for item in items:
            parts = item.split(".") if isinstance(item, str) else [""]
            if (
                len(parts) != 1 + self.with_point
                or len(str(item)) > self.limit
                or not all(is_slug(each) for each in parts)
            ):
                raise Unreadable(key, _("must be a list of codes"), item)
        return tuple(dict.fromkeys(items))

    def write(self, value: Sequence[str]) -> Inline:
        return Inline(value)


@dataclass(frozen=True)
class Words:
    """Short texts in a list."""

    limit: int = 80
    default: Any = REQUIRED

    def read(self, node: Node, key: str) -> tuple[str, ...]:
        found = [
            clean(item) if isinstance(item, str) else "" for item in node.items(key)
        ]
        if not found or any(not 0 < len(each) <= self.limit for each in found):
            raise Unreadable(
                key,
                _("must be a list of texts of at most %(limit)d characters")
                % {"limit": self.limit},
            )
        return tuple(dict.fromkeys(found))

    def write(self, value: Sequence[str]) -> Inline:
        return Inline(clean(each) for each in value)


@dataclass(frozen=True)
class Whole:
    low: int = 1
    high: int = 10_000
    default: Any = None

    def read(self, node: Node, key: str) -> int:
        return node.whole(key, low=self.low, high=self.high)

    def write(self, value: int) -> int:
        return value


@dataclass(frozen=True)
class Number:
    """A number of at most two decimals."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(100)
    default: Any = None

    def read(self, node: Node, key: str) -> Decimal:
        return node.number(key, low=self.low, high=self.high)

    def write(self, value: Decimal) -> int | Decimal:
        return plain(value)


@dataclass(frozen=True)
class Flag:
    default: bool = False

    def read(self, node: Node, key: str) -> bool:
        return node.flag(key)

    def write(self, value: bool) -> bool:
        return value


@dataclass(frozen=True)
class Clock:
    default: time

    def read(self, node: Node, key: str) -> time:
        return node.clock(key)

    def write(self, value: time) -> str:
        return "23.59" if value == END_OF_DAY else f"{value:%H.%M}"


@dataclass(frozen=True)
class Span:
    """Two whole numbers in order, as [1, 3]."""

    low: int
    high: int
    default: Any = REQUIRED

    def read(self, node: Node, key: str) -> tuple[int, int]:
        items = node.items(key)
        if len(items) != 2:
            raise Unreadable(key, _("must be two numbers, as [1, 3]"), items)
        first, last = (whole(key, item, self.low, self.high) for item in items)
        if last < first:
            raise Unreadable(key, _("must be in ascending order"), f"{first}, {last}")
        return first, last

    def write(self, value: tuple[int, int]) -> Inline:
        return Inline(value)


@dataclass(frozen=True)
class Scale:
    """The lowest and the highest score, as [0, 100]."""

    default: tuple[Decimal, Decimal] = (Decimal(0), Decimal(100))

    def read(self, node: Node, key: str) -> tuple[Decimal, Decimal]:
        items = node.items(key)
        if len(items) != 2:
            raise Unreadable(key, _("must be two numbers, as [0, 100]"), items)
        low, high = (number(key, item, Decimal(0), Decimal(100)) for item in items)
        if high <= low:
            raise Unreadable(key, _("must be in ascending order"), f"{low}, {high}")
        return low, high

    def write(self, value: tuple[Decimal, Decimal]) -> Inline:
        return Inline(plain(each) for each in value)


@dataclass(frozen=True)
class Size:
    """Bytes, written as "2 MB"."""

    default: int
    high: int = 50 * 1024 * 1024

    def read(self, node: Node, key: str) -> int:
        value = node.take(key)
        match = _SIZE.fullmatch(value) if isinstance(value, str) else None
        size = int(match[1]) * _UNITS[match[2]] if match else 0
        if not 0 < size <= self.high:
            raise Unreadable(key, _("must be a size up to 50 MB, as 2 MB"), value)
        return size

    def write(self, value: int) -> str:
        unit = next(unit for unit, size in _UNITS.items() if value % size == 0)
        return f"{value // _UNITS[unit]} {unit}"


@dataclass(frozen=True)
class Counts:
    """Whole numbers by a word out of a list of choices, as pairs."""

    choices: Sequence[str]
    default: tuple[tuple[str, int], ...] = ()

    def read(self, node: Node, key: str) -> tuple[tuple[str, int], ...]:
        inner = node.inner(key)
        return tuple(
            (each, inner.whole(each, low=1, high=100))
            for each in self.choices
            if inner.peek(each) is not None
        )

    def write(self, value: Sequence[tuple[str, int]]) -> dict[str, int]:
        return dict(value)


@dataclass(frozen=True)
class One:
    """One shape under a key of its own."""

    shape: Callable[[], Any]
    read_shape: Callable[[Any, Node], Any]
    write_shape: Callable[[Any], dict[str, Any]]
    default: Any = REQUIRED

    def read(self, node: Node, key: str) -> Any:
        return self.read_shape(self.shape(), node.inner(key))

    def write(self, value: Any) -> dict[str, Any]:
        return self.write_shape(value)


@dataclass(frozen=True)
class Parts:
    """A list of shapes; codes among them stand there once."""

    shape: Callable[[], Any]
    read_shape: Callable[[Any, Node], Any]
    write_shape: Callable[[Any], dict[str, Any]]
    most: int = 200
    default: Any = ()

    def read(self, node: Node, key: str) -> tuple[Any, ...]:
        shape = self.shape()
        found = [self.read_shape(shape, item) for item in node.nodes(key, self.most)]
        made = tuple(each for each in found if each is not None)
        codes = [code for each in made if (code := getattr(each, "code", ""))]
        for code in dict.fromkeys(codes):
            if codes.count(code) > 1:
                node.wrong(key, _("%(code)s stands there twice") % {"code": code})
        return made

    def write(self, value: Sequence[Any]) -> list[dict[str, Any]]:
        return [self.write_shape(each) for each in value]


def plain(value: Decimal) -> int | Decimal:
    """A number as it is written best: whole ones without a point, none with 0s."""
    if value == value.to_integral_value():
        return int(value)
    return value.normalize()

"""Shapes of the copy of a person's data, which every app adds to.

Each app that keeps something of people has a `personal_data.py` with `collect(user)`
and `COVERS`, the fields that point at a person and are read by it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any


@dataclass(frozen=True)
class Section:
    """One file of data: `name` (ASCII, without ending) and its rows.

    The keys of a row are words in the person's language.
    """

    name: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class FilePart:
    """A file of the person's own: where it goes in the copy, and its bytes."""

    path: str
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class Portion:
    """What one app has."""

    sections: list[Section] = field(default_factory=list)
    files: list[FilePart] = field(default_factory=list)


def section(name: str, rows: Iterable[Mapping[str, Any]]) -> Section:
    """Make a section; what is lazy in the rows is read now."""
    return Section(name, [dict(row) for row in rows])

"""What a formatted text is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Run:
    """Letters that look the same; a line break is the text "\\n"."""

    text: str
    marks: frozenset[str] = frozenset()
    link: str = ""

    @property
    def tags(self) -> list[str]:
        link = [f'<a href="{escape(self.link)}">'] if self.link else []
        return link + [f"<{mark}>" for mark in ("strong", "em") if mark in self.marks]


@dataclass(frozen=True)
class Paragraph:
    runs: Sequence[Run]


@dataclass(frozen=True)
class ItemList:
    items: Sequence[Sequence["Block"]]
    start: int | None  # the first number; None has bullets


@dataclass(frozen=True)
class Cell:
    blocks: Sequence["Block"]
    tag: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Table:
    rows: Sequence[Sequence[Cell]]


Block = Paragraph | ItemList | Table

"""What differs between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# Word by word is quadratic at worst: longer texts are compared line by line.
WORDS_COMPARED = 4_000


@dataclass(frozen=True)
class Piece:
    """A run of text that both have, or that only this one has."""

    text: str
    is_own: bool


@dataclass(frozen=True)
class Difference:
    """Both texts in pieces, side by side."""

    mine: list[Piece]
    theirs: list[Piece]


def compare(mine: str, theirs: str) -> Difference:
    """Compare two texts; joining the pieces of one gives it back."""
    split = _words if _size(mine, theirs) <= WORDS_COMPARED else _lines
    left, right = split(mine), split(theirs)
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return Difference(
        mine=list(_pieces((left[a:b], tag) for tag, a, b, _c, _d in blocks)),
        theirs=list(_pieces((right[c:d], tag) for tag, _a, _b, c, d in blocks)),
    )


def _size(*texts: str) -> int:
    return max(len(text.split()) for text in texts)


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S+|\s+$", text)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _pieces(runs: Iterator[tuple[list[str], str]]) -> Iterator[Piece]:
    for parts, tag in runs:
        if parts:
            yield Piece("".join(parts), is_own=tag != "equal")

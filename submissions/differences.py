"""What differs between two texts, word by word."""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.safestring import SafeString

from core.rich_text import to_show

# Word by word is quadratic at worst: longer texts are compared line by line.
WORDS_COMPARED = 4_000
_WORDS = re.compile(r"<[^>]*>|\s*[^\s<]+\s*|\s+")
_RUNS = re.compile(r"<[^>]*>|[^<]+")


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


@dataclass(frozen=True)
class FormattedDifference:
    """Both texts as safe HTML, what only one has in `<ins>` and in `<del>`."""

    mine: SafeString
    theirs: SafeString


@dataclass(frozen=True)
class _Word:
    """A word, or a tag; a word that looks otherwise is another word."""

    markup: str
    place: tuple[str, ...] = ()

    @property
    def is_tag(self) -> bool:
        return self.markup.startswith("<")


def compare_formatted(mine: str, theirs: str) -> FormattedDifference:
    """Compare two texts with formats, each as `core.rich_text` writes them."""
    is_short = _size(mine, theirs) <= WORDS_COMPARED
    left, right = (
        list(_formatted(text, _WORDS if is_short else _RUNS)) for text in (mine, theirs)
    )
    own_left, own_right = _own([_words_of(left), _words_of(right)])
    return FormattedDifference(
        mine=_marked(left, own_left, "ins"), theirs=_marked(right, own_right, "del")
    )


def _formatted(markup: str, split: re.Pattern[str]) -> Iterator[_Word]:
    place: list[str] = []
    for piece in split.findall(markup):
        if not piece.startswith("<"):
            yield _Word(piece, tuple(place))
            continue
        yield _Word(piece)
        if piece.startswith("</"):
            place.pop()
        elif piece != "<br>":
            place.append(piece)


def _words_of(words: list[_Word]) -> list[tuple[str, tuple[str, ...]]]:
    return [(word.markup.strip(), word.place) for word in words if not word.is_tag]


def _own(sides: Sequence[Sequence[Hashable]]) -> tuple[set[int], set[int]]:
    """Which words, by their place among the words, only the one or other has."""
    left, right = sides
    own_left: set[int] = set()
    own_right: set[int] = set()
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for tag, a, b, c, d in blocks:
        if tag != "equal":
            own_left.update(range(a, b))
            own_right.update(range(c, d))
    return own_left, own_right


def _marked(words: list[_Word], own: set[int], tag: str) -> SafeString:
    written: list[str] = []
    number = 0
    is_open = False
    for word in words:
        is_own = not word.is_tag and number in own
        if is_open and not is_own:
            written.append(f"</{tag}>")
        elif is_own and not is_open:
            written.append(f"<{tag}>")
        is_open = is_own
        written.append(word.markup)
        number += not word.is_tag
    return to_show("".join(written))


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

"""Measures words as the typesetter will set them, and breaks them into lines.

Lengths are in millimetres, sizes of letters in points.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from awards.phrases import Line, Run

POINT = 0.352778  # mm
_FACE = "vendor/plus-jakarta-sans/5.3.0/plus-jakarta-sans-latin-{weight}-{style}.woff2"
# What the measure may be wrong by: rounding of the typesetter.
_SLACK = 0.985
_WORD_SPACING = 0.05  # em, as in document.css


@dataclass(frozen=True)
class Style:
    """How one part is set; `sizes` in em of the base, the first that fits is taken."""

    sizes: tuple[float, ...]
    leading: float
    before: float  # em of the base
    weight: int = 400
    strong: int = 700
    is_italic: bool = False
    spacing: float = 0.0  # between letters, em
    large: int = 3  # so many of the sizes are worth a second line
    is_running: bool = False  # as many lines as it takes


@cache
def _advances(weight: int, *, is_italic: bool) -> tuple[Mapping[str, float], float]:
    """Width of each letter of a face in em, and of those it does not have."""
    style = "italic" if is_italic else "normal"
    path = finders.find(_FACE.format(weight=400 if is_italic else weight, style=style))
    assert isinstance(path, str)
    with TTFont(path) as font:
        unit = font["head"].unitsPerEm
        widths = font["hmtx"]
        letters = {
            chr(code): widths[name][0] / unit
            for code, name in font.getBestCmap().items()
        }
    return letters, max(letters.get("W", 1.0), 1.0)


@lru_cache(maxsize=4096)
def _em(text: str, weight: int, spacing: float, *, is_italic: bool) -> float:
    """How wide `text` is in em, without kerning: at most a trifle more than printed."""
    letters, unknown = _advances(weight, is_italic=is_italic)
    width = sum(letters.get(sign, unknown) + spacing for sign in text)
    return width + _WORD_SPACING * text.count(" ")


_Word = tuple[Run, ...]


def _words(line: Line) -> list[_Word]:
    """Take a line apart at its spaces; a word may change its style half-way."""
    words: list[list[Run]] = [[]]
    for run in line:
        for number, piece in enumerate(run.text.split(" ")):
            if number:
                words.append([])
            if piece:
                words[-1].append(Run(piece, run.is_strong))
    return [tuple(word) for word in words if word]


class _Measure:
    """Widths of words in one style and size."""

    def __init__(self, style: Style, size: float) -> None:
        self.style, self.unit = style, size * POINT
        self.space = self._width(" ", style.weight, is_italic=style.is_italic)

    def _width(self, text: str, weight: int, *, is_italic: bool) -> float:
        em = _em(text, weight, self.style.spacing, is_italic=is_italic)
        return em * self.unit

    def word(self, word: _Word) -> float:
        style = self.style
        return sum(
            self._width(run.text, style.strong, is_italic=False)
            if run.is_strong
            else self._width(run.text, style.weight, is_italic=style.is_italic)
            for run in word
        )

    def broken(self, words: Sequence[_Word], width: float) -> Iterator[_Word]:
        """Break words that are longer than a line."""
        for word in words:
            if self.word(word) <= width:
                yield word
                continue
            piece: list[Run] = []
            for run in word:
                for sign in run.text:
                    longer = [*piece, Run(sign, run.is_strong)]
                    if piece and self.word(tuple(longer)) > width:
                        yield tuple(piece)
                        longer = longer[-1:]
                    piece = longer
            yield tuple(piece)

    def wrapped(self, words: Sequence[_Word], width: float) -> list[list[_Word]]:
        lines: list[list[_Word]] = []
        room = 0.0
        for word in words:
            length = self.word(word)
            if lines and room + self.space + length <= width:
                lines[-1].append(word)
                room += self.space + length
            else:
                lines.append([word])
                room = length
        return lines


def lines_of(
    paragraphs: Sequence[Line], style: Style, size: float, width: float
) -> list[Line]:
    """Break paragraphs into lines of about the same length, as few as possible."""
    measure = _Measure(style, size)
    return [
        _joined(line)
        for paragraph in paragraphs
        for line in _balanced(measure, _words(paragraph), width * _SLACK)
    ]


def count_lines(
    paragraphs: Sequence[Line], style: Style, size: float, width: float
) -> int:
    """How many lines `lines_of` would give."""
    measure = _Measure(style, size)
    return sum(
        len(
            measure.wrapped(
                list(measure.broken(_words(paragraph), width * _SLACK)), width * _SLACK
            )
        )
        for paragraph in paragraphs
    )


def _balanced(
    measure: _Measure, words: Sequence[_Word], width: float
) -> list[list[_Word]]:
    words = list(measure.broken(words, width))
    lines = measure.wrapped(words, width)
    if len(lines) < 2:
        return lines
    least, most = 0.0, width
    while most - least > 1:
        middle = (least + most) / 2
        if len(measure.wrapped(words, middle)) == len(lines) and all(
            measure.word(word) <= middle for word in words
        ):
            most = middle
        else:
            least = middle
    return measure.wrapped(words, most)


def _joined(words: Sequence[_Word]) -> Line:
    runs: list[Run] = []
    for number, word in enumerate(words):
        for place, run in enumerate(word):
            text = f" {run.text}" if number and not place else run.text
            if runs and runs[-1].is_strong == run.is_strong:
                runs[-1] = Run(runs[-1].text + text, run.is_strong)
            else:
                runs.append(Run(text, run.is_strong))
    return tuple(runs)

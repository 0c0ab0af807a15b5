"""Fits the words of a certificate into its layout: sizes by measured steps, lines.

What is measured here is what the typesetter does later: it is told every size and gets
every line for itself, so that nothing runs into the signatures, the QR code or the
frame, however long a name is. Lengths are in millimetres, sizes of letters in points.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from awards.looks import COLOURS, Layout
from awards.measuring import POINT, Style, count_lines, lines_of
from awards.phrases import Line, Run, filled, plain

_BASE = 10.0  # points at scale 1
SCALES = (1.12, 1.06, 1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52)
SIGNATURE_SPACE = 22.0  # a stamped signature needs as much


@dataclass(frozen=True)
class Area:
    """Where a layout has its words; all from the upper left corner of the page."""

    left: float
    width: float
    top: float
    top_below_pictures: float
    foot_bottom: float
    note_bottom: float
    is_centred: bool = True


AREAS: Mapping[str, Area] = {
    Layout.FRAME: Area(27, 243, 29, 42, 184, 188.6),
    Layout.BAND: Area(66, 214, 22, 33, 190, 197, is_centred=False),
    Layout.PLAIN: Area(36, 225, 28, 43, 182, 187),
}


_STYLES: Mapping[str, Style] = {
    "letterhead": Style((1.15,), 1.35, 0, 600),
    "title": Style((3.6, 3.1, 2.6, 2.2, 1.9), 1.12, 1.0, 800, spacing=-0.02),
    "title_second": Style((1.4,), 1.3, 0.1, 400, is_italic=True),
    "number": Style((1.0,), 1.4, 0.5, 500),
    "opening": Style((1.1,), 1.4, 1.6),
    "recipient": Style((2.4, 2.1, 1.85, 1.6, 1.4), 1.2, 0.5, 700, spacing=-0.015),
    "subline": Style((1.15,), 1.35, 0.3, 500),
    "body": Style((1.2,), 1.5, 1.4, is_running=True),
    "body_second": Style((1.0,), 1.45, 0.2, is_italic=True, is_running=True),
    "rank": Style((3.0, 2.6, 2.2, 1.85, 1.6), 1.18, 0.6, 800, spacing=-0.02),
    "rank_second": Style((1.25,), 1.3, 0.1, is_italic=True),
    "closing": Style((1.2,), 1.4, 0.5, 600, is_running=True),
    "closing_second": Style((1.0,), 1.4, 0.1, is_italic=True, is_running=True),
}
_SIGNER_SIZES = {1: 10.5, 2: 9.8, 3: 9.0}
_SIGNER_LEADING = 1.35
_NAME_WEIGHT = 700
_NOTE_SIZE = 7.5
_NOTE_LEADING = 1.4
_CHECK_WIDTHS = {1: 104.0, 2: 52.0, 3: 44.0}
_QR_SIDE = 27.0
_GAP = 6.0
_HEADING = {"id": "Nomor", "en": "Number"}
_ROLES = {
    "knows": {"id": "Mengetahui", "en": "Acknowledged by"},
    "approves": {"id": "Menyetujui", "en": "Approved by"},
}


@dataclass(frozen=True)
class Block:
    """One part as it is printed: its lines, and in which language they are."""

    name: str
    paragraphs: Sequence[Line]
    line_count: int
    language: str
    size: float  # points
    before: float  # mm
    width: float  # mm
    style: Style

    @property
    def height(self) -> float:
        leading = self.size * POINT * self.style.leading
        return self.before + self.line_count * leading

    @cached_property
    def lines(self) -> list[Line]:
        return lines_of(self.paragraphs, self.style, self.size, self.width)


@dataclass(frozen=True)
class SignerBlock:
    """A signature as it is printed; it has as many lines as its neighbours'."""

    order: int
    head: Sequence[str]
    name: Sequence[str]
    below: Sequence[str]
    left: float


@dataclass(frozen=True)
class Sheet:
    """A certificate with every line and size settled."""

    layout: str
    area: Area
    palette: str
    blocks: Sequence[Block]
    push: float
    signers: Sequence[SignerBlock]
    signer_size: float
    signer_width: float
    check_width: float
    note: Sequence[str]
    note_language: str
    scale: float
    is_cramped: bool
    top: float
    foot_bottom: float

    @property
    def is_stacked(self) -> bool:
        """Whether the words on checking stand below the QR code, for want of width."""
        return len(self.signers) > 1

    @property
    def css(self) -> str:
        """The rules of this sheet; numbers and colours of our own only."""
        return "\n".join(self._rules())

    def _rules(self) -> Iterator[str]:
        area, colours = self.area, COLOURS[self.palette]
        align = "center" if area.is_centred else "left"
        yield (
            f".certificate__content{{top:{self.top + self.push:.2f}mm;"
            f"left:{area.left}mm;width:{area.width}mm;text-align:{align}}}"
        )
        for block in self.blocks:
            style = block.style
            yield (
                f".certificate__content .certificate__{block.name}"
                f"{{margin-top:{block.before:.2f}mm;font-size:{block.size:.2f}pt;"
                f"line-height:{style.leading};font-weight:{style.weight};"
                f"letter-spacing:{style.spacing}em"
                f"{';font-style:italic' if style.is_italic else ''}}}"
            )
        yield f".certificate__title{{color:{colours.title}}}"
        yield f".certificate__rank{{color:{colours.accent_text}}}"
        bottom = 210 - self.foot_bottom
        for signer in self.signers:
            yield (
                f".certificate__sign--{signer.order}{{left:{signer.left:.2f}mm;"
                f"bottom:{bottom:.2f}mm;width:{self.signer_width:.2f}mm;"
                f"font-size:{self.signer_size}pt}}"
            )
        yield (
            f".certificate__check{{left:{area.left}mm;bottom:{bottom:.2f}mm;"
            f"width:{self.check_width:.2f}mm}}"
        )
        yield (
            f".certificate__note{{left:{area.left}mm;width:{area.width}mm;"
            f"bottom:{210 - area.note_bottom:.2f}mm;text-align:{align};"
            f"font-size:{_NOTE_SIZE}pt;line-height:{_NOTE_LEADING}}}"
        )


# Fitting ------------------------------------------------------------------------------


def fit(values: Mapping[str, Any], number: str) -> Sheet:
    """Settle sizes and lines of a certificate from its values and its number."""
    values = {**values, "number": number}
    design = values["design"]
    layout, languages = design["layout"], design["languages"]
    area = AREAS[layout]
    signers, size, width, check = _signers(values, area, languages[0])
    note = _note(values, area)
    note_height = len(note) * _NOTE_SIZE * POINT * _NOTE_LEADING
    foot_bottom = min(area.foot_bottom, area.note_bottom - note_height - 2.0)
    foot = max(
        _signer_height(signers[0], size) if signers else 0.0,
        _check_height(len(signers)),
    )
    has_pictures = bool(design["shows_emblem"] or design["logos"])
    if layout == Layout.BAND:
        has_pictures = bool(design["logos"])
    top = area.top_below_pictures if has_pictures else area.top
    room = foot_bottom - foot - 5.0 - top
    parts = [part for part in _parts(values) if part[1]]
    for scale, is_compact in product(SCALES, (False, True)):
        blocks = [_block(*part, area, scale, is_compact=is_compact) for part in parts]
        height = sum(block.height for block in blocks)
        if height <= room:
            break
    return Sheet(
        layout=layout,
        area=area,
        palette=design["palette"],
        blocks=blocks,
        push=max(0.0, min((room - height) * 0.4, 16.0)),
        signers=signers,
        signer_size=size,
        signer_width=width,
        check_width=check,
        note=note,
        note_language=languages[0],
        scale=scale,
        is_cramped=height > room,
        top=top,
        foot_bottom=foot_bottom,
    )


def _block(
    name: str,
    paragraphs: list[Line],
    language: str,
    area: Area,
    scale: float,
    *,
    is_compact: bool,
) -> Block:
    style, base = _STYLES[name], _BASE * scale
    # One line as long as the letters stay large, then two; the small sizes on one
    # line only where there is no room for two.
    large = style.sizes[: style.large]
    tries = [(size, 1) for size in (style.sizes if is_compact else large)]
    tries += [(size, 2) for size in (style.sizes if is_compact else large[1:] or large)]
    tries += [(size, 2) for size in style.sizes]
    for size, count in tries:
        lines = count_lines(paragraphs, style, size * base, area.width)
        if style.is_running or lines <= count * len(paragraphs):
            break
    return Block(
        name=name,
        paragraphs=paragraphs,
        line_count=lines,
        width=area.width,
        language=language,
        size=size * base,
        before=style.before * base * POINT,
        style=style,
    )


def _parts(values: Mapping[str, Any]) -> Iterator[tuple[str, list[Line], str]]:
    """The parts in the order of reading, in the first language and the second."""
    kind, languages = values["kind"], values["design"]["languages"]
    first, second = languages[0], languages[1] if len(languages) > 1 else ""

    def text(part: str, language: str) -> list[Line]:
        words = values["texts"].get(language, {}).get(part, "")
        return filled(kind, words, values, language)

    def two(part: str, name: str) -> Iterator[tuple[str, list[Line], str]]:
        yield name, text(part, first), first
        # A name that no language changes is not said twice.
        if second and text(part, second) != text(part, first):
            yield f"{name}_second", text(part, second), second

    yield "letterhead", [(Run(values["letterhead"]),)], first
    yield from two("title", "title")
    yield "number", [(Run(f"{_HEADING[first]} {values['number']}"),)], first
    yield (
        "opening",
        _on_one_line(text("opening", first), text("opening", second)),
        first,
    )
    yield "recipient", [(Run(" ".join(str(values["holder"]).split())),)], first
    yield "subline", text("subline", first), first
    yield from two("body", "body")
    yield from two("rank", "rank")
    yield from two("closing", "closing")


def _on_one_line(first: list[Line], second: list[Line]) -> list[Line]:
    if not first or not second:
        return first
    return [*first[:-1], (*first[-1], Run(" / "), *second[0])]


def _note(values: Mapping[str, Any], area: Area) -> list[str]:
    notes = [
        plain(
            values["kind"], values["texts"][language].get("note", ""), values, language
        )
        for language in values["design"]["languages"]
    ]
    if values.get("is_demonstration"):
        notes.append(_("Sample for demonstration, not an official certificate."))
    joined = " · ".join(dict.fromkeys(note for note in notes if note))
    style = Style((1.0,), _NOTE_LEADING, 0)
    lines = lines_of([(Run(joined),)], style, _NOTE_SIZE, area.width)
    return ["".join(run.text for run in line) for line in lines]


def _signers(
    values: Mapping[str, Any], area: Area, language: str
) -> tuple[list[SignerBlock], float, float, float]:
    """The signatures side by side, with the size of their letters and widths."""
    given = values["signers"]
    count = len(given)
    check = _CHECK_WIDTHS[max(count, 1)]
    width = min((area.width - check) / max(count, 1) - _GAP, 86.0)
    size = _SIGNER_SIZES[max(count, 1)]
    place = values["place_and_date_en" if language == "en" else "place_and_date"]
    heads = [
        _head(each, place if last else "", language, size, width)
        for last, each in _marking_last(given)
    ]
    names = [_wrapped(each["name"], size, width, _NAME_WEIGHT) for each in given]
    belows = [_below(each, size, width) for each in given]
    head_lines = max(map(len, heads), default=0)
    name_lines = [
        len(name) + len(below) for name, below in zip(names, belows, strict=True)
    ]
    blocks = [
        SignerBlock(
            order=order,
            head=[*heads[order - 1], *[""] * (head_lines - len(heads[order - 1]))],
            name=names[order - 1],
            below=[
                *belows[order - 1],
                *[""] * (max(name_lines) - name_lines[order - 1]),
            ],
            left=area.left
            + area.width
            - (count - order + 1) * width
            - (count - order) * _GAP,
        )
        for order in range(1, count + 1)
    ]
    return blocks, size, width, check


def _marking_last(items: Sequence[Any]) -> Iterator[tuple[bool, Any]]:
    for place, item in enumerate(items, start=1):
        yield place == len(items), item


def _head(
    signer: Mapping[str, str], place: str, language: str, size: float, width: float
) -> list[str]:
    """Place and date for the last one, the role, the position."""
    role = _ROLES.get(signer["role"])
    lines = [place] if place else []
    if role:
        lines.append(f"{role[language]},")
    if not lines:
        lines.append("")  # the neighbour's date stands on this line
    return [
        *(
            piece
            for line in lines
            for piece in _wrapped(line, size, width, 400) or [""]
        ),
        *_wrapped(f"{signer['position']},", size, width, 400),
    ]


def _below(signer: Mapping[str, str], size: float, width: float) -> list[str]:
    lines = [signer["rank"]] if signer["rank"] else []
    if signer["number"]:
        lines.append(f"{signer['number_name'] or 'NIP'} {signer['number']}")
    return [piece for line in lines for piece in _wrapped(line, size, width, 400)]


def _wrapped(text: str, size: float, width: float, weight: int) -> list[str]:
    style = Style((1.0,), _SIGNER_LEADING, 0, weight)
    lines = lines_of([(Run(" ".join(text.split())),)], style, size, width)
    return ["".join(run.text for run in line) for line in lines]


def _signer_height(signer: SignerBlock, size: float) -> float:
    lines = len(signer.head) + len(signer.name) + len(signer.below)
    return lines * size * POINT * _SIGNER_LEADING + SIGNATURE_SPACE


def _check_height(signers: int) -> float:
    return _QR_SIDE + (17.0 if signers > 1 else 0.0)

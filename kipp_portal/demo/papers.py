"""Files that the demonstration's institutions upload, drawn when they are needed.

Letters and papers look like scans, charts and flows like pictures made for a report;
each says that it is a demonstration.
"""

import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

MARK = "DATA PERAGAAN - bukan dokumen resmi"
INK, PALE, LINE = "#1f2a3d", "#5b6678", "#ccd1da"
BAR, BAR_LAST, BOX = "#6b93dd", "#1d4087", "#eef3fc"
PAGE, DOTS_PER_INCH = (910, 1287), 110  # A4
PICTURE = (960, 540)


def letter(
    *,
    title: str,
    institution: str,
    government: str,
    position: str,
    statement: str,
    place_date: str,
) -> bytes:
    """Draw a signed statement letter as a scanned PDF."""
    page = _Page(institution, government)
    page.heading(f"SURAT {title.removeprefix('Surat ').upper()}")
    page.text("Yang bertanda tangan di bawah ini:")
    page.text(f"Jabatan: {position}\nUnit kerja: {institution}")
    page.text(statement)
    page.text(
        "Demikian surat pernyataan ini dibuat dengan sebenarnya untuk dipergunakan "
        "sebagaimana mestinya."
    )
    page.signature(place_date, position)
    return page.as_pdf()


def paper(
    *, title: str, institution: str, government: str, lines: Sequence[str]
) -> bytes:
    """Draw a one-page document with numbered lines as a scanned PDF."""
    page = _Page(institution, government)
    page.heading(title.upper())
    for number, line in enumerate(lines, start=1):
        page.text(f"{number}. {line}.")
    return page.as_pdf()


def chart(*, title: str, values: Mapping[str, float]) -> bytes:
    """Draw labelled bars from zero as a PNG; the last one stands out."""
    image, draw = _picture(title)
    left, top, bottom, right = 70, 130, 430, PICTURE[0] - 70
    peak = max(values.values()) or 1
    step = (right - left) / len(values)
    width = min(120.0, step * 0.55)
    for place, (label, value) in enumerate(values.items()):
        middle = left + step * (place + 0.5)
        height = (bottom - top) * value / peak
        is_last = place == len(values) - 1
        draw.rectangle(
            (middle - width / 2, bottom - height, middle + width / 2, bottom),
            fill=BAR_LAST if is_last else BAR,
        )
        draw.text(
            (middle, bottom - height - 8),
            _number(value),
            INK,
            _font(24),
            anchor="ms",
        )
        _centred(draw, textwrap.wrap(label, 16), middle, bottom + 12, 20, PALE)
    draw.line((left, bottom, right, bottom), fill=INK, width=2)
    return _as_png(image)


def flow(*, title: str, steps: Sequence[str]) -> bytes:
    """Draw steps in boxes from left to right as a PNG."""
    image, draw = _picture(title)
    gap, top, height = 26, 190, 170
    width = (PICTURE[0] - 100 - gap * (len(steps) - 1)) / len(steps)
    for place, step in enumerate(steps):
        x = 50 + place * (width + gap)
        draw.rounded_rectangle(
            (x, top, x + width, top + height), 14, fill=BOX, outline=BAR_LAST, width=2
        )
        draw.text((x + 16, top + 12), str(place + 1), BAR_LAST, _font(26))
        lines = textwrap.wrap(step, max(9, int(width / 12)))
        _centred(draw, lines, x + width / 2, top + 58, 22, INK)
        if place:
            draw.text((x - gap / 2, top + height / 2), ">", BAR_LAST, _font(26), "mm")
    return _as_png(image)


class _Page:
    """A page that is filled from top to bottom."""

    def __init__(self, institution: str, government: str) -> None:
        self.image = Image.new("L", PAGE, 252)
        self.draw = ImageDraw.Draw(self.image)
        middle = PAGE[0] / 2
        self.draw.text((middle, 70), government.upper(), INK, _font(22), "mt")
        name = textwrap.wrap(institution.upper(), 46)
        self.y = _centred(self.draw, name, middle, 104, 27, INK) + 14
        for offset, width in ((0, 4), (8, 1)):
            y = self.y + offset
            self.draw.line((80, y, PAGE[0] - 80, y), fill=INK, width=width)
        self.draw.text((middle, PAGE[1] - 60), MARK, PALE, _font(18), "mm")
        self.y += 50

    def heading(self, text: str) -> None:
        lines = textwrap.wrap(text, 44)
        self.y = _centred(self.draw, lines, PAGE[0] / 2, self.y, 25, INK) + 40

    def text(self, text: str) -> None:
        for paragraph in text.splitlines():
            for line in textwrap.wrap(paragraph, 74):
                self.draw.text((90, self.y), line, INK, _font(20))
                self.y += 31
        self.y += 16

    def signature(self, place_date: str, position: str) -> None:
        x, y = 520, self.y + 40
        self.draw.text((x, y), place_date, INK, _font(20))
        for line in textwrap.wrap(f"{position},", 32):
            y += 30
            self.draw.text((x, y), line, INK, _font(20))
        scrawl = [(10, 70), (40, 45), (62, 88), (96, 40), (120, 84), (190, 52)]
        self.draw.line([(x + dx, y + dy) for dx, dy in scrawl], fill=INK, width=3)
        self.draw.text((x, y + 120), "(nama pejabat, contoh)", INK, _font(20))

    def as_pdf(self) -> bytes:
        target = BytesIO()
        self.image.save(target, "PDF", resolution=DOTS_PER_INCH, quality=55)
        return target.getvalue()


def _picture(title: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", PICTURE, "white")
    draw = ImageDraw.Draw(image)
    for line, text in enumerate(textwrap.wrap(title, 62)[:2]):
        draw.text((50, 36 + line * 36), text, INK, _font(28))
    draw.text((50, PICTURE[1] - 40), MARK, PALE, _font(16))
    return image, draw


def _centred(
    draw: ImageDraw.ImageDraw,
    lines: Sequence[str],
    x: float,
    y: float,
    size: int,
    colour: str,
) -> float:
    """Write lines around `x` from `y` down and give where they end."""
    for line in lines:
        draw.text((x, y), line, colour, _font(size), "mt")
        y += size * 1.35
    return y


def _number(value: float) -> str:
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def _as_png(image: Image.Image) -> bytes:
    target = BytesIO()
    image.quantize(32, method=Image.Quantize.FASTOCTREE).save(target, "PNG")
    return target.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font

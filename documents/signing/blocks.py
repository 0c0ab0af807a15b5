"""The visible block of a signature: what it says, and where on the paper it stands.

It is made while a paper is being signed and is part of the signature: no unsigned file
ever holds it, and with it the sentence of the law that only certified ones may carry.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import BytesIO

import pikepdf
from django.template.loader import render_to_string
from django.utils.translation import get_language

from documents import pdf
from documents.models import SignedCopy
from documents.signing.provider import Place, Signer

MM = 72 / 25.4
# What fits into the space that papers leave for the ink.
WIDTH, HEIGHT = 84 * MM, 21 * MM
_EDGE, _GAP = 6 * MM, 3 * MM
# Smaller than this nobody reads it: then it rather moves to the left.
_NARROWEST = 40 * MM
# Points, from the largest to what is still read in print.
_LETTERS = ("10", "9", "8.2", "7.4", "6.6", "5.8")
# Page from 0, left and top in points.
Spot = tuple[int, float, float]
# The ids that templates give the space for the ink; WeasyPrint makes places of them.
SPACE = "tanda-tangan-"


def field_name(count: int) -> str:
    """The name of the signature field for the signature number `count`, from 1."""
    return f"TandaTangan{count}"


def draw(signer: Signer, way: SignedCopy.Way, *, on: str) -> bytes:
    """Draw the block as a PDF of one page; `on` is the day, in words.

    The sentence of the law is drawn for a certified service alone.
    Source: rule DOC-02 in docs/rules.md.
    """
    return _draw(signer, way, on, get_language())


@lru_cache(8)
def _draw(signer: Signer, way: SignedCopy.Way, on: str, language: str | None) -> bytes:
    # A whole batch bears the same block.
    context = {
        "signer": signer,
        "on": on,
        "is_certified": way == SignedCopy.Way.SERVICE,
        "width": f"{WIDTH:.2f}",
        "height": f"{HEIGHT:.2f}",
    }
    # Nothing of it may be cut off: long names make the letters smaller.
    for letters in _LETTERS:
        html = render_to_string(
            "documents/pdf/signature_block.html", {**context, "letters": letters}
        )
        block = pdf.render_html(html, variant=None)
        if _page_count(block) == 1:
            break
    return block


def _page_count(content: bytes) -> int:
    with pikepdf.open(BytesIO(content)) as drawn:
        return len(drawn.pages)


def place_of(content: bytes, *, number: int) -> Place:
    """Where signature `number` (from 1) stands: in the space for the ink.

    Beside others it is as narrow as its space. A paper without such a space gets it at
    the lower right of its last page, one above the other.
    """
    with pikepdf.open(BytesIO(content)) as paper:
        spots = dict(_spots(paper))
        spot = spots.get(f"{SPACE}{number}")
        page = spot[0] if spot else len(paper.pages) - 1
        west, south, east, north = (float(side) for side in paper.pages[page].mediabox)
    if spot is None:
        left, top = east - _EDGE - WIDTH, south + 3 * _EDGE + number * (HEIGHT + _GAP)
        width = WIDTH
    else:
        left, top = spot[1:]
        width = _width_at(spot, spots.values(), east)
        left = max(west + _EDGE, min(left, east - _EDGE - width))
    height = HEIGHT * width / WIDTH
    bottom = max(south + _EDGE, top - height)
    return Place(
        page=page,
        left=left,
        bottom=bottom,
        width=width,
        height=height,
        page_height=north - south,
    )


def _width_at(spot: Spot, spots: Iterable[Spot], east: float) -> float:
    """How wide a block may be: up to the next one in its row, or the edge."""
    page, left, top = spot
    row = [
        other for other in spots if other[0] == page and abs(other[2] - top) < HEIGHT
    ]
    ends = [other[1] - _GAP for other in row if other[1] > left] + [east - _EDGE]
    return min(WIDTH, max(_NARROWEST, min(ends) - left))


def _spots(paper: pikepdf.Pdf) -> Iterator[tuple[str, Spot]]:
    """The named places of a paper: page from 0, left and top in points."""
    tree = paper.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
    if tree is None:
        return
    numbers = {page.obj.objgen: number for number, page in enumerate(paper.pages)}
    for name, found in pikepdf.NameTree(tree).items():
        target = list(found)
        if len(target) >= 4 and target[0].objgen in numbers:
            yield (
                str(name),
                (numbers[target[0].objgen], float(target[2]), float(target[3])),
            )

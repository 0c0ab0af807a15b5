"""The picture that goes with a shared link to the winners, and one for social media.

Drawn once from a page of the kit, then kept in the cache under its content.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from urllib.parse import urlsplit

import pypdfium2
from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import translation

from awards.models import Award
from competitions.models import Round
from documents import pdf

TEMPLATE = "awards/pictures/winners.html"
SECONDS = 7 * 24 * 3600
SHOWN = 3
# CSS pixels are 1/96 inch, points 1/72: so drawn, one is one in the picture.
_SCALE = 96 / 72


@dataclass(frozen=True)
class Shape:
    """A picture's sides in pixels, and its word in addresses."""

    slug: str
    width: int
    height: int


SHAPES = {
    each.slug: each
    for each in (Shape("lanskap", 1200, 630), Shape("persegi", 1080, 1080))
}


def draw(round: Round, awards: Sequence[Award], shape: Shape) -> bytes:
    """Draw the first winners of `round` as PNG."""
    with translation.override(settings.LANGUAGE_CODE):
        page = render_to_string(TEMPLATE, _context(round, awards, shape))
    key = f"awards:picture:{sha256(page.encode()).hexdigest()}"
    kept = cache.get(key)
    if isinstance(kept, bytes):
        return kept
    drawn = _png(pdf.render_html(page, variant=None))
    cache.set(key, drawn, SECONDS)
    return drawn


def _context(round: Round, awards: Sequence[Award], shape: Shape) -> dict[str, object]:
    standing = [award for award in awards if not award.is_revoked]
    shown = [
        {
            "award": award.name,
            "title": award.row.title,
            "institution": award.row.institution_name,
        }
        for award in standing[:SHOWN]
    ]
    government = round.competition.government
    return {
        "shape": shape,
        "competition": round.competition.name,
        "year": str(round.year),
        "government": government.name,
        "emblem": government.emblem,
        "winners": shown,
        "more": len(standing) - len(shown),
        "site": urlsplit(settings.BASE_URL).netloc,
        "is_demonstration": round.is_demonstration,
    }


def _png(content: bytes) -> bytes:
    out = BytesIO()
    with pypdfium2.PdfDocument(content) as document:
        picture = document[0].render(scale=_SCALE).to_pil()
        # A few hundred colours are all there is: a third of the size.
        picture.convert("P", palette=1, colors=256).save(out, "PNG", optimize=True)
    return out.getvalue()

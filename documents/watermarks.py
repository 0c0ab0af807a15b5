"""The watermark of drafts."""

from functools import lru_cache
from io import BytesIO

import pikepdf
from django.template.loader import render_to_string
from django.utils import translation
from pikepdf import Name

from documents import pdf

# As many sizes of page as one process keeps a watermark for.
SIZES = 16


def mark(content: bytes, language: str) -> bytes:
    """Write over every page, in `language`, that it is a draft."""
    with pikepdf.open(BytesIO(content)) as paper:
        for page in paper.pages:
            left, bottom, right, top = (float(side) for side in page.mediabox)
            size = (round(right - left, 1), round(top - bottom, 1))
            with pikepdf.open(BytesIO(_watermark(*size, language))) as watermark:
                form = paper.copy_foreign(watermark.pages[0].as_form_xobject())
            page.add_resource(form, Name.XObject, name=Name("/Watermark"))
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(
                b"Q\n/Artifact <</Type /Pagination /Subtype /Watermark>> BDC "
                b"q /Watermark Do Q EMC\n"
            )
        finished = BytesIO()
        paper.save(finished, deterministic_id=True)
    return finished.getvalue()


@lru_cache(SIZES)
def _watermark(width: float, height: float, language: str) -> bytes:
    """One page of `width` × `height` points with nothing but the watermark."""
    with translation.override(language):
        html = render_to_string(
            "documents/pdf/watermark.html",
            {
                "width": f"{width:.1f}",
                "height": f"{height:.1f}",
                # As large as the shorter side carries it.
                "letters": f"{min(width, height) / 5:.1f}",
                "language": language,
            },
        )
    return pdf.render_html(html, variant=None)

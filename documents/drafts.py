"""Drafts: how a paper would look, for eyes only.

A draft is drawn from values like the paper itself, but no row, number or code stands
behind it: nothing of it is stored, and nobody can verify it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pikepdf import Name

from accounts.models import Government
from documents import backdrops, pdf, rendering

# No sign of it is part of a code: what is typed from a draft is no code at all.
NO_CODE = "____-____-____-____"
NO_NUMBER = "…"
# As many sizes of page as one worker keeps a watermark for.
SIZES = 16


def render_draft(
    *,
    government: Government,
    kind: str,
    title: str,
    template: str,
    values: Mapping[str, Any],
    issued_date: date,
    at: datetime,
    number: str = "",
) -> bytes:
    """Draw a paper that was not issued, with a watermark on every page.

    `template` and `values` are those that issue_document would be given; `number` is
    the one it is to have, if that is known. Where the paper has its QR code and its
    code the draft has an empty frame and blanks.

    Raises AssetRefusedError as pdf.render_pdf does.
    Source: rule TTE-01 in docs/rules.md.
    """
    with rendering.as_printed(government):
        context = {
            **values,
            "document": rendering.Paper(
                number=number or NO_NUMBER,
                title=title,
                kind=kind,
                version=1,
                code="",
                code_grouped=NO_CODE,
                issued_date=issued_date,
                issued_at=at,
            ),
            "verify_url": f"{settings.BASE_URL.rstrip('/')}{_verify_path()}",
            "verify_address": f"{urlsplit(settings.BASE_URL).netloc}{_verify_path()}",
            "qr_svg": _empty_frame(),
            "is_draft": True,
        }
        drawn = pdf.render_pdf(template, context)
        drawn = backdrops.lay_under(drawn, template, context)
        return _marked(drawn)


def _verify_path() -> str:
    return reverse("documents:verify")


def _empty_frame() -> SafeString:
    """Where the paper has its QR code: a frame of the same size without one."""
    return format_html(
        '<svg class="qr" viewBox="0 0 29 29" role="img"><title>{}</title>'
        '<path d="M4 4h21v21h-21zM4 4l21 21M25 4l-21 21" fill="none" stroke="#8a93a3" '
        'stroke-width=".6" stroke-dasharray="1.5 1"/></svg>',
        _("Place of the QR code; a draft has none"),
    )


def _marked(content: bytes) -> bytes:
    """Write over every page that it is a draft."""
    with pikepdf.open(BytesIO(content)) as paper:
        for page in paper.pages:
            left, bottom, right, top = (float(side) for side in page.mediabox)
            size = (round(right - left, 1), round(top - bottom, 1))
            with pikepdf.open(BytesIO(_watermark(*size, get_language() or ""))) as mark:
                form = paper.copy_foreign(mark.pages[0].as_form_xobject())
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
    return pdf.render_html(
        render_to_string(
            "documents/pdf/watermark.html",
            {
                "width": f"{width:.1f}",
                "height": f"{height:.1f}",
                # As large as the shorter side carries it.
                "letters": f"{min(width, height) / 5:.1f}",
                "language": language,
            },
        ),
        variant=None,
    )

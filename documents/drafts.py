"""Drafts: how a paper would look, for eyes only.

A draft is drawn from values like the paper itself, but no row, number or code stands
behind it: nothing of it is stored, and nobody can verify it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Government
from documents import composing, rendering

# No sign of it is part of a code: what is typed from a draft is no code at all.
NO_CODE = "____-____-____-____"
NO_NUMBER = "…"


def matter_of(
    *,
    government: Government,
    kind: str,
    title: str,
    template: str,
    values: Mapping[str, Any],
    issued_date: date,
    at: datetime,
    number: str = "",
) -> composing.Matter:
    """Put together a paper that was not issued, with a watermark on every page.

    `template` and `values` are those that issue_document would be given; `number` is
    the one it is to have, if that is known. Where the paper has its QR code and its
    code the draft has an empty frame and blanks.

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
        language = get_language() or settings.LANGUAGE_CODE
        return composing.matter_of(template, context, draft=language)


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

"""Codes at the door, and the attendance list: plain values that never change."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from competitions.models import Event, Registration
from core import dates
from documents import pdf
from documents.models import IssuedDocument

TEMPLATE = "competitions/pdf/attendance_list.html"
NUMBER_PATTERN = "DH-{year}-{seq:03}"
# Lines for those who come without having registered.
BLANK_LINES = 6


def subject_key(event: Event) -> str:
    """What the documents of `event` are filed under."""
    return f"event:{event.pk}"


def values_of(event: Event, registrations: Sequence[Registration]) -> dict[str, Any]:
    """What the paper prints of those with a place, in the order given."""
    government = event.round.competition.government
    zone = event.round.zone
    return {
        "government_name": government.name,
        "secretariat_name": government.secretariat_name,
        "government_address": government.address,
        "government_contact": government.contact,
        "government_emblem": government.emblem,
        "government_place": government.place,
        "round_name": event.round.name,
        "event_name": event.name,
        "event_place": event.place,
        "event_day": dates.format_date(event.starts_at, "weekday", zone),
        "event_time": dates.format_time(event.starts_at, "bare", zone)
        + " – "
        + dates.format_time(event.ends_at, "zone", zone),
        "rows": [
            {
                "name": each.user.name,
                "institution": each.institution.name,
                "present_at": dates.format_time(each.attended_at, "bare", zone)
                if each.attended_at
                else "",
            }
            for each in registrations
        ],
        "blank_lines": [""] * BLANK_LINES,
        "public": [[_("Event"), event.name], [_("Round"), event.round.name]],
        "is_demonstration": event.round.is_demonstration,
    }


def latest_paper(event: Event) -> IssuedDocument | None:
    """The list to sign that holds, if one was made."""
    return (
        IssuedDocument.objects.filter(
            kind=IssuedDocument.Kind.ATTENDANCE,
            subject_key=subject_key(event),
            state=IssuedDocument.State.ISSUED,
        )
        .defer("values")
        .first()
    )


def qr_svg(registration: Registration) -> SafeString:
    """The code that a person shows at the door; a phone's camera opens its page."""
    path = reverse("competitions:attendance_mark", args=[registration.code])
    address = f"{settings.BASE_URL.rstrip('/')}{path}"
    return pdf.qr_svg(address, _("QR code to show at the door"))

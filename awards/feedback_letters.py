"""What stands in a letter to those not chosen: the values it is rendered from."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts import employee_numbers
from accounts.models import Signatory
from awards.certificates import event_of
from competitions.models import Round
from core.dates import format_date
from judging.models import ResultRow

KIND = "feedback"
TEMPLATE = "awards/pdf/feedback_letter.html"
NUMBER_PATTERN = "000.8/{seq:03}/UB/{year}"


def subject_key(proposal: int) -> str:
    """What the letter of a proposal is filed under."""
    return f"feedback:{proposal}"


def title_of(row: ResultRow) -> str:
    """Name the paper, as in lists and in the name of its file."""
    return _("Letter of thanks %(title)s") % {"title": row.title}


def values_for(
    row: ResultRow,
    *,
    round: Round,
    signatory: Signatory,
    day: date,
    strengths: Sequence[str],
    advice: Sequence[str],
) -> dict[str, Any]:
    """Collect all that the letter on `row` says; `day` is printed on it."""
    government = round.competition.government
    event = event_of(round)
    return {
        "issuer": government.name,
        "government_emblem": government.emblem,
        "government_address": government.address,
        "government_contact": government.contact,
        "secretariat_name": government.secretariat_name,
        "organiser": round.organiser,
        "holder": row.institution_name,
        "innovation": row.title,
        "code": row.code,
        "event": event,
        "strengths": list(strengths),
        "advice": list(advice),
        "place_and_date": f"{government.place}, {format_date(day)}",
        "signatory_position": signatory.position,
        "signatory_name": signatory.name,
        "signatory_rank": signatory.rank_grade,
        "signatory_number": employee_numbers.printed(signatory.employee_number),
        "signatory_number_name": employee_numbers.name_of(signatory.employee_number),
        "is_demonstration": round.is_demonstration,
        "public": [[_("Given to"), row.institution_name]],
    }

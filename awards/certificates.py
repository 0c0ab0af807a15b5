"""What stands on a certificate: the values it is rendered from, for good."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts import employee_numbers
from accounts.models import Signatory
from awards.models import Award, Decree
from competitions.models import Round
from core.dates import format_date

KIND = "certificate"
TEMPLATE = "awards/pdf/certificate.html"
NUMBER_PATTERN = "000.8/{seq:03}/KIPP/{year}"
# Characters that fit into one line in the size of the design.
_HOLDER_FITS = 44
_TITLE_FITS = 60


def title_of(award: Award) -> str:
    """Name the paper, as in lists and in the name of its file."""
    return _("Certificate %(level)s %(title)s") % {
        "level": award.name,
        "title": award.row.title,
    }


def values_for(
    award: Award, *, round: Round, decree: Decree, signatory: Signatory, day: date
) -> dict[str, Any]:
    """Collect all that the certificate of `award` says; `day` is printed on it."""
    government = round.competition.government
    event = event_of(round)
    holder = award.row.proposal.institution.name
    return {
        "issuer": government.name,
        "government_emblem": government.emblem,
        "holder": holder,
        "holder_is_long": len(holder) > _HOLDER_FITS,
        "is_dense": len(holder) > _HOLDER_FITS or len(award.row.title) > _TITLE_FITS,
        "innovation": award.row.title,
        "award": award.name,
        "event": event,
        "place_and_date": f"{government.place}, {format_date(day)}",
        "signatory_position": signatory.position,
        "signatory_name": signatory.name,
        "signatory_rank": signatory.rank_grade,
        "signatory_number": employee_numbers.printed(signatory.employee_number),
        "signatory_number_name": employee_numbers.name_of(signatory.employee_number),
        "decree": decree.number,
        "is_demonstration": round.is_demonstration,
        "public": [
            [_("Given to"), holder],
            [_("Innovation"), award.row.title],
            [_("Award"), award.name],
            [_("Competition"), event],
            [_("Decree"), decree.number],
        ],
    }


def event_of(round: Round) -> str:
    """Name the competition with its year, as on paper."""
    return _("%(competition)s of the year %(year)s") % {
        "competition": round.competition.name,
        "year": str(round.year),
    }

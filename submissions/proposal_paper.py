"""A whole proposal as one PDF, in the order of the national form."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from documents import composing
from documents import services as documents_services
from documents.pdf import qr_svg
from submissions import national_forms
from submissions.dossier import Dossier

TEMPLATE = "submissions/pdf/proposal.html"


def draw(dossier: Dossier, at: datetime) -> bytes:
    """Draw the proposal of `dossier` as it stands; it goes into an Indonesian file."""
    proposal = dossier.proposal
    address = f"{settings.BASE_URL}{proposal.get_absolute_url()}"
    with translation.override("id"):
        matter = composing.matter_of(
            TEMPLATE,
            {
                "proposal": proposal,
                "dossier": dossier,
                "government": proposal.round.competition.government,
                "sections": national_forms.in_national_order(dossier),
                "base_url": settings.BASE_URL,
                "address": address,
                "qr": qr_svg(address, _("Address of the proposal")),
                "at": at,
                "is_concept": not proposal.submitted_at or proposal.is_unsent,
            },
        )
    return documents_services.compose_awaited(matter)

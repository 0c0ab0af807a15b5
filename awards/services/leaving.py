"""What a proposal loses that leaves its round."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from awards import queries
from awards.models import Award
from awards.services.revoking import AwardNotRevoked, revoke_award
from documents import rendering
from documents import services as documents_services
from submissions.models import Proposal


def end_honours(*, proposal: Proposal, actor: User, at: datetime) -> None:
    """Revoke the awards and certificates of a proposal that has left its round.

    Everybody reads that it was withdrawn or disqualified; why, its institution was
    told. Source: rule AWD-17 in docs/rules.md.
    """
    with transaction.atomic():
        # What the public reads is Indonesian, whatever language the actor works in.
        with rendering.as_printed(proposal.round.competition.government):
            reason = (
                _("The proposal was withdrawn.")
                if proposal.is_withdrawn
                else _("The proposal was disqualified.")
            )
        standing = Award.objects.standing().filter(row__proposal=proposal.pk)
        for award in standing.select_related("row__result__round").order_by("pk"):
            with suppress(AwardNotRevoked):  # somebody was quicker
                revoke_award(award=award, reason=reason, actor=actor, at=at)
        for paper in queries.papers_of_taking_part(proposal):
            documents_services.revoke_document(
                document=paper, actor=actor, reason=reason, at=at
            )

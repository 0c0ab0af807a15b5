"""Taking an award back, with all that follows from it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from awards import certificates, notices, queries, signals
from awards.models import Award
from awards.services.forwarding import end_forwarding, lock_open_forwardings
from awards.services.giving import locked_round, note_award
from awards.services.publishing import refresh_announcement
from core.errors import DomainError
from documents import services as documents_services
from documents.models import IssuedDocument
from innovations.services import forget_achievement


class AwardNotRevoked(DomainError):
    """The award was revoked before."""


def revoke_award(*, award: Award, reason: str, actor: User, at: datetime) -> Award:
    """Take an award back for good, and all that follows from it.

    The certificate is revoked, the achievement taken out of the register, the catalogue
    entry loses the award, the announcement is replaced, forwardings stop, and the
    people of the winner are told. Nobody moves up in its place: that takes a corrected
    result. Raises AwardNotRevoked if it was revoked before.
    Source: rule AWD-04 in docs/rules.md.
    """
    with transaction.atomic():
        locked_round(award.row.result.round)
        award = (
            Award.objects.select_for_update(of=("self",))
            .select_related(
                "level",
                "row__proposal__institution",
                "row__result__round__competition__government",
            )
            .get(pk=award.pk)
        )
        if award.is_revoked:
            raise AwardNotRevoked(_("This award was revoked already."))
        round = award.row.result.round
        award.revoked_at, award.revoked_by, award.revoke_reason = at, actor, reason
        award.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
        forget_achievement(source_key=award.subject_key)
        paper = IssuedDocument.objects.filter(
            kind=certificates.KIND,
            subject_key=award.subject_key,
            state=IssuedDocument.State.ISSUED,
        ).first()
        if paper is not None:
            documents_services.revoke_document(
                document=paper, actor=actor, reason=reason, at=at
            )
        note_award("award.revoked", award, round, actor, at, reason=reason)
        refresh_announcement(round=round, reason=reason, actor=actor, at=at)
        for forwarding in lock_open_forwardings(award):
            end_forwarding(forwarding, reason=reason, actor=actor, at=at)
            notices.origin_stopped(forwarding, at=at)
        decree = queries.decree_of(round)
        if decree and decree.is_published(at):
            notices.award_revoked(award, at=at)
        signals.award_revoked.send(Award, award=award, actor=actor, at=at)
    return award

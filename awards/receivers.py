"""What awards do when a paper of theirs is ready, or their result is corrected."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from awards import certificates, consequences, queries, services
from awards.models import Award
from documents.models import IssuedDocument
from documents.signals import document_rendered
from judging.models import Result
from judging.signals import correction_concerns
from submissions.models import Proposal
from submissions.signals import leaving_concerns, outcomes, proposal_left


@receiver(document_rendered, dispatch_uid="awards.certificate_rendered")
def certificate_rendered(*, document: IssuedDocument, **kwargs: Any) -> None:
    """Tell the holder at once, if it may be known already."""
    if document.kind not in certificates.KINDS or document.rendered_at is None:
        return
    if document.kind != certificates.KIND:
        services.announce_certificate(document_id=document.pk, at=document.rendered_at)
    elif (award_id := Award.id_of(document.subject_key)) is not None:
        services.announce_award(award_id=award_id, at=document.rendered_at)


@receiver(outcomes, dispatch_uid="awards.outcomes")
def feedback_to_read(
    *, proposal: Proposal, user: User, at: datetime, **kwargs: Any
) -> Sequence[Mapping[str, str]]:
    """What the jury thought of a proposal, for its authors, long after the news."""
    if not proposal.has_passed:
        return []
    if not queries.readable_feedback(user, at).filter(proposal=proposal).exists():
        return []
    return [
        {
            "label": _("What the jury says about this proposal"),
            "url": reverse("awards:feedback_detail", args=[proposal.code]),
        }
    ]


@receiver(leaving_concerns, dispatch_uid="awards.leaving_concerns")
def honours_concerned(
    *, proposal: Proposal, at: datetime, **kwargs: Any
) -> Sequence[tuple[str, str]]:
    """Awards and certificates that end with a proposal's taking part."""
    return [
        (each.label, each.sentence) for each in consequences.of_leaving(proposal, at)
    ]


@receiver(proposal_left, dispatch_uid="awards.proposal_left")
def honours_ended(
    *, proposal: Proposal, actor: User, at: datetime, **kwargs: Any
) -> None:
    """Take back what a proposal was given that takes part no more."""
    services.end_honours(proposal=proposal, actor=actor, at=at)


@receiver(correction_concerns, dispatch_uid="awards.correction_concerns")
def awards_concerned(*, result: Result, **kwargs: Any) -> Sequence[str]:
    """Awards given from the result that is to be replaced; they would stay wrong."""
    count = Award.objects.standing().filter(row__result=result).count()
    if not count:
        return []
    return [
        ngettext(
            "%(count)d award was given from this result. Revoke it first.",
            "%(count)d awards were given from this result. Revoke them first.",
            count,
        )
        % {"count": count}
    ]

"""What awards do when a paper of theirs is ready, or their result is corrected."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver
from django.utils.translation import ngettext

from awards import certificates, services
from awards.models import Award
from documents.models import IssuedDocument
from documents.signals import document_rendered
from judging.models import Result
from judging.signals import correction_concerns


@receiver(document_rendered, dispatch_uid="awards.certificate_rendered")
def certificate_rendered(*, document: IssuedDocument, **kwargs: Any) -> None:
    """Tell the winner at once, if the winners are public already."""
    award_id = Award.id_of(document.subject_key)
    if (
        document.kind == certificates.KIND
        and award_id is not None
        and document.rendered_at is not None
    ):
        services.announce_award(award_id=award_id, at=document.rendered_at)


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

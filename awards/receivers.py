"""What awards do when a paper of theirs is ready."""

from typing import Any

from django.dispatch import receiver

from awards import certificates, services
from awards.models import Award
from documents.models import IssuedDocument
from documents.signals import document_rendered


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

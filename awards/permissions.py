"""Who may give, publish and revoke awards."""

from datetime import datetime

from accounts.models import User
from awards.models import Decree
from competitions.models import Round
from documents.models import IssuedDocument
from judging import permissions as judging_permissions


def can_manage(user: User, round: Round) -> bool:
    """Whether `user` deals with the awards of `round`: as with its result."""
    return judging_permissions.can_handle_result(user, round)


def can_download(
    user: User, round: Round, document: IssuedDocument, at: datetime
) -> bool:
    """Whether `user` may have a certificate of `round` as its secretariat.

    Who also works for an institution that competes has it when everybody may.
    """
    if not Round.objects.run_by(user).filter(pk=round.pk).exists():
        return False
    if can_manage(user, round):
        return True
    is_public = Decree.objects.filter(round=round, publish_at__lte=at).exists()
    return is_public and document.is_valid

"""Who may give, publish and revoke awards."""

from accounts.models import User
from awards.models import Award
from competitions.models import Round
from judging import permissions as judging_permissions


def can_manage(user: User, round: Round) -> bool:
    """Whether `user` deals with the awards of `round`: as with its result."""
    return judging_permissions.can_handle_result(user, round)


def can_download_early(user: User, award: Award) -> bool:
    """Whether `user` may have a certificate before the award is public."""
    return can_manage(user, award.row.result.round)

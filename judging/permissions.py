"""Who may do what in judging."""

from accounts.models import User
from competitions import permissions as competition_permissions
from competitions.models import Round


def can_run(user: User, round: Round) -> bool:
    """Whether `user` keeps the panel and the assignments of `round`."""
    return competition_permissions.can_judge_fairly(user, round)


def can_handle_result(user: User, round: Round) -> bool:
    """Whether `user` may see scores of `round` and seal its result.

    A member of the secretariat who also works for an institution that competes here
    is shut out (ACC-03): an own entry would gain or lose by the handling.
    """
    return competition_permissions.can_judge_fairly(user, round)

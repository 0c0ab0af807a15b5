"""Who may do what in judging."""

from accounts import permissions as accounts_permissions
from accounts.models import User
from competitions.models import Round
from judging.models import ScoreSheet
from submissions.models import Proposal


def can_run(user: User, round: Round) -> bool:
    """Whether `user` keeps the panel and the assignments of `round`."""
    return accounts_permissions.is_secretariat(user, round.competition.government)


def can_handle_result(user: User, round: Round) -> bool:
    """Whether `user` may see scores of `round` and seal its result.

    A member of the secretariat who also works for an institution that competes here
    is shut out: an own entry would gain or lose by the handling.
    """
    if not can_run(user, round):
        return False
    if not any(each.institution_id for each in user.current_memberships):
        return True
    competing = Proposal.objects.filter(round=round).of_institutions_of(user)
    return not competing.entered().exists()


def can_reopen(user: User, sheet: ScoreSheet) -> bool:
    """Whether `user` may give a final sheet back to its juror."""
    return can_handle_result(user, sheet.assignment.scoring_stage.round)

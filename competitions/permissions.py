"""Who may prepare and run rounds."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import permissions as account_permissions
from accounts.models import Government, Institution, Membership, User
from competitions.models import Round


def can_create_round(user: User) -> bool:
    """Whether `user` belongs to any secretariat."""
    return account_permissions.has_role(user, Membership.Role.SECRETARIAT)


def can_prepare(user: User, round: Round) -> bool:
    """Whether `user` may set up `round`, open it and announce in it."""
    return account_permissions.is_secretariat(user, round.competition.government)


def competes_in(user: User, round: Round) -> bool:
    """Whether an institution `user` works for competes in `round` (ACC-02).

    Institutions below those they head count as well. It is derived anew each time:
    who joins an institution competes from that day on.
    """
    # Proposals stand above this layer: they are asked through the relation.
    return round.proposal_set.competing_for(user).exists()


def can_judge_fairly(user: User, round: Round) -> bool:
    """Whether `user` may deal, as secretariat, with what competes in `round`.

    Never where they compete, nor where they have sheets in the jury (PLN-10).
    """
    return (
        account_permissions.is_secretariat(user, round.competition.government)
        and not rounds_judged_by(user).filter(pk=round.pk).exists()
        and not competes_in(user, round)
    )


def require_no_part(user: User, round: Round) -> None:
    """Raise PermissionDenied, with the reason for `user`, if they compete or judge.

    Who has sheets in the jury takes part as well, though they joined the secretariat
    since: they would see what the others give. Source: rule PLN-10 in docs/rules.md.
    """
    require_no_entry(user, round)
    if rounds_judged_by(user).filter(pk=round.pk).exists():
        raise PermissionDenied(why_judges(round))


def require_no_entry(user: User, round: Round) -> None:
    """Raise PermissionDenied, with the reason for `user`, if they compete."""
    if competes_in(user, round):
        raise PermissionDenied(why_shut_out(round))


def rounds_judged_by(user: User) -> QuerySet[Round]:
    """The rounds in whose jury `user` has sheets."""
    # Panels stand above this layer: they are asked through the relation.
    return Round.objects.filter(juror__user=user, juror__assignment__isnull=False)


def why_shut_out(round: Round) -> str:
    """Tell somebody whose institution competes what that means here."""
    return _(
        "Your institution competes in %(round)s. You therefore take no part in "
        "checking and judging it: proposals of others, jury, scores, awards and the "
        "rules are with your colleagues in the secretariat."
    ) % {"round": round}


def why_judges(round: Round) -> str:
    """Tell a juror who joined the secretariat what that means here."""
    return _(
        "You have score sheets in %(round)s. Who judges a round does not run it: its "
        "proposals, jury, scores and awards are with your colleagues in the "
        "secretariat."
    ) % {"round": round}


def can_grant_exceptions(user: User, round: Round) -> bool:
    """Whether `user` may give an institution more time: runs the round, enters none."""
    government = round.competition.government
    return account_permissions.is_secretariat(
        user, government
    ) and not account_permissions.works_in(user, government)


def why_no_exceptions() -> str:
    """Tell a secretary who works for an institution too why others decide here."""
    return _(
        "You also work for an institution of this government. Who is given more time "
        "is therefore decided by your colleagues in the secretariat."
    )


def institutions_of(user: User | AnonymousUser, round: Round) -> list[Institution]:
    """The institutions for which `user` may come to an event of `round`."""
    if isinstance(user, AnonymousUser):
        return []
    found = {
        membership.institution.pk: membership.institution
        for membership in user.current_memberships
        if membership.institution
        and membership.institution.government_id == round.competition.government_id
    }
    return list(found.values())


def governments_run_by(user: User) -> list[Government]:
    """The governments `user` may create rounds for."""
    return [
        membership.government
        for membership in user.current_memberships
        if membership.role == Membership.Role.SECRETARIAT and membership.government
    ]


def may_begin_proposal(user: User | AnonymousUser, round: Round) -> bool:
    """Whether a page of `round` invites `user` to enter; strangers may sign in."""
    if isinstance(user, AnonymousUser):
        return True
    return account_permissions.works_in(user, round.competition.government)

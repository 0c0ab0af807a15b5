"""Who may prepare and run rounds."""

from django.contrib.auth.models import AnonymousUser

from accounts import permissions as account_permissions
from accounts.models import Government, Membership, User
from competitions.models import Round


def can_create_round(user: User) -> bool:
    """Whether `user` belongs to any secretariat."""
    return account_permissions.has_role(user, Membership.Role.SECRETARIAT)


def can_prepare(user: User, round: Round) -> bool:
    """Whether `user` may set up `round`, open it and announce in it."""
    return account_permissions.is_secretariat(user, round.competition.government)


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

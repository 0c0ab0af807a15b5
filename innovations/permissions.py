"""Who may do what in the register of innovations."""

from accounts import permissions as account_permissions
from accounts.models import User
from innovations.models import Innovation, JointOwner


def can_edit(user: User, innovation: Innovation) -> bool:
    """Whether `user` writes for the owner; joint owners read (INN-01)."""
    return account_permissions.works_for(user, innovation.institution)


def can_retire(user: User, innovation: Innovation) -> bool:
    """Whether `user` takes it out of use: the owner's admins, and who tends it."""
    return account_permissions.administers(user, innovation.institution) or can_tend(
        user, innovation
    )


def can_tend(user: User, innovation: Innovation) -> bool:
    """Whether `user` confirms and merges: a secretary who competes with nobody."""
    government = innovation.institution.government
    return account_permissions.is_secretariat(
        user, government
    ) and not account_permissions.works_in(user, government)


def can_agree(user: User, joint: JointOwner) -> bool:
    """Whether `user` speaks for the institution that is asked to be joint owner."""
    return account_permissions.administers(user, joint.institution)


def can_end(user: User, joint: JointOwner) -> bool:
    """Whether `user` ends it: the owner's people, or the other's admin."""
    return can_edit(user, joint.innovation) or can_agree(user, joint)

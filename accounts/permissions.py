"""Who is what. Every other app asks here."""

from accounts.models import Government, Institution, Membership, User


def is_secretariat(user: User, government: Government) -> bool:
    """Whether `user` runs the competitions of `government`."""
    return _holds(user, Membership.Role.SECRETARIAT, government)


def is_leader(user: User, government: Government) -> bool:
    """Whether `user` watches the figures of `government` or of one above it."""
    return any(
        membership.role == Membership.Role.LEADER
        and membership.government_id in (government.pk, government.parent_id)
        for membership in user.current_memberships
    )


def works_for(user: User, institution: Institution) -> bool:
    """Whether `user` writes for `institution` or administers its tree."""
    return administers(user, institution) or any(
        membership.role == Membership.Role.AUTHOR
        and membership.institution_id == institution.pk
        for membership in user.current_memberships
    )


def administers(user: User, institution: Institution) -> bool:
    """Whether `user` is admin or head of `institution` or of one above it."""
    return any(
        membership.role == Membership.Role.INSTITUTION_ADMIN
        and membership.institution is not None
        and membership.institution.government_id == institution.government_id
        and institution.path.startswith(membership.institution.path)
        for membership in user.current_memberships
    )


def works_in(user: User, government: Government) -> bool:
    """Whether `user` writes for some institution of `government`, or heads one."""
    return any(
        membership.institution is not None
        and membership.institution.government_id == government.pk
        for membership in user.current_memberships
    )


def has_role(user: User, role: Membership.Role) -> bool:
    """Whether `user` holds `role` anywhere."""
    return any(membership.role == role for membership in user.current_memberships)


def _holds(user: User, role: Membership.Role, government: Government) -> bool:
    return any(
        membership.role == role and membership.government_id == government.pk
        for membership in user.current_memberships
    )

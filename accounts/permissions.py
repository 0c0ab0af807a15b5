"""Who is what. Every other app asks here."""

from accounts.models import DataRequest, Government, Institution, Membership, User
from accounts.models.roles import Role


def is_secretariat(user: User, government: Government) -> bool:
    """Whether `user` runs the competitions of `government`."""
    return _holds(user, Membership.Role.SECRETARIAT, government)


def works_for(user: User, institution: Institution) -> bool:
    """Whether `user` writes for `institution` or administers its tree."""
    return administers(user, institution) or any(
        membership.role == Membership.Role.AUTHOR
        and membership.institution is not None
        and (
            membership.institution_id == institution.pk
            or _has_succeeded(membership.institution, institution)
        )
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


def _has_succeeded(successor: Institution, institution: Institution) -> bool:
    """Whether `successor` carries on what `institution` wrote."""
    return (
        successor.government_id == institution.government_id
        and institution.path.startswith(successor.line_path)
    )


def works_in(user: User, government: Government) -> bool:
    """Whether `user` writes for some institution of `government`, or heads one."""
    return any(
        membership.institution is not None
        and membership.institution.government_id == government.pk
        for membership in user.current_memberships
    )


def can_answer(user: User, data_request: DataRequest) -> bool:
    """Whether `user` decides on a request about personal data (rule DAT-03).

    The secretariat of the one government the person worked in; where there is none or
    there are several, the system admin. Nobody decides on their own.
    """
    if data_request.user_id == user.pk:
        return False
    if user.is_system_admin:
        return True
    bodies = list(data_request.governments.all())
    return len(bodies) == 1 and is_secretariat(user, bodies[0])


def has_role(user: User, role: Role) -> bool:
    """Whether `user` holds `role` anywhere."""
    return any(membership.role == role for membership in user.current_memberships)


def can_close(user: User, person: User) -> bool:
    """Whether `user` may close the account of `person`: a secretariat, where the
    person has never had to do with any other government, on panels neither.
    """
    if person.pk == user.pk or person.is_system_admin:
        return False
    own = {
        each.government_id
        for each in user.current_memberships
        if each.role == Membership.Role.SECRETARIAT
    }
    places = {
        each.institution.government_id if each.institution else each.government_id
        for each in person.membership_set.select_related("institution")
    }
    # Panels stand above this layer: they are asked through the relation they declare.
    judged = person.juror_set.values_list("round__competition__government", flat=True)
    return bool(own) and places | set(judged) <= own


def can_reset_second_factor(user: User, person: User) -> bool:
    """Whether `user` may take a lost second factor from `person`.

    A system admin may; a secretariat for those who work in institutions of its own
    government, unless the second factor guards more than that.
    """
    if person.pk == user.pk:
        return False
    if user.is_system_admin:
        return True
    own = {
        each.government_id
        for each in user.current_memberships
        if each.role == Membership.Role.SECRETARIAT
    }
    roles = person.current_memberships
    guards_more = person.is_system_admin or any(
        each.role == Membership.Role.SECRETARIAT for each in roles
    )
    return not guards_more and any(
        each.institution is not None and each.institution.government_id in own
        for each in roles
    )


def _holds(user: User, role: Role, government: Government) -> bool:
    return any(
        membership.role == role and membership.government_id == government.pk
        for membership in user.current_memberships
    )

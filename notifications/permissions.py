"""Who may. Roles belong to an app above this one and are read, not imported."""

from collections.abc import Sequence
from typing import Any, Protocol


class RoleHolder(Protocol):
    """What this app asks of a user beyond what Django's users have."""

    pk: Any

    @property
    def current_memberships(self) -> Sequence[Any]:
        """The roles in force, each with `role`, `government` and `institution`."""
        ...


def codes_run_by(user: RoleHolder) -> list[str]:
    """Give the codes of the governments whose secretariat `user` belongs to."""
    return [
        membership.government.code
        for membership in user.current_memberships
        if membership.role == "secretariat"
    ]


def governments_run_by(user: RoleHolder) -> dict[str, str]:
    """Give, by code, the names of the governments that `user` runs."""
    return {
        membership.government.code: str(membership.government)
        for membership in user.current_memberships
        if membership.role == "secretariat"
    }


def codes_worked_in(user: RoleHolder) -> list[str]:
    """Give the codes of the governments of whose institutions `user` is one."""
    return [
        membership.institution.government.code
        for membership in user.current_memberships
        if membership.institution
    ]


def can_see_deliveries(user: RoleHolder) -> bool:
    """Whether `user` runs a government, and so oversees what was sent."""
    return bool(codes_run_by(user))

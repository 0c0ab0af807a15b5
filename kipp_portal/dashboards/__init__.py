"""What a signed-in person does next, for each of their roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts import permissions
from accounts.models import Membership, User
from kipp_portal.dashboards.author import AuthorDashboard, load_author
from kipp_portal.dashboards.juror import JurorDashboard, load_juror
from kipp_portal.dashboards.leader import LeaderDashboard, load_leader
from kipp_portal.dashboards.privacy import load_data_requests
from kipp_portal.dashboards.secretariat import (
    SecretariatDashboard,
    load_secretariat,
)
from kipp_portal.dashboards.steps import Deadline, NextStep
from notifications.models import Message
from notifications.queries import notices_of

Role = Membership.Role


@dataclass(frozen=True)
class Dashboard:
    """One part for each role a person holds; the others are None."""

    author: AuthorDashboard | None
    juror: JurorDashboard | None
    secretariat: SecretariatDashboard | None
    leader: LeaderDashboard | None
    is_system_admin: bool
    data_requests: Sequence[NextStep]
    messages: list[Message]

    @property
    def next_steps(self) -> list[NextStep]:
        """What waits in every role; the first is the one to begin with."""
        parts = (self.author, self.juror, self.secretariat)
        steps = [step for part in parts if part for step in part.steps]
        return [*self.data_requests, *steps]

    @property
    def deadlines(self) -> Sequence[Deadline]:
        """The next moments that matter to the person."""
        if self.author:
            return self.author.deadlines
        return self.secretariat.deadlines if self.secretariat else ()

    @property
    def has_role(self) -> bool:
        return self.is_system_admin or any(
            (self.author, self.juror, self.secretariat, self.leader)
        )


def load(user: User, at: datetime, *, acting: User | None = None) -> Dashboard:
    """Load the parts for the roles of `user`, each in a constant number of queries.

    `acting` is the same person with the roles in one body alone: what is shown is
    that body's; what may be done with it is decided by all the roles.
    """
    acting = acting or user
    writes = permissions.has_role(acting, Role.AUTHOR) or permissions.has_role(
        acting, Role.INSTITUTION_ADMIN
    )
    return Dashboard(
        author=load_author(acting, at) if writes else None,
        juror=load_juror(user, at),
        secretariat=load_secretariat(user, at, acting=acting)
        if permissions.has_role(acting, Role.SECRETARIAT)
        else None,
        leader=load_leader(acting, at)
        if permissions.has_role(acting, Role.LEADER)
        else None,
        is_system_admin=user.is_system_admin,
        data_requests=load_data_requests(acting, at),
        messages=list(notices_of(user).for_list()[:3]),
    )

"""Inviting all the people of a table: planned first, then all or nobody."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import employee_numbers, invitation_table
from accounts.institution_table.columns import Fault
from accounts.invitation_table import CODE, IN_INSTITUTIONS, Row
from accounts.models import Government, Institution, Invitation, Membership, User
from accounts.models.memberships import place_of
from accounts.services.invitations import invite
from accounts.services.people import give_role
from core.errors import DomainError

NEW, GIVEN, UNCHANGED, REFUSED = "new", "given", "unchanged", "refused"


class PlanChanged(DomainError):
    """The portal knows something else by now than when the plan was shown."""


@dataclass(frozen=True)
class PlannedRow:
    """A row and what becomes of it.

    Outcomes: new (invited), given (known here, gets the role at once), unchanged
    (has the role, or an open invitation), refused.
    """

    row: Row
    outcome: str
    body: Government | Institution | None = None
    user: User | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a table would do."""

    rows: Sequence[PlannedRow]
    faults: Sequence[Fault] = ()

    @property
    def outcomes(self) -> list[str]:
        return [each.outcome for each in self.rows]

    @property
    def is_clean(self) -> bool:
        return REFUSED not in self.outcomes and not self.faults

    @property
    def changes_something(self) -> bool:
        return NEW in self.outcomes or GIVEN in self.outcomes


def plan_invitations(
    *,
    government: Government,
    rows: Sequence[Row],
    faults: Sequence[Fault],
    actor: User,
    at: datetime,
) -> Plan:
    """Say what becomes of each row, in a constant number of queries."""
    known = _Known(government, at)
    by_row = defaultdict(list)
    for fault in faults:
        by_row[fault.row].append(fault)
    planned = [_plan(row, by_row.pop(row.number, []), known, actor) for row in rows]
    rest = [fault for found in by_row.values() for fault in found]
    return Plan(planned, rest)


def invite_many(
    *,
    government: Government,
    rows: Sequence[Row],
    outcomes: Sequence[str],
    actor: User,
    at: datetime,
) -> Plan:
    """Do what was shown for `rows`, as `outcomes`; all of it or nothing.

    Raises PlanChanged if it would be something else by now.
    """
    with transaction.atomic():
        Government.objects.select_for_update(no_key=True).get(pk=government.pk)
        today = government.day_of(at)
        plan = plan_invitations(
            government=government,
            rows=rows,
            faults=invitation_table.check_rows(rows, today=today),
            actor=actor,
            at=at,
        )
        if plan.outcomes != list(outcomes) or not plan.is_clean:
            raise PlanChanged(
                _("Something has changed since. Look at the table once more.")
            )
        for each in plan.rows:
            _carry_out(each, actor, at, today)
    return plan


def _carry_out(planned: PlannedRow, actor: User, at: datetime, today: date) -> None:
    role, body = planned.row.known_role, planned.body
    assert role is not None  # or else it was refused
    assert body is not None
    if planned.outcome == GIVEN and planned.user:
        give_role(
            user=planned.user, role=role, body=body, reason="", actor=actor, at=at
        )
    elif planned.outcome == NEW:
        invite(
            email=planned.row.email,
            name=planned.row.name,
            role=role,
            body=body,
            actor=actor,
            at=at,
            employee_number=employee_numbers.normalise(
                planned.row.employee_number, today=today
            ),
        )


class _Known:
    """What the portal knows of a government's people, read at one go."""

    def __init__(self, government: Government, at: datetime) -> None:
        self.government = government
        active = Institution.objects.active_on(government.day_of(at))
        self.institutions = {
            each.code.lower(): each
            for each in active.filter(government=government).select_related(
                "government"
            )
        }
        below = Membership.objects.filter(institution__government=government)
        own = Membership.objects.filter(government=government)
        self.users: dict[str, User] = {}
        self.held = set()
        for each in (below | own).standing(at).select_related("user"):
            if each.user.is_active:
                self.users[each.user.email.lower()] = each.user
            if each.to_date is None:
                self.held.add(_key(each.user.email, each))
        offered = Invitation.objects.open().filter(expires_at__gt=at)
        offered = offered.filter(government=government) | offered.filter(
            institution__government=government
        )
        self.invited = {_key(each.email, each) for each in offered}


def _key(
    email: str, held: Membership | Invitation
) -> tuple[str, str, int | None, int | None]:
    return email.lower(), held.role, held.government_id, held.institution_id


def _plan(row: Row, faults: list[Fault], known: _Known, actor: User) -> PlannedRow:
    role = row.known_role
    body: Government | Institution | None = known.government
    if role in IN_INSTITUTIONS:
        body = known.institutions.get(row.code.lower())
        if body is None and row.code:
            reason = _("There is no active institution with this code here.")
            faults = [*faults, Fault(row.number, CODE, row.code, reason)]
    user = known.users.get(row.email.lower())
    if user and user.pk == actor.pk:
        reason = _("This is your own address. Ask somebody else.")
        faults = [*faults, Fault(row.number, invitation_table.EMAIL, row.email, reason)]
    if faults or role is None or body is None:
        return PlannedRow(row, REFUSED, faults=tuple(faults))
    place = place_of(body)
    key = (
        row.email.lower(),
        role.value,
        place["government"] and place["government"].pk,
        place["institution"] and place["institution"].pk,
    )
    if key in known.held or key in known.invited:
        return PlannedRow(row, UNCHANGED, body, user)
    return PlannedRow(row, GIVEN if user else NEW, body, user)

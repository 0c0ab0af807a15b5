"""The plan of reminders of a round, as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from competitions.models import ReminderAudience, ReminderPlan, Round, Stage
from notifications.models import DeliveryChannel
from submissions import recipients
from submissions.models import ReminderRun
from submissions.occasions import known_since, occasion_of, usual_deadline


class State(Enum):
    """What becomes of a row of the plan at the closing as it stands."""

    COMING = "coming"
    DUE = "due"
    SENT = "sent"
    PASSED = "passed"
    NEVER = "never"


@dataclass(frozen=True)
class PlannedReminder:
    """One row: its moment, how many it would reach now, and what became of it."""

    plan: ReminderPlan
    moment: datetime
    state: State
    reach: int
    run: ReminderRun | None
    told_before: int

    @property
    def is_coming(self) -> bool:
        return self.state == State.COMING

    @property
    def is_due(self) -> bool:
        return self.state == State.DUE

    @property
    def is_sent(self) -> bool:
        return self.state == State.SENT

    @property
    def is_passed(self) -> bool:
        return self.state == State.PASSED

    @property
    def may_change(self) -> bool:
        """Whether it was not sent yet for the closing as it stands."""
        return self.run is None

    @property
    def channels(self) -> str:
        """Through what it goes out, in words."""
        ways = [str(DeliveryChannel(each).label) for each in self.plan.channels]
        return ", ".join([_("Portal"), *ways])

    @property
    def days(self) -> int:
        """The offset in days; 0 where it is none in full."""
        return 0 if self.plan.hours % 24 else self.plan.hours // 24


@dataclass(frozen=True)
class StagePlan:
    """A stage with its rows, the earliest first."""

    stage: Stage
    rows: Sequence[PlannedReminder]


def plans_of(round: Round, at: datetime, *, count: bool = True) -> list[StagePlan]:
    """The plan of every stage of `round`; without `count` nobody is looked up."""
    stages = (
        Stage.objects.filter(round=round)
        .prefetch_related(
            Prefetch("reminderplan_set", ReminderPlan.objects.standing().order_by("pk"))
        )
        .order_by("order")
    )
    runs: dict[int, list[ReminderRun]] = {}
    for run in ReminderRun.objects.filter(plan__stage__round=round).order_by("pk"):
        runs.setdefault(run.plan_id, []).append(run)
    return [_stage_plan(stage, round, runs, at, count) for stage in stages]


def _stage_plan(
    stage: Stage,
    round: Round,
    runs: Mapping[int, Sequence[ReminderRun]],
    at: datetime,
    count: bool,
) -> StagePlan:
    stage.round = round
    plans = list(stage.reminderplan_set.all())
    reach = {
        audience: reach_of(stage, audience, at) if count else 0
        for audience in {plan.audience for plan in plans}
    }
    rows = [
        _planned(plan, stage, runs.get(plan.pk, ()), at, reach[plan.audience])
        for plan in plans
    ]
    rows.sort(key=lambda row: (row.moment, row.plan.pk))
    return StagePlan(stage, rows)


def _planned(
    plan: ReminderPlan,
    stage: Stage,
    runs: Sequence[ReminderRun],
    at: datetime,
    reach: int,
) -> PlannedReminder:
    deadline = usual_deadline(stage)
    occasion = occasion_of(plan, deadline)
    run = next((r for r in runs if r.counted_from == occasion.counted_from), None)
    state = State.COMING
    if run:
        state = State.PASSED if run.was_passed else State.SENT
    elif (
        occasion.moment < known_since(plan, deadline)
        or occasion.moment >= deadline.closes_at
        or stage.is_over(at)
    ):
        state = State.NEVER
    elif occasion.moment <= at:
        state = State.DUE
    before = sum(r.told for r in runs if r is not run)
    return PlannedReminder(plan, occasion.moment, state, reach, run, before)


def reach_of(stage: Stage, audience: str, at: datetime) -> int:
    """How many people a reminder to `audience` would reach now."""
    if audience == ReminderAudience.JURORS:
        return len(recipients.reached_from_above(stage, audience, at))
    waiting = recipients.waiting_in(stage, audience, at)
    return len(recipients.people_of(audience, waiting))

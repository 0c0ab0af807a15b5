"""When a row of a stage's plan of reminders is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from competitions.models import ReminderPlan, Stage


@dataclass(frozen=True)
class Deadline:
    """A closing, since when it stood, and the opening before it."""

    stage: Stage
    opened_at: datetime
    closes_at: datetime
    known_since: datetime


@dataclass(frozen=True)
class Occasion:
    """One row of a plan at one closing, as its moment has come.

    `counted_from` is the closing or the opening, `closes_at` always the closing.
    """

    plan: ReminderPlan
    stage: Stage
    counted_from: datetime
    closes_at: datetime

    @property
    def key(self) -> str:
        """Names the event of its messages."""
        return f"{self.plan.key}:{self.counted_from.isoformat()}"

    @property
    def moment(self) -> datetime:
        """When it is due."""
        return self.plan.moment(self.counted_from)


def due_of(
    plans: Iterable[ReminderPlan], deadline: Deadline, at: datetime
) -> list[Occasion]:
    """What of `plans` is due at `at`, the latest first."""
    if not deadline.opened_at <= at < deadline.closes_at:
        return []
    found = [occasion_of(plan, deadline) for plan in plans]
    return sorted(
        (
            each
            for each in found
            if known_since(each.plan, deadline) <= each.moment <= at
        ),
        key=lambda each: (each.moment, each.plan.pk),
        reverse=True,
    )


def occasion_of(plan: ReminderPlan, deadline: Deadline) -> Occasion:
    """What `plan` counts from, as `deadline` stands."""
    return Occasion(
        plan,
        deadline.stage,
        deadline.closes_at if plan.counts_from_closing else deadline.opened_at,
        deadline.closes_at,
    )


def known_since(plan: ReminderPlan, deadline: Deadline) -> datetime:
    if plan.counts_from_closing:
        return max(plan.created_at, deadline.known_since)
    return max(plan.created_at, deadline.opened_at)


def usual_deadline(stage: Stage) -> Deadline:
    """The general closing of a stage; load its round first."""
    opened = max(stage.opens_at, stage.round.opened_at or stage.opens_at)
    known = max(opened, stage.closing_set_at or opened)
    return Deadline(stage, opened, stage.closes_at, known)

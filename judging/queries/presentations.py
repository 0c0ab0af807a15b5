"""Presentations: the days of a stage, and what a live page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch

from competitions.models import Round, ScoringStage
from judging import timetable
from judging.models import (
    PresentationBreak,
    PresentationDay,
    PresentationPlan,
    PresentationSlot,
)


@dataclass(frozen=True)
class DayList:
    """A day of presentations with its slots in their order."""

    day: PresentationDay
    slots: Sequence[PresentationSlot]

    @property
    def current(self) -> PresentationSlot | None:
        """Who presents, or was called to."""
        running = (each for each in self.slots if each.is_running)
        called = (each for each in self.slots if each.is_called)
        return next(running, None) or next(called, None)

    @property
    def following(self) -> PresentationSlot | None:
        """Who is next; a proposal that was taken back since is passed over."""
        return next(
            (
                each
                for each in self.slots
                if each.is_waiting and not each.is_called and each.proposal.has_passed
            ),
            None,
        )

    @property
    def ends_at(self) -> datetime:
        """When the last is to be over."""
        planned = [each.planned_at for each in self.slots if not each.is_postponed]
        if not planned:
            return self.day.begins_at
        return max(planned) + self.day.slot_length

    @property
    def done_count(self) -> int:
        return sum(each.is_done for each in self.slots)

    @property
    def standing_count(self) -> int:
        return sum(not each.is_postponed for each in self.slots)

    @property
    def is_begun(self) -> bool:
        return any(
            (not each.is_waiting and not each.is_postponed) or each.is_called
            for each in self.slots
        )

    def late_by(self, at: datetime) -> int:
        """How many whole minutes the day is behind its times."""
        current = self.current
        if current is None:
            return 0
        begun = current.started_at or max(at, current.planned_at)
        return max(0, (begun - current.planned_at) // timedelta(minutes=1))


def presentation_stages_of(round: Round) -> list[ScoringStage]:
    """List the stages of `round` in which institutions present, in their order."""
    stages = round.scoringstage_set.filter(kind=ScoringStage.Kind.PRESENTATION)
    found = list(stages.order_by("order", "pk"))
    for each in found:
        each.round = round
    return found


def plan_of(stage: ScoringStage) -> PresentationPlan:
    """The plan of `stage`; one that is not saved while there is none."""
    found = PresentationPlan.objects.filter(scoring_stage=stage).first()
    plan = found or PresentationPlan(scoring_stage=stage)
    plan.scoring_stage = stage
    return plan


def days_of(plan: PresentationPlan) -> list[DayList]:
    """The days of `plan` with their slots and breaks, in three queries."""
    if not plan.version and not plan.pk:
        return []
    days = list(
        PresentationDay.objects.filter(plan=plan)
        .prefetch_related(
            Prefetch(
                "presentationbreak_set",
                PresentationBreak.objects.order_by("starts_at", "pk"),
            )
        )
        .order_by("begins_at", "pk")
    )
    slots: dict[int, list[PresentationSlot]] = {}
    for slot in PresentationSlot.objects.filter(plan=plan).for_list():
        slots.setdefault(slot.day_id, []).append(slot)
    for day in days:
        day.plan = plan
    return [DayList(day, slots.get(day.pk, [])) for day in days]


def day_list(day: PresentationDay) -> DayList:
    """One day with its slots, in one query."""
    return DayList(day, list(PresentationSlot.objects.filter(day=day).for_list()))


def clock_of(slot: PresentationSlot, day: PresentationDay) -> timetable.Clock | None:
    """The clock of a presentation that has begun."""
    if slot.started_at is None:
        return None
    return timetable.clock_of(
        slot.started_at,
        slot.questions_at,
        presentation=timedelta(minutes=day.presentation_minutes),
        questions=timedelta(minutes=day.questions_minutes),
    )

"""Laying a usual calendar out in a year, and moving one to another year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from competitions.date_text import END_OF_DAY
from competitions.definitions import (
    ReminderDefinition,
    RoundDefinition,
    StageDefinition,
    usual_reminders,
)
from competitions.models import ReminderPlan, Round, Stage

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class StageData:
    """One stage as it is to be; both moments aware, the closing exclusive.

    Without `reminders` it gets the usual ones of its kind.
    """

    kind: str
    name: str
    opens_at: datetime
    closes_at: datetime
    place: str = ""
    reminders: tuple[ReminderDefinition, ...] | None = None

    def as_stage(self, round: Round) -> Stage:
        """The unsaved row, with its plan of reminders beside it."""
        stage = Stage(
            round=round,
            kind=self.kind,
            order=Stage.Kind(self.kind).position,
            name=self.name,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            place=self.place,
        )
        planned = usual_reminders(self.kind)
        if self.reminders is not None:
            planned = self.reminders
        stage.reminders = [each.named(self.kind).values() for each in planned]
        return stage


def plans_of(stage: Stage, at: datetime) -> list[ReminderPlan]:
    """The unsaved rows of the reminders that stand beside a saved `stage`."""
    return [
        ReminderPlan(stage=stage, created_at=at, **values) for values in stage.reminders
    ]


def reminders_of(stage: Stage) -> tuple[ReminderDefinition, ...]:
    """Say what the reminders beside `stage` are."""
    return tuple(
        ReminderDefinition.of(
            each["hours"],
            anchor=each["anchor"],
            audience=each["audience"],
            channels=each["channels"],
        )
        for each in stage.reminders
    )


def planned_stages(
    definition: RoundDefinition, first_day: date, zone: tzinfo
) -> list[StageData]:
    """Lay the definition's usual calendar out from `first_day`."""

    def moment(day: int, clock: time) -> datetime:
        return datetime.combine(first_day + timedelta(days=day), clock, zone)

    return [
        StageData(
            kind=stage.kind,
            name=stage.name,
            opens_at=moment(stage.days[0], stage.opens),
            closes_at=moment(stage.days[1], stage.closes),
            place=stage.place,
            reminders=stage.planned_reminders(),
        )
        for stage in definition.calendar
    ]


def first_day_of(stages: Sequence[Stage | StageData], zone: tzinfo) -> date | None:
    """The day on which the first stage opens, as `zone` counts days."""
    if not stages:
        return None
    return min(stage.opens_at for stage in stages).astimezone(zone).date()


def described_stages(
    stages: Sequence[Stage], zone: tzinfo
) -> tuple[StageDefinition, ...]:
    """Say of `stages` how far each lies from the first day."""
    first_day = first_day_of(stages, zone)
    if first_day is None:
        return ()

    def place(moment: datetime) -> tuple[int, time]:
        local = moment.astimezone(zone)
        clock = local.time()
        if clock != END_OF_DAY:
            clock = clock.replace(second=0, microsecond=0)
        return (local.date() - first_day).days, clock

    described = []
    for stage in stages:
        (opens_on, opens), (closes_on, closes) = (
            place(stage.opens_at),
            place(stage.closes_at),
        )
        described.append(
            StageDefinition(
                kind=stage.kind,
                name=stage.name,
                days=(opens_on, closes_on),
                opens=opens,
                closes=closes,
                place=stage.place,
                reminders=reminders_of(stage),
            )
        )
    return tuple(described)


def years_between(round: Round, stages: Sequence[Stage], year: int) -> int:
    """How many years a calendar moves so that it lies about `year`.

    A round may begin in the autumn before its year or end in the spring after it; one
    that was held in another year altogether goes by when it really was held.
    """
    begun = first_day_of(stages, round.zone)
    if begun is not None and abs(begun.year - round.year) > 1:
        return year - begun.year
    return year - round.year


def moved_stages(
    stages: Sequence[Stage | StageData],
    zone: tzinfo,
    *,
    years: int = 1,
    first_day: date | None = None,
) -> list[StageData]:
    """Move a calendar by whole weeks, so that every stage keeps its weekday.

    It goes to the first such day on or after `first_day`; without one, as near to
    `years` later as whole weeks come. Times of day stay, whatever the zone's clock did.
    """
    begun = first_day_of(stages, zone)
    if begun is None:
        return []
    if first_day is None:
        shift = _WEEK * round(years * 365.2425 / 7)
    else:
        shift = first_day - begun
        shift += timedelta(days=-shift.days % 7)

    def moved(moment: datetime) -> datetime:
        local = moment.astimezone(zone)
        return datetime.combine(local.date() + shift, local.time(), zone)

    return [
        StageData(
            kind=stage.kind,
            name=stage.name,
            opens_at=moved(stage.opens_at),
            closes_at=moved(stage.closes_at),
            place=stage.place,
            reminders=reminders_of(stage)
            if isinstance(stage, Stage)
            else stage.reminders,
        )
        for stage in stages
    ]

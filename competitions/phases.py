"""A round's calendar as people see it: what is over, what runs, what comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from competitions.models import Stage
from core import dates

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Phase:
    """One stage at a moment, in words."""

    stage: Stage
    label: str
    when: str
    state: Literal["done", "now", "next"]
    note: str

    @property
    def is_now(self) -> bool:
        return self.state == "now"


def phases(stages: Iterable[Stage], at: datetime, zone: tzinfo) -> list[Phase]:
    """Describe `stages` as they stand at `at`, with days as `zone` counts them."""
    return [
        Phase(
            stage=stage,
            label=stage.name,
            when=span(stage, zone),
            state=_state(stage, at),
            note=stage.place,
        )
        for stage in stages
    ]


def span(stage: Stage, zone: tzinfo, *, with_year: bool = False) -> str:
    """Name the days of a stage; one that closes at midnight ends the day before."""
    return dates.format_range(
        stage.opens_at, stage.closes_at - _INSTANT, with_year=with_year, zone=zone
    )


def current_stage(stages: Iterable[Stage], at: datetime) -> Stage | None:
    """The stage open at `at`; of several the one that closes first."""
    running = [stage for stage in stages if stage.is_open(at)]
    return min(running, key=lambda stage: (stage.closes_at, stage.order), default=None)


def next_stage(stages: Iterable[Stage], at: datetime) -> Stage | None:
    """The stage that opens next after `at`."""
    coming = [stage for stage in stages if stage.opens_at > at]
    return min(coming, key=lambda stage: (stage.opens_at, stage.order), default=None)


def stage_of_kind(stages: Iterable[Stage], kind: str) -> Stage | None:
    """The stage of `kind`, if the calendar has one."""
    return next((stage for stage in stages if stage.kind == kind), None)


def is_finished(stages: Iterable[Stage], at: datetime) -> bool:
    """Whether every stage is over; an empty calendar has not begun."""
    listed = list(stages)
    return bool(listed) and all(stage.is_over(at) for stage in listed)


def _state(stage: Stage, at: datetime) -> Literal["done", "now", "next"]:
    if stage.is_over(at):
        return "done"
    return "now" if stage.is_open(at) else "next"

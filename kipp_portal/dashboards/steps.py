"""The one thing to do next, and the dates that matter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from competitions.models import Round, Stage
from core import dates


@dataclass(frozen=True)
class NextStep:
    """What to do next, with its page and, where it can be measured, its progress."""

    title: str
    text: str
    url: str = ""
    label: str = ""
    part: int = 0
    whole: int = 0
    progress: str = ""
    saved: str = ""


@dataclass(frozen=True)
class Deadline:
    """A moment that is yet to come."""

    at: datetime
    day: str
    month: str
    title: str
    text: str


def deadlines(rounds: Iterable[Round], at: datetime) -> list[Deadline]:
    """The next moments of the calendars of `rounds`: closings, and what opens then."""
    found = []
    for round in rounds:
        for stage in round.stage_set.all():
            if stage.opens_at > at:
                title = _("%(stage)s begins") % {"stage": stage.name}
                found.append(_deadline(stage, stage.opens_at, title, round.zone))
            elif stage.closes_at > at:
                found.append(
                    _deadline(stage, stage.closes_at, _closing(stage), round.zone)
                )
    return sorted(found, key=lambda deadline: deadline.at)[:3]


def _closing(stage: Stage) -> str:
    if stage.kind == Stage.Kind.SUBMISSION:
        return _("Last moment to submit")
    return _("%(stage)s closes") % {"stage": stage.name}


def _deadline(stage: Stage, moment: datetime, title: str, zone: tzinfo) -> Deadline:
    local = dates.as_local(moment, zone)
    weekday = dates.format_date(local, "weekday", zone).partition(",")[0]
    # What opens at midnight opens with the day.
    at_midnight = (local.hour, local.minute) == (0, 0)
    return Deadline(
        at=moment,
        day=str(local.day),
        month=dates.month_name(local.month, short=True),
        title=title,
        text=weekday
        if at_midnight
        else _("%(weekday)s, %(clock)s")
        % {"weekday": weekday, "clock": dates.format_time(local, "zone", zone)},
    )

"""Figures of a round in words, as its overviews show them: pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.models import Round, Stage
from core import dates, numbers
from judging.queries import Progress
from monitoring.queries import (
    DailyCounts,
    Participation,
    ProposalCounts,
    RoundFigures,
)


@dataclass(frozen=True)
class Stat:
    """One figure of components/stats.html."""

    label: str
    value: str
    unit: str = ""
    part: int = 0
    whole: int = 0
    note: str = ""


def round_stats(
    participation: Participation,
    before: tuple[Round, RoundFigures] | None,
    counts: ProposalCounts,
    scoring: Progress,
    current: Stage | None,
    at: datetime,
) -> list[Stat]:
    """The four figures on top: institutions, proposals, sheets, time."""
    return [
        Stat(
            _("Institutions taking part"),
            str(participation.filled),
            _("of %(total)d") % {"total": participation.total},
            participation.filled,
            participation.total,
            _participation_note(participation, before),
        ),
        Stat(
            _("Proposals submitted"),
            str(counts.entered),
            "",
            counts.passed + counts.failed,
            counts.entered,
            _screening_note(counts),
        ),
        Stat(
            _("Score sheets finished"),
            str(scoring.done) if scoring.total else "–",
            _("of %(total)d") % {"total": scoring.total} if scoring.total else "",
            scoring.done,
            scoring.total,
            numbers.percent(numbers.share(scoring.done, scoring.total))
            if scoring.total
            else _("Nothing is assigned yet"),
        ),
        _time_stat(current, at),
    ]


def _participation_note(
    participation: Participation, before: tuple[Round, RoundFigures] | None
) -> str:
    share = numbers.percent(numbers.share(participation.filled, participation.total))
    if before is None or not before[1].taking_part:
        return share
    earlier, figures = before
    return _("%(share)s, after %(count)d in %(year)d") % {
        "share": share,
        "count": figures.taking_part,
        "year": earlier.year,
    }


def _screening_note(counts: ProposalCounts) -> str:
    if not counts.passed and not counts.failed:
        return _("%(waiting)d to be screened") % {"waiting": counts.submitted}
    screened = {"passed": counts.passed, "failed": counts.failed}
    if not counts.submitted:
        return _("%(passed)d passed, %(failed)d failed") % screened
    return _("%(passed)d passed, %(failed)d failed, %(waiting)d to be screened") % (
        screened | {"waiting": counts.submitted}
    )


def _time_stat(current: Stage | None, at: datetime) -> Stat:
    if current is None:
        return Stat(_("Time left of this stage"), "–", note=_("No stage is running"))
    left = dates.time_left(current.closes_at, at)
    amount, unit = (
        (left.days, ngettext("day", "days", left.days))
        if left.days
        else (left.hours, ngettext("hour", "hours", left.hours))
    )
    length = current.closes_at - current.opens_at
    return Stat(
        _("Time left of this stage"),
        str(amount),
        unit,
        int((at - current.opens_at).total_seconds()),
        int(length.total_seconds()),
        _("Closes on %(moment)s")
        % {"moment": dates.format_datetime(current.closes_at, "medium")},
    )


@dataclass(frozen=True)
class DayChart:
    """What components/bar_chart.html draws of the days."""

    rows: Sequence[tuple[str, int]]
    span: str
    finding: str


def day_chart(daily: DailyCounts | None) -> DayChart | None:
    """Lay the days out for a chart that states its finding."""
    if daily is None:
        return None
    day, most = daily.busiest
    return DayChart(
        rows=[(str(each.day), count) for each, count in daily.days],
        span=dates.format_range(daily.first, daily.last),
        finding=_("No proposal was submitted on these days")
        if not most
        else ngettext(
            "Most on %(day)s: %(count)d proposal",
            "Most on %(day)s: %(count)d proposals",
            most,
        )
        % {"day": dates.format_date(day), "count": most},
    )

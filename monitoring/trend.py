"""A round against the one before it, at the same day before closing."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.models import Round, Stage
from submissions.models import UNSENT_STATES, Proposal, ProposalState

DAYS = 14
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One round: what was submitted and what was a draft, so many days before.

    None where that day has not come yet.
    """

    round: Round
    submitted: Sequence[int | None]
    drafts: Sequence[int | None]

    @property
    def year(self) -> int:
        return self.round.year

    def bars(self, counts: Sequence[int | None]) -> list[tuple[str, int]]:
        """As components/bar_chart.html takes them, by the days before closing."""
        days = range(len(counts) - 1, -1, -1)
        return [
            (str(day), count)
            for day, count in zip(days, counts, strict=True)
            if count is not None
        ]

    @property
    def submitted_bars(self) -> list[tuple[str, int]]:
        return self.bars(self.submitted)


@dataclass(frozen=True)
class Trend:
    """This year's line and last year's, if there was one."""

    now: Line
    before: Line | None
    day: int
    finding: str

    @property
    def rows(self) -> list[dict[str, object]]:
        """The table behind the charts, the day of closing last."""
        lines = [self.now, self.before] if self.before else [self.now]
        return [
            {
                "day": DAYS - 1 - place,
                "is_today": DAYS - 1 - place == self.day,
                "cells": [
                    count
                    for line in lines
                    for count in (line.submitted[place], line.drafts[place])
                ],
            }
            for place in range(DAYS)
        ]


def load_trend(round: Round, stage: Stage, at: datetime) -> Trend:
    """Count both rounds on each of the last days before closing, in three queries.

    Day 0 is the one that ends with the closing. Each count is what stood at the end of
    the day, today's what stands at `at`. What was withdrawn is left out: the portal
    does not keep when it was a draft. What was given back counts as a draft, as it
    does in all other figures.
    """
    earlier = (
        Stage.objects.filter(
            kind=Stage.Kind.SUBMISSION,
            round__competition=round.competition_id,
            round__year__lt=round.year,
            round__opened_at__isnull=False,
        )
        .select_related("round")
        .order_by("-round__year")
        .first()
    )
    moments: dict[int, tuple[list[datetime], list[datetime]]] = {}
    rounds = [round.pk, *([earlier.round_id] if earlier else [])]
    for pk, state, begun, submitted in (
        Proposal.objects.filter(round__in=rounds)
        .exclude(state=ProposalState.WITHDRAWN)
        .order_by()
        .values_list("round", "state", "created_at", "submitted_at")
    ):
        begins, submits = moments.setdefault(pk, ([], []))
        begins.append(begun)
        if submitted and state not in UNSENT_STATES:
            submits.append(submitted)
    now = _line(round, stage, moments, at)
    before = _line(earlier.round, earlier, moments, at) if earlier else None
    day = max(0, min(DAYS - 1, (stage.closes_at - at) // _DAY))
    if before is None or earlier is None:
        return Trend(now, None, day, _("There is no earlier round to compare with."))
    then = earlier.closes_at - max(stage.closes_at - at, timedelta(0))
    finding = _finding(
        ours=bisect_right(sorted(moments.get(round.pk, ([], []))[1]), at),
        theirs=bisect_right(sorted(moments.get(earlier.round_id, ([], []))[1]), then),
        year=before.year,
        day=day,
        is_over=at >= stage.closes_at,
    )
    return Trend(now, before, day, finding)


def _line(
    round: Round,
    stage: Stage,
    moments: dict[int, tuple[list[datetime], list[datetime]]],
    at: datetime,
) -> Line:
    begins, submits = moments.get(round.pk, ([], []))
    begins.sort()
    submits.sort()
    submitted: list[int | None] = []
    drafts: list[int | None] = []
    for day in range(DAYS - 1, -1, -1):
        end = stage.closes_at - day * _DAY
        if end - _DAY > at:
            submitted.append(None)
            drafts.append(None)
            continue
        sent = bisect_right(submits, min(end, at))
        submitted.append(sent)
        drafts.append(max(0, bisect_right(begins, min(end, at)) - sent))
    return Line(round, submitted, drafts)


def _finding(*, ours: int, theirs: int, year: int, day: int, is_over: bool) -> str:
    values = {"ours": ours, "theirs": theirs, "year": year, "days": day}
    if is_over:
        return _("%(ours)d were submitted, after %(theirs)d in %(year)d.") % values
    return (
        ngettext(
            "%(days)d day before closing %(ours)d are submitted; "
            "in %(year)d it were %(theirs)d at that time.",
            "%(days)d days before closing %(ours)d are submitted; "
            "in %(year)d it were %(theirs)d at that time.",
            day,
        )
        % values
    )

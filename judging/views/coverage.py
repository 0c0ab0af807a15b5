"""How far the jury is: the secretariat's board, and one press to remind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from competitions.models import Round, ScoringStage, Stage
from competitions.views.running import running_round
from core import charts
from judging import queries, services, standings
from judging.queries import JurorCoverage, Progress
from judging.views.shared import board_url, juror_of, panel_tabs, stage_asked_for

PAGE_SIZE = 25
MOST_DAYS = 14
IDLE = timedelta(days=2)


@require_safe
def coverage(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The coverage board of one stage: by juror and by proposal."""
    round = running_round(request.user, round_slug)
    stages = queries.scoring_stages_of(round)
    windows = queries.windows_of(round)
    stage = stage_asked_for(stages, windows, request)
    context: dict[str, Any] = {
        "round": round,
        "stage": stage,
        "tabs": panel_tabs(round, "coverage"),
        "at": request.received_at,
        "is_sealed": queries.sealed_result(round) is not None,
    }
    if stage:
        before = stages[: stages.index(stage)]
        board = Board(
            round=round,
            stage=stage,
            before=before,
            window=windows.get(stage.calendar_kind),
            waiting_for=next(
                iter(queries.unshown_stages(before, windows, request.received_at)),
                None,
            ),
            at=request.received_at,
            asked=request.GET,
        )
        context |= {
            "stage_tabs": [
                {
                    "label": each.name,
                    "url": board_url(round, stages, each),
                    "current": each == stage,
                }
                for each in stages
                if len(stages) > 1
            ],
            "board": board,
            "window": board.window,
            "waiting_for": board.waiting_for,
        }
    return render(request, "judging/coverage.html", context)


@require_POST
def juror_remind(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Remind a juror of what is left."""
    round = running_round(request.user, round_slug)
    juror = juror_of(round, key)
    try:
        services.remind_juror(juror=juror, actor=request.user, at=request.received_at)
    except services.JurorNotReminded as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(juror)s was reminded.") % {"juror": juror})
    return redirect("judging:coverage", round.slug)


@require_POST
def panel_remind(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Remind everybody who has something left."""
    round = running_round(request.user, round_slug)
    try:
        reminded = services.remind_all(
            round=round, actor=request.user, at=request.received_at
        )
    except services.JurorNotReminded as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            ngettext(
                "%(count)d juror was reminded.",
                "%(count)d jurors were reminded.",
                len(reminded),
            )
            % {"count": len(reminded)},
        )
    return redirect("judging:coverage", round.slug)


@dataclass(frozen=True)
class JurorLine:
    """One juror of the board, laid out."""

    row: JurorCoverage
    slices: Sequence[charts.Slice]
    spark: charts.Spark
    is_idle: bool
    was_reminded: bool


@dataclass(frozen=True)
class Board:
    """The coverage board of `stage`, as asked for by the address."""

    round: Round
    stage: ScoringStage
    before: Sequence[ScoringStage]
    window: Stage | None
    waiting_for: ScoringStage | None
    at: datetime
    asked: QueryDict

    # Names of the address and what they keep of the jurors.
    JUROR_VIEWS = ("semua", "sisa", "belum", "diam")
    PROPOSAL_VIEWS = ("kurang", "semua")

    @cached_property
    def days(self) -> list[date]:
        """The days of the stage up to today, the last ones if there are many."""
        if self.window is None or self.window.opens_at > self.at:
            return []
        zone = self.round.zone
        first = self.window.opens_at.astimezone(zone).date()
        last = min(self.at, self.window.closes_at).astimezone(zone).date()
        number = (last - first).days + 1
        return [first + timedelta(days=each) for each in range(number)][-MOST_DAYS:]

    @cached_property
    def rows(self) -> list[JurorCoverage]:
        return queries.jurors_covered(self.stage, self.days, self.round.zone)

    @cached_property
    def total(self) -> Progress:
        return queries.summed([row.progress for row in self.rows])

    @cached_property
    def has_left(self) -> bool:
        return self.total.left > 0

    @cached_property
    def slices(self) -> Sequence[charts.Slice]:
        return _slices(self.total)

    @property
    def juror_view(self) -> str:
        return _known(self.asked.get("juri"), self.JUROR_VIEWS)

    @property
    def proposal_view(self) -> str:
        return _known(self.asked.get("proposal"), self.PROPOSAL_VIEWS)

    @cached_property
    def lines(self) -> list[JurorLine]:
        """The jurors asked for, who has most left first."""
        highest = max((max(row.by_day, default=0) for row in self.rows), default=0)
        today = self.at.astimezone(self.round.zone).date()
        kept = self._kept(self.juror_view)
        return [
            JurorLine(
                row=row,
                slices=_slices(row.progress),
                spark=charts.spark(row.by_day, highest),
                is_idle=self._is_idle(row),
                was_reminded=row.juror.reminded_at is not None
                and row.juror.reminded_at.astimezone(self.round.zone).date() == today,
            )
            for row in sorted(kept, key=lambda row: -row.progress.left)
        ]

    def _kept(self, view: str) -> list[JurorCoverage]:
        keeps = {
            "semua": lambda row: True,
            "sisa": lambda row: row.progress.left > 0,
            "belum": lambda row: row.progress.total > 0 and not row.is_begun,
            "diam": self._is_idle,
        }[view]
        return [row for row in self.rows if keeps(row)]

    def _is_idle(self, row: JurorCoverage) -> bool:
        if self.window is None or not self.window.is_open(self.at):
            return False
        return self.window.opens_at < self.at - IDLE and row.is_idle(self.at - IDLE)

    @property
    def juror_tabs(self) -> list[dict[str, Any]]:
        labels = {
            "semua": _("All"),
            "sisa": _("With sheets left"),
            "belum": _("Not begun"),
            "diam": _("Quiet for two days"),
        }
        return [
            {
                "label": labels[view],
                "count": len(self._kept(view)),
                "current": view == self.juror_view,
                "url": self._address(juri=view),
            }
            for view in self.JUROR_VIEWS
        ]

    @cached_property
    def counts(self) -> Mapping[int, Progress]:
        """The sheets of each proposal that the stage judges."""
        return queries.sheets_by_proposal(self.stage, self._judged())

    def _judged(self) -> list[int]:
        if self.waiting_for:
            return []
        standing = queries.standing_proposals(self.stage).values_list("pk", flat=True)
        if not self.before:
            return list(standing)
        scoring = queries.scoring_of(self.round)
        parts = [each for each in scoring if each.stage.order < self.stage.order]
        return sorted(standings.through(self.round, parts))

    @cached_property
    def waiting(self) -> int:
        """How many proposals no juror has yet."""
        return sum(not each.total for each in self.counts.values())

    @cached_property
    def histogram(self) -> list[tuple[str, int]]:
        """How many proposals have how many finished sheets."""
        finished = [each.done - each.abstained for each in self.counts.values()]
        return [
            (
                ngettext("%(n)d sheet", "%(n)d sheets", number) % {"n": number},
                finished.count(number),
            )
            for number in range(max(finished, default=0) + 1)
        ]

    @cached_property
    def page(self) -> Any:
        """A page of the proposals asked for, the least covered first."""
        kept = {
            pk: progress
            for pk, progress in self.counts.items()
            if self.proposal_view == "semua" or not _is_covered(progress)
        }
        return Paginator(list(kept), PAGE_SIZE).get_page(self.asked.get("halaman"))

    @cached_property
    def proposals(self) -> list[queries.ProposalCoverage]:
        shown = {pk: self.counts[pk] for pk in self.page.object_list}
        return queries.proposals_covered(self.stage, shown)

    @property
    def proposal_tabs(self) -> list[dict[str, Any]]:
        lacking = sum(not _is_covered(each) for each in self.counts.values())
        labels = {
            "kurang": (_("Sheets missing"), lacking),
            "semua": (_("All"), len(self.counts)),
        }
        return [
            {
                "label": labels[view][0],
                "count": labels[view][1],
                "current": view == self.proposal_view,
                "url": self._address(proposal=view),
            }
            for view in self.PROPOSAL_VIEWS
        ]

    def _address(self, **changed: str) -> str:
        asked = QueryDict(mutable=True)
        for name in ("tahap", "juri", "proposal"):
            if value := changed.get(name, self.asked.get(name)):
                asked[name] = value
        return f"?{asked.urlencode()}"


def _is_covered(progress: Progress) -> bool:
    return progress.is_complete and progress.done > progress.abstained


def _slices(progress: Progress) -> Sequence[charts.Slice]:
    return charts.slices(
        [
            (_("Finished"), progress.done - progress.abstained, "done"),
            (_("Abstained"), progress.abstained, "abstained"),
            (_("Begun"), progress.started, "begun"),
            (_("Untouched"), progress.left - progress.started, "untouched"),
        ]
    )


def _known(value: str | None, names: Sequence[str]) -> str:
    return value if value in names and value else names[0]

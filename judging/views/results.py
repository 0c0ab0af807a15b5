"""Ranking and result as the secretariat sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from competitions.models import Round, ScoringStage, Stage
from competitions.queries import ScoringParts
from competitions.views.running import running_round
from judging import exports, queries, standings
from judging.forms import RankingFilterForm
from judging.models import Juror, Result
from submissions.models import Proposal

PAGE_SIZE = 50
TOGETHER = "gabungan"


@dataclass(frozen=True)
class Shown:
    """The ranking a request is about: of one stage, or of all together."""

    round: Round
    scoring: Sequence[ScoringParts]
    windows: dict[str, Stage]
    result: Result | None
    # The stage asked for; None for all together.
    parts: ScoringParts | None
    at: datetime

    @property
    def until(self) -> datetime:
        """What was decided later is not in it."""
        sealed_at = self.result.sealed_at if self.result else None
        return sealed_at or self.at

    @cached_property
    def looked_at(self) -> Sequence[ScoringParts]:
        """The stages that must be over: who takes part follows from those before."""
        if self.parts is None:
            return self.scoring
        return self.scoring[: self.scoring.index(self.parts) + 1]

    @cached_property
    def waiting(self) -> ScoringStage | None:
        """The first stage whose scores nobody may look at yet."""
        if self.result:
            return None
        stages = [each.stage for each in self.looked_at]
        return next(iter(queries.unshown_stages(stages, self.windows, self.at)), None)

    @cached_property
    def is_complete(self) -> bool:
        """Whether the scores of all stages may be looked at: then there are minutes."""
        stages = [each.stage for each in self.scoring]
        return bool(self.result) or not queries.unshown_stages(
            stages, self.windows, self.at
        )

    @cached_property
    def judged(self) -> standings.Judged:
        return standings.current(self.round, self.looked_at)

    @cached_property
    def places(self) -> list[standings.Place]:
        if self.parts is None:
            if self.result:
                return standings.sealed_finals(self.result)
            return standings.final_places(self.judged)
        if self.result:
            return standings.sealed_places(self.result, self.parts.stage)
        return standings.stage_places(self.judged)

    def why_of(self, places: Iterable[standings.Place]) -> dict[str, str]:
        """Say of each of `places` why it is in or out, by the proposal's code."""
        groups = (
            standings.sealed_groups(self.result)
            if self.result
            else standings.live_groups(self.judged)
        )
        return standings.why_of(places, self.scoring, self.parts, groups)

    @property
    def has_stages(self) -> bool:
        return len(self.scoring) > 1

    @property
    def is_whole(self) -> bool:
        """Whether it is what is sealed in the end."""
        return self.parts is None or not self.has_stages

    @property
    def code(self) -> str:
        """How an address names it; nothing where there is no choice."""
        if not self.has_stages:
            return ""
        return self.parts.stage.code if self.parts else TOGETHER

    def window_of(self, stage: ScoringStage) -> Stage | None:
        return self.windows.get(stage.calendar_kind)

    def tabs(self) -> list[dict[str, Any]]:
        """One tab for each stage and one for all together; none for a single one."""
        if not self.has_stages:
            return []
        address = reverse("judging:ranking", args=[self.round.slug])
        labels = {each.stage.code: each.stage.name for each in self.scoring}
        labels[TOGETHER] = _("Together")
        return [
            {
                "label": label,
                "url": f"{address}?tahap={code}",
                "current": code == self.code,
            }
            for code, label in labels.items()
        ]

    def narrowed(self, form: RankingFilterForm) -> list[standings.Place]:
        if not form.narrows:
            return self.places
        among = Proposal.objects.filter(round=self.round)
        kept = set(form.matching(among).values_list("pk", flat=True))
        return [place for place in self.places if place.proposal_id in kept]


@require_safe
def ranking(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The ranking of a round; until scoring is over, only its progress."""
    shown = _shown(request, round_slug)
    if shown.waiting:
        return _show_progress(request, shown, shown.waiting)
    groupings = queries.groupings_of(shown.round, shown.scoring)
    form = RankingFilterForm(request.GET, round=shown.round, groupings=groupings)
    places = shown.narrowed(form)
    page = Paginator(places, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "round": shown.round,
        "shown": shown,
        "result": shown.result,
        "tabs": shown.tabs(),
        "form": form,
        "group": form.group,
        "per": form.group[0] if form.group else "",
        "page": page,
        "why": shown.why_of(page.object_list),
        "ranked_count": sum(place.rank is not None for place in shown.places),
        "shared_count": sum(place.is_shared for place in shown.places),
        "scoring": shown.scoring,
        "agreed": queries.agreed_in(shown.round, shown.until),
    }
    if shown.parts is None:
        return _show_together(request, shown, context)
    return _show_stage(request, shown, shown.parts, places, context)


def _show_progress(
    request: SignedInRequest, shown: Shown, stage: ScoringStage
) -> HttpResponse:
    board = queries.board_of(shown.round, stage)
    return render(
        request,
        "judging/ranking_pending.html",
        {
            "round": shown.round,
            "stage": stage,
            "tabs": shown.tabs(),
            "window": shown.window_of(stage),
            "board": board,
            "total": queries.summed([row.progress for row in board]),
        },
    )


def _show_stage(
    request: SignedInRequest,
    shown: Shown,
    parts: ScoringParts,
    places: Sequence[standings.Place],
    context: dict[str, Any],
) -> HttpResponse:
    stage = parts.stage
    jurors = []
    if not stage.is_gate:
        # Who left may have finished sheets; who refused the seat has none.
        panel = Juror.objects.filter(round=shown.round, declined_at=None)
        panel = panel.select_related("user")
        jurors = list(panel.order_by("pk"))
    page = context["page"]
    start = page.start_index() - 1
    rows = standings.stage_rows(
        list(page.object_list),
        stage=stage,
        jurors=jurors,
        criteria=parts.criteria,
        above=places[start - 1] if start > 0 else None,
        per=context["per"],
        has_shortlists=bool(parts.shortlists),
        why=context["why"],
        agreed=context["agreed"],
    )
    shortlisted = sum(place.is_shortlisted for place in shown.places)
    chain = [each for each in parts.leaves if each.tie_break is not None]
    return render(
        request,
        "judging/ranking.html",
        context
        | {
            "stage": stage,
            "has_minutes": shown.is_complete,
            "criteria": parts.leaves,
            "shortlists": parts.shortlists,
            "chain": sorted(chain, key=lambda each: each.tie_break or 0),
            "jurors": jurors,
            "rows": rows,
            "shortlisted_count": shortlisted,
            "is_full": stage.shortlist_size is not None
            and shortlisted >= stage.shortlist_size,
            "column_count": len(jurors) + 6,
        },
    )


def _show_together(
    request: SignedInRequest, shown: Shown, context: dict[str, Any]
) -> HttpResponse:
    places = list(context["page"].object_list)
    cells = (
        standings.sealed_cells(shown.result, places)
        if shown.result
        else standings.live_cells(shown.judged)
    )
    chain = [
        (each.tie_break, place, each)
        for place, parts in enumerate(shown.scoring)
        for each in parts.leaves
        if each.tie_break is not None
    ]
    return render(
        request,
        "judging/ranking_together.html",
        context
        | {
            "rows": standings.final_rows(
                places,
                scoring=shown.scoring,
                cells=cells,
                per=context["per"],
                why=context["why"],
                agreed=context["agreed"],
            ),
            "chain": [
                each for *_place, each in sorted(chain, key=lambda link: link[:2])
            ],
            "scored": [each.stage for each in shown.scoring if not each.stage.is_gate],
            "has_predicates": any(parts.predicates for parts in shown.scoring),
        },
    )


@require_safe
def ranking_detail(
    request: SignedInRequest, round_slug: str, code: str
) -> HttpResponse:
    """Every juror's scores and notes for one proposal, stage by stage."""
    shown = _shown(request, round_slug)
    stages = [each.stage for each in shown.scoring]
    waiting = (
        [] if shown.result else queries.unshown_stages(stages, shown.windows, shown.at)
    )
    open_parts = [each for each in shown.scoring if each.stage not in waiting]
    if not open_parts:
        raise Http404
    proposal = get_object_or_404(
        Proposal.objects.select_related("institution", "track"),
        round=shown.round,
        code=code,
    )
    details = [standings.stage_detail(each, proposal) for each in open_parts]
    return render(
        request,
        "judging/ranking_detail.html",
        {
            "round": shown.round,
            "proposal": proposal,
            "details": [each for each in details if each.columns],
            "has_stages": shown.has_stages,
            "outcome": None if waiting else _outcome(shown, proposal),
        },
    )


def _outcome(shown: Shown, proposal: Proposal) -> dict[str, Any] | None:
    """How the final score of `proposal` comes about, and what it led to."""
    together = Shown(
        shown.round, shown.scoring, shown.windows, shown.result, None, shown.at
    )
    found = [each for each in together.places if each.proposal_id == proposal.pk]
    if not found:
        return None
    (place,) = found
    cells = (
        standings.sealed_cells(shown.result, found)
        if shown.result
        else standings.live_cells(together.judged)
    )
    (row,) = standings.final_rows(found, scoring=shown.scoring, cells=cells)
    totals = {
        each.stage.code: cell.total
        for each, (_name, cell) in zip(shown.scoring, row.named_cells, strict=True)
    }
    return {
        "row": row,
        "place": place,
        "why": together.why_of(found)[place.code],
        "arithmetic": _arithmetic(together, proposal) if place.rank else None,
        "parts": standings.parts_of(shown.scoring, totals),
        "shortfalls": standings.shortfall_sentences(shown.scoring, place),
    }


def _arithmetic(together: Shown, proposal: Proposal) -> standings.Arithmetic | None:
    """Every step to the final score, from the sheets, which a seal has fixed."""
    judged = together.judged
    return standings.arithmetic_of(
        judged.outcome,
        proposal.code,
        names={each.stage.code: each.stage.name for each in together.scoring},
        criteria={
            each.stage.code: {one.code: one.name for one in each.leaves}
            for each in together.scoring
        },
        agreed={
            code: papers.agreed.get(proposal.code, ())
            for code, papers in judged.papers.items()
        },
    )


@require_safe
def ranking_export(request: SignedInRequest, round_slug: str) -> StreamingHttpResponse:
    """The ranking as CSV."""
    shown = _shown(request, round_slug)
    if shown.waiting:
        raise Http404
    names = queries.names_of(place.proposal_id for place in shown.places)
    if shown.parts is None:
        cells = (
            standings.sealed_cells(shown.result, shown.places)
            if shown.result
            else standings.live_cells(shown.judged)
        )
        rows = standings.final_rows(shown.places, scoring=shown.scoring, cells=cells)
        lines = exports.together_csv(rows, names, shown.scoring)
    else:
        means = (
            standings.sealed_means(shown.result, shown.parts.stage)
            if shown.result
            else standings.live_means(shown.judged)
        )
        lines = exports.ranking_csv(shown.places, names, shown.parts, means)
    name = "-".join(filter(None, ["peringkat", shown.round.slug, shown.code]))
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _shown(request: SignedInRequest, slug: str) -> Shown:
    """Read from the address what is asked for; without a word, what tells most."""
    round = running_round(request.user, slug)
    scoring = queries.scoring_of(round)
    if not scoring:
        raise Http404
    windows = queries.windows_of(round)
    result = queries.sealed_result(round)
    at = request.received_at
    by_code = {each.stage.code: each for each in scoring}
    asked = request.GET.get("tahap", "")
    parts: ScoringParts | None
    if len(scoring) == 1:
        parts = scoring[0]
    elif asked in by_code:
        parts = by_code[asked]
    elif result or asked == TOGETHER:
        parts = None
    else:
        stages = [each.stage for each in scoring]
        current = queries.stage_at_work(stages, windows, at)
        is_over = all(
            stage.calendar_kind in windows and windows[stage.calendar_kind].is_over(at)
            for stage in stages
        )
        parts = None if is_over or current is None else by_code[current.code]
    return Shown(round, scoring, windows, result, parts, at)

"""The juror's own list: what is to be scored, and the seat in the panel."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from competitions.models import ScoringStage, Stage
from judging import queries, sheet_papers
from judging.models import Juror, Score, ScoreSheet

PAGE_SIZE = 50
VIEWS = {
    "perlu": Q(state=ScoreSheet.State.DRAFT),
    "draf": Q(state=ScoreSheet.State.DRAFT, version__gt=0),
    "selesai": ~Q(state=ScoreSheet.State.DRAFT),
}


@require_safe
def assignment_list(request: SignedInRequest) -> HttpResponse:
    """What this juror has to score in one round, and how far they are."""
    panels = queries.panels_of(request.user)
    if not panels:
        raise Http404
    juror = _chosen(panels, request.GET.get("putaran"), request.received_at)
    stages = queries.stages_assigned(juror)
    windows = queries.windows_of(juror.round)
    asked = {stage.code: stage for stage in stages}.get(request.GET.get("tahap", ""))
    stage = asked or queries.stage_at_work(stages, windows, request.received_at)
    sheets = ScoreSheet.objects.visible_to(request.user).filter(
        assignment__juror=juror, assignment__scoring_stage=stage
    )
    progress = queries.progress_of(sheets)
    current = request.GET.get("status")
    current = current if current in VIEWS else "perlu"
    tabs = _tabs(juror, stage, progress, current)
    page = _page(request, sheets.filter(VIEWS[current]), tabs)
    return render(
        request,
        "judging/assignment_list.html",
        {
            "juror": juror,
            "panels": panels,
            "stage": stage,
            "stages": [
                (each, _queue_url(juror, each)) for each in stages if len(stages) > 1
            ],
            "window": windows.get(stage.calendar_kind if stage else Stage.Kind.SCORING),
            "at": request.received_at,
            "plenary": queries.followed_plenary(juror, windows, request.received_at),
            "progress": progress,
            "criteria_count": queries.criteria_count(stage) if stage else 0,
            "tabs": tabs,
            "current": current,
            "page": page,
            "next_sheet": _next(page, current, juror, stage),
            **_paper(juror, stage, windows, progress, request.received_at),
        },
    )


def _paper(
    juror: Juror,
    stage: ScoringStage | None,
    windows: Mapping[str, Stage],
    progress: queries.Progress,
    at: datetime,
) -> dict[str, Any]:
    """What one's work comes to on paper, asked once it is over."""
    if stage is None or not progress.done or not juror.has_signed:
        return {}
    window = windows.get(stage.calendar_kind)
    if progress.left and not (window and window.is_over(at)):
        return {}
    return {
        "has_paper": queries.scores_may_be_shown(stage, window, at),
        "paper": sheet_papers.paper_of(stage, juror),
    }


def _page(
    request: SignedInRequest,
    sheets: QuerySet[ScoreSheet],
    tabs: Iterable[Mapping[str, Any]],
) -> Page[Any]:
    """One page of `sheets`, which the tab that is open has counted already."""
    given = Score.objects.filter(sheet=OuterRef("pk"), value__isnull=False)
    scored = given.order_by().values("sheet").annotate(n=Count("pk")).values("n")
    rows = (
        sheets.select_related(
            "assignment__proposal__institution", "assignment__proposal__category"
        )
        .only(
            *("key", "state", "version", "assignment__proposal__code"),
            "assignment__proposal__title",
            "assignment__proposal__institution__short_name",
            "assignment__proposal__category__name",
        )
        .annotate(scored=Coalesce(Subquery(scored), 0))
        .order_by(*queries.QUEUE_ORDER)
    )
    pages = Paginator(rows, PAGE_SIZE)
    pages.count = next(tab["count"] for tab in tabs if tab["current"])
    return pages.get_page(request.GET.get("halaman"))


def _next(
    page: Page[Any], current: str, juror: Juror, stage: ScoringStage | None
) -> ScoreSheet | None:
    """The sheet to take up next; it may head the page already."""
    if current == "perlu" and page.number == 1:
        return next(iter(page), None)
    return queries.next_sheet(juror, stage) if stage else None


def _chosen(panels: list[Juror], slug: str | None, at: datetime) -> Juror:
    """The panel asked for, else one that scores now, else the latest."""
    asked = next((each for each in panels if each.round.slug == slug), None)
    if asked or len(panels) == 1:
        return asked or panels[0]
    scoring = queries.rounds_in_scoring(at)
    return next((each for each in panels if each.round_id in scoring), panels[0])


def _queue_url(juror: Juror, stage: ScoringStage | None = None) -> str:
    address = f"{reverse('judging:assignment_list')}?putaran={juror.round.slug}"
    return f"{address}&tahap={stage.code}" if stage else address


def _tabs(
    juror: Juror,
    stage: ScoringStage | None,
    progress: queries.Progress,
    current: str,
) -> list[dict[str, object]]:
    labels = {
        "perlu": (_("To be scored"), progress.left),
        "draf": (_("Drafts"), progress.started),
        "selesai": (_("Finished"), progress.done),
    }
    return [
        {
            "label": label,
            "count": count,
            "current": key == current,
            "url": f"{_queue_url(juror, stage)}&status={key}",
        }
        for key, (label, count) in labels.items()
    ]

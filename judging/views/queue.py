"""The juror's own list: what is to be scored, and the seat in the panel."""

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from competitions.models import ScoringStage, Stage
from judging import queries
from judging.models import Juror, ScoreSheet

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
    rows = (
        sheets.filter(VIEWS[current])
        .select_related(
            "assignment__proposal__institution", "assignment__proposal__category"
        )
        .annotate(scored=Count("score", filter=Q(score__value__isnull=False)))
        .order_by(*queries.QUEUE_ORDER)
    )
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
            "criteria_count": len(queries.criteria_of(stage)) if stage else 0,
            "tabs": _tabs(juror, stage, progress, current),
            "current": current,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman")),
            "next_sheet": queries.next_sheet(juror, stage) if stage else None,
        },
    )


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

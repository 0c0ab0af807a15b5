"""Ranking and result as the secretariat sees them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from competitions.models import Criterion, Round, ScoringStage
from judging import exports, permissions, proof, queries, services, standings
from judging.forms import RankingFilterForm
from judging.models import Juror, Result, ScoreSheet
from submissions.models import Proposal

PAGE_SIZE = 50


@require_safe
def ranking(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The ranking of a round; until scoring is over, only its progress."""
    round, stage = _round_and_stage(request.user, round_slug)
    window = queries.scoring_window(round)
    result = queries.sealed_result(stage)
    context = {
        "round": round,
        "stage": stage,
        "window": window,
        "at": request.received_at,
        "result": result,
    }
    if not (result or queries.scores_may_be_shown(stage, window, request.received_at)):
        board = queries.board_of(round, stage)
        total = queries.summed([row.progress for row in board])
        return render(
            request,
            "judging/ranking_pending.html",
            context | {"board": board, "total": total},
        )
    criteria = queries.criteria_of(stage)
    jurors = list(
        Juror.objects.filter(round=round).select_related("user").order_by("pk")
    )
    places = _places(stage, criteria, result)
    form = RankingFilterForm(request.GET, round=round)
    shown = _narrowed(places, form, stage)
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("halaman"))
    start = page.start_index() - 1
    rows = standings.rows_of(
        list(page.object_list),
        stage=stage,
        jurors=jurors,
        criteria=criteria,
        above=shown[start - 1] if start > 0 else None,
    )
    return render(
        request,
        "judging/ranking.html",
        context
        | {
            "criteria": criteria,
            "chain": sorted(
                (each for each in criteria if each.tie_break is not None),
                key=lambda each: each.tie_break or 0,
            ),
            "jurors": jurors,
            "form": form,
            "page": page,
            "rows": rows,
            "ranked_count": sum(place.rank is not None for place in places),
            "shared_count": sum(place.tie_rule == "shared" for place in places),
            "is_full": stage.shortlist_size is not None
            and sum(place.is_shortlisted for place in places) >= stage.shortlist_size,
            "column_count": len(jurors) + 6,
        },
    )


@require_safe
def ranking_detail(
    request: SignedInRequest, round_slug: str, code: str
) -> HttpResponse:
    """Every juror's scores and notes for one proposal."""
    round, stage = _round_and_stage(request.user, round_slug)
    result = queries.sealed_result(stage)
    window = queries.scoring_window(round)
    if not (result or queries.scores_may_be_shown(stage, window, request.received_at)):
        raise Http404
    proposal = get_object_or_404(
        Proposal.objects.select_related("institution"), round=round, code=code
    )
    criteria = queries.criteria_of(stage)
    columns = queries.columns_of(stage, proposal)
    rows = [
        (each, [column.scores[place] for column in columns])
        for place, each in enumerate(criteria)
    ]
    notes = [
        (
            criterion,
            [
                (column.juror, score)
                for column, score in zip(columns, scores, strict=True)
                if score and score.note
            ],
        )
        for criterion, scores in rows
    ]
    return render(
        request,
        "judging/ranking_detail.html",
        {
            "round": round,
            "proposal": proposal,
            "columns": columns,
            "rows": rows,
            "notes_by_criterion": [each for each in notes if each[1]],
        },
    )


@require_safe
def ranking_export(request: SignedInRequest, round_slug: str) -> StreamingHttpResponse:
    """The ranking as CSV."""
    round, stage = _round_and_stage(request.user, round_slug)
    result = queries.sealed_result(stage)
    window = queries.scoring_window(round)
    if not (result or queries.scores_may_be_shown(stage, window, request.received_at)):
        raise Http404
    criteria = queries.criteria_of(stage)
    places = _places(stage, criteria, result)
    names = queries.names_of(place.proposal_id for place in places)
    return StreamingHttpResponse(
        exports.ranking_csv(places, names, criteria),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="peringkat-{round.slug}.csv"'
        },
    )


@require_POST
def result_seal(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Seal the result; the word typed is the second thought."""
    round, stage = _round_and_stage(request.user, round_slug)
    if request.POST.get("confirmation", "").strip().upper() != _("SEAL"):
        messages.error(request, _("Type the word to seal. Nothing was changed."))
        return redirect("judging:ranking", round.slug)
    try:
        services.seal_result(
            scoring_stage=stage, actor=request.user, at=request.received_at
        )
    except services.ResultNotSealed as refusal:
        messages.error(request, refusal.message)
        return redirect("judging:ranking", round.slug)
    messages.success(request, _("Result sealed."))
    return redirect("judging:result_detail", round.slug)


@require_safe
def result_detail(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The sealed result with its digest; `?periksa=1` recomputes it."""
    round, stage = _round_and_stage(request.user, round_slug)
    result = queries.sealed_result(stage)
    if result is None:
        raise Http404
    checked = request.GET.get("periksa") == "1"
    rows = result.resultrow_set.order_by("position")
    return render(
        request,
        "judging/result_detail.html",
        {
            "round": round,
            "result": result,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman")),
            "row_count": rows.count(),
            "sheet_count": ScoreSheet.objects.open()
            .final()
            .filter(assignment__scoring_stage=stage)
            .count(),
            "checked": checked,
            "faults": proof.check_one(result) if checked else [],
        },
    )


def _round_and_stage(user: User, slug: str) -> tuple[Round, ScoringStage]:
    round = get_object_or_404(
        Round.objects.run_by(user).select_related("competition__government"), slug=slug
    )
    if not permissions.can_handle_result(user, round):
        raise PermissionDenied
    stage = queries.scoring_stage_of(round)
    if stage is None:
        raise Http404
    stage.round = round
    return round, stage


def _places(
    stage: ScoringStage, criteria: list[Criterion], result: Result | None
) -> list[standings.Place]:
    return standings.sealed(result) if result else standings.current(stage, criteria)


def _narrowed(
    places: list[standings.Place], form: RankingFilterForm, stage: ScoringStage
) -> list[standings.Place]:
    if not form.narrows:
        return places
    among = Proposal.objects.filter(round=stage.round_id)
    kept = set(form.matching(among).values_list("pk", flat=True))
    return [place for place in places if place.proposal_id in kept]

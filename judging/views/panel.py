"""The panel as the secretariat keeps it: jurors, assignments, progress."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import User
from accounts.requests import SignedInRequest
from competitions import permissions as competition_permissions
from competitions.models import Round, ScoringStage, Stage
from judging import queries, services, standings
from judging.forms import JurorForm, ReasonForm
from judging.models import Conflict, Juror, ScoreSheet
from submissions.models import Proposal

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def juror_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The panel with its progress; POST calls another juror."""
    round = _round(request.user, round_slug)
    stages = queries.scoring_stages_of(round)
    windows = queries.windows_of(round)
    stage = _chosen(stages, windows, request)
    form = JurorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            juror = services.add_juror(
                round=round,
                **form.cleaned_data,
                actor=request.user,
                at=request.received_at,
            )
        except services.JurorNotAdded as refusal:
            form.add_error("email", refusal.message)
        else:
            messages.success(request, _("%(juror)s was invited.") % {"juror": juror})
            return redirect("judging:juror_list", round.slug)
    board = queries.board_of(round, stage)
    is_sealed = queries.sealed_result(round) is not None
    before = stages[: stages.index(stage)] if stage else []
    waiting_for = next(
        iter(queries.unshown_stages(before, windows, request.received_at)), None
    )
    return render(
        request,
        "judging/juror_list.html",
        {
            "round": round,
            "stage": stage,
            "tabs": _tabs(round, stages, stage),
            "window": windows.get(stage.calendar_kind) if stage else None,
            "at": request.received_at,
            "board": board,
            "total": queries.summed([row.progress for row in board]),
            "waiting": _waiting(round, stage, is_first=not before)
            if stage and not is_sealed and not waiting_for
            else 0,
            "waiting_for": waiting_for,
            "is_sealed": is_sealed,
            "form": form,
        },
    )


@require_POST
def assignment_create(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Give the jurors the proposals that a stage judges."""
    round = _round(request.user, round_slug)
    stages = queries.scoring_stages_of(round)
    stage = _chosen(stages, queries.windows_of(round), request)
    if stage is None:
        raise Http404
    try:
        report = services.assign_all(
            scoring_stage=stage, actor=request.user, at=request.received_at
        )
    except services.NothingAssigned as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            ngettext(
                "%(count)d sheet was handed out.",
                "%(count)d sheets were handed out.",
                report.added,
            )
            % {"count": report.added}
            if report.added
            else _("Every proposal is with every juror already."),
        )
    return redirect(_board_url(round, stages, stage))


@require_safe
def juror_detail(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """One juror: conflicts, and the state of each sheet without its scores."""
    round = _round(request.user, round_slug)
    juror = get_object_or_404(
        Juror.objects.select_related("user"), round=round, key=key
    )
    sheets = (
        ScoreSheet.objects.with_conflict()
        .filter(assignment__juror=juror)
        .select_related(
            "assignment__proposal__institution", "assignment__scoring_stage"
        )
        .order_by(
            "assignment__scoring_stage__order", "assignment__proposal__title", "pk"
        )
    )
    return render(
        request,
        "judging/juror_detail.html",
        {
            "round": round,
            "juror": juror,
            "page": Paginator(sheets, PAGE_SIZE).get_page(request.GET.get("halaman")),
            "conflicts": Conflict.objects.filter(juror=juror)
            .select_related("institution", "proposal")
            .order_by("declared_at", "pk"),
            "can_reopen": queries.sealed_result(round) is None,
            "has_stages": round.scoringstage_set.count() > 1,
        },
    )


@require_POST
def juror_remind(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Remind a juror of what is left."""
    round = _round(request.user, round_slug)
    juror = get_object_or_404(
        Juror.objects.select_related("user", "round__competition__government"),
        round=round,
        key=key,
    )
    try:
        services.remind_juror(juror=juror, actor=request.user, at=request.received_at)
    except services.JurorNotReminded as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(juror)s was reminded.") % {"juror": juror})
    return redirect("judging:juror_list", round.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_reopen(request: SignedInRequest, key: str) -> HttpResponse:
    """Give a finished sheet back to its juror, with a reason."""
    sheet = get_object_or_404(
        ScoreSheet.objects.run_by(request.user).select_related(
            "assignment__juror__user",
            "assignment__proposal__institution",
            "assignment__scoring_stage__round__competition__government",
        ),
        key=key,
    )
    round = sheet.assignment.scoring_stage.round
    competition_permissions.require_no_part(request.user, round)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reopen_sheet(
                sheet=sheet,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.SheetNotReopened as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request,
                _("Sheet given back to %(juror)s.") % {"juror": sheet.assignment.juror},
            )
        return redirect("judging:juror_detail", round.slug, sheet.assignment.juror.key)
    return render(
        request,
        "judging/sheet_reopen.html",
        {"sheet": sheet, "round": round, "form": form},
    )


def _round(user: User, slug: str) -> Round:
    round = get_object_or_404(
        Round.objects.run_by(user).select_related("competition__government"), slug=slug
    )
    competition_permissions.require_no_part(user, round)
    return round


def _chosen(
    stages: Sequence[ScoringStage],
    windows: Mapping[str, Stage],
    request: SignedInRequest,
) -> ScoringStage | None:
    """The stage asked for, else the one at work."""
    asked = request.POST.get("tahap") or request.GET.get("tahap")
    by_code = {stage.code: stage for stage in stages}
    return by_code.get(asked or "") or queries.stage_at_work(
        stages, windows, request.received_at
    )


def _waiting(round: Round, stage: ScoringStage, *, is_first: bool) -> int:
    """Count the proposals that `stage` judges and that no juror has yet."""
    if is_first:
        return queries.unassigned_count(stage)
    scoring = queries.scoring_of(round)
    before = [each for each in scoring if each.stage.order < stage.order]
    judged = Proposal.objects.filter(pk__in=standings.through(round, before))
    return queries.unassigned_count(stage, judged)


def _board_url(
    round: Round, stages: Sequence[ScoringStage], stage: ScoringStage
) -> str:
    address = reverse("judging:juror_list", args=[round.slug])
    return f"{address}?tahap={stage.code}" if len(stages) > 1 else address


def _tabs(
    round: Round, stages: Sequence[ScoringStage], current: ScoringStage | None
) -> list[dict[str, Any]]:
    """One tab for each stage; none for a single one."""
    if len(stages) < 2:
        return []
    return [
        {
            "label": stage.name,
            "url": _board_url(round, stages, stage),
            "current": stage == current,
        }
        for stage in stages
    ]

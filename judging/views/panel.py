"""The panel as the secretariat keeps it: jurors, assignments, progress."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import User
from accounts.requests import SignedInRequest
from competitions.models import Round, ScoringStage
from judging import permissions, queries, services
from judging.forms import JurorForm, ReasonForm
from judging.models import Conflict, Juror, ScoreSheet

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def juror_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The panel with its progress; POST calls another juror."""
    round = _round(request.user, round_slug)
    stage = queries.scoring_stage_of(round)
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
    return render(
        request,
        "judging/juror_list.html",
        {
            "round": round,
            "stage": stage,
            "window": queries.scoring_window(round),
            "at": request.received_at,
            "board": board,
            "total": queries.summed([row.progress for row in board]),
            "waiting": queries.unassigned_count(stage) if stage else 0,
            "is_sealed": stage is not None and queries.sealed_result(stage) is not None,
            "form": form,
        },
    )


@require_POST
def assignment_create(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Assign every proposal that passed to every juror."""
    round = _round(request.user, round_slug)
    try:
        report = services.assign_all(
            scoring_stage=_stage(round), actor=request.user, at=request.received_at
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
    return redirect("judging:juror_list", round.slug)


@require_safe
def juror_detail(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """One juror: conflicts, and the state of each sheet without its scores."""
    round = _round(request.user, round_slug)
    juror = get_object_or_404(
        Juror.objects.select_related("user"), round=round, key=key
    )
    stage = queries.scoring_stage_of(round)
    sheets = (
        ScoreSheet.objects.with_conflict()
        .filter(assignment__juror=juror)
        .select_related("assignment__proposal__institution")
        .order_by("assignment__proposal__title", "pk")
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
            "can_reopen": permissions.can_handle_result(request.user, round)
            and (stage is None or queries.sealed_result(stage) is None),
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
    if not permissions.can_reopen(request.user, sheet):
        raise PermissionDenied
    round = sheet.assignment.scoring_stage.round
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
    return get_object_or_404(
        Round.objects.run_by(user).select_related("competition__government"), slug=slug
    )


def _stage(round: Round) -> ScoringStage:
    stage = queries.scoring_stage_of(round)
    if stage is None:
        raise Http404
    return stage

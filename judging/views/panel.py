"""The panel as the secretariat keeps it: jurors, their seats, their sheets."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions import permissions as competition_permissions
from competitions.models import Category, ScoringStage
from competitions.views.running import running_round
from judging import queries, services, suggesting
from judging.forms import JurorForm, ReasonForm
from judging.models import Juror, ScoreSheet
from judging.panel_forms import SeatForm
from judging.views.shared import juror_of, panel_tabs, stage_asked_for

PAGE_SIZE = 50
MOST_REPLACEMENTS = 5


@require_http_methods(["GET", "HEAD", "POST"])
def juror_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Who sits in the panel, held against the rules; POST calls another juror."""
    round = running_round(request.user, round_slug)
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
    jurors = list(
        Juror.objects.filter(round=round)
        .prefetch_related(
            Prefetch("categories", Category.objects.only("name")),
            Prefetch("scoring_stages", ScoringStage.objects.only("name")),
        )
        .for_list()
    )
    suggestions = suggesting.find(round, request.received_at)
    return render(
        request,
        "judging/juror_list.html",
        {
            "round": round,
            "seats": queries.seats_of(
                jurors, queries.conflict_counts(round), queries.proposals_given(round)
            ),
            "rules": queries.composition_of(round, jurors),
            "has_chair": any(each.is_chair and each.is_sitting for each in jurors),
            "suggestions": len(suggestions),
            "tabs": panel_tabs(round, "juror_list", suggested=len(suggestions)),
            "is_sealed": queries.sealed_result(round) is not None,
            "form": form,
        },
    )


@require_safe
def juror_detail(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """One juror: conflicts, and the state of each sheet without its scores."""
    round = running_round(request.user, round_slug)
    juror = juror_of(round, key)
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
    stages = queries.scoring_stages_of(round)
    stage = stage_asked_for(stages, queries.windows_of(round), request)
    is_sealed = queries.sealed_result(round) is not None
    progress = queries.coverage(stage).get(juror.pk) if stage else None
    left = progress.left if progress and not is_sealed else 0
    return render(
        request,
        "judging/juror_detail.html",
        {
            "round": round,
            "juror": juror,
            "categories": juror.categories.order_by("order", "pk"),
            "called_for": juror.scoring_stages.order_by("order", "pk"),
            "page": Paginator(sheets, PAGE_SIZE).get_page(request.GET.get("halaman")),
            "conflicts": queries.conflicts_of(juror),
            "stage": stage,
            "has_left": bool(left),
            "replacements": queries.replacements_for(juror, stage)[:MOST_REPLACEMENTS]
            if stage and left
            else [],
            "can_change": not is_sealed,
            "can_reopen": not is_sealed,
            "has_stages": len(stages) > 1,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def juror_edit(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Write down anew what the panel knows of a juror."""
    round = running_round(request.user, round_slug)
    juror = juror_of(round, key)
    form = SeatForm(request.POST or None, juror=juror, round=round)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_juror(
                juror=juror, **form.changes, actor=request.user, at=request.received_at
            )
        except services.JurorNotChanged as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Saved what the panel knows of the juror."))
        return redirect("judging:juror_detail", round.slug, juror.key)
    return render(
        request,
        "judging/juror_edit.html",
        {"round": round, "juror": juror, "form": form},
    )


@require_POST
def juror_chair(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Name the chair of the panel."""
    round = running_round(request.user, round_slug)
    juror = juror_of(round, key)
    try:
        services.name_chair(juror=juror, actor=request.user, at=request.received_at)
    except services.JurorNotChanged as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("%(juror)s leads the panel now.") % {"juror": juror}
        )
    return redirect("judging:juror_detail", round.slug, juror.key)


@require_POST
def juror_invite(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Call again who refused or has not answered."""
    round = running_round(request.user, round_slug)
    juror = juror_of(round, key)
    try:
        services.invite_again(juror=juror, actor=request.user, at=request.received_at)
    except services.JurorNotAdded as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(juror)s was invited again.") % {"juror": juror})
    return redirect("judging:juror_detail", round.slug, juror.key)


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

"""Setting up a round, step by step; each can be saved in any order."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions import checks, queries, services
from competitions.forms import ReasonForm, RoundForm, WeightForm, stage_forms
from competitions.models import Announcement, Round
from competitions.queries import RoundParts
from competitions.setup import problems, setup_steps
from core.errors import DomainError


def _own_round(request: SignedInRequest, slug: str) -> Round:
    return get_object_or_404(
        Round.objects.run_by(request.user).of_government(), slug=slug
    )


def _render(
    request: SignedInRequest,
    template: str,
    parts: RoundParts,
    step: checks.Step | None,
    **context: Any,
) -> HttpResponse:
    """Show a set-up page with its steps and what is wrong with this one."""
    found = checks.contradictions(parts, request.received_at)
    if parts.round.is_opened:
        # What no longer can be mended must not be held against a running round.
        found = []
    steps = setup_steps(parts, found, step)
    with timezone.override(parts.round.zone):
        return render(
            request,
            f"competitions/{template}.html",
            {
                "round": parts.round,
                "parts": parts,
                "steps": steps,
                "groups": [{"items": steps}],
                "problems": problems(
                    [each for each in found if step in (None, each.step)], steps
                ),
                **context,
            },
        )


@require_safe
def round_setup(request: SignedInRequest, round: str) -> HttpResponse:
    """What is done, what contradicts, and the button that opens the round."""
    found = _own_round(request, round)
    announcements = Announcement.objects.filter(round=found).order_by("-publish_at")
    return _render(
        request,
        "round_setup",
        queries.round_parts(found),
        None,
        announcements=announcements[:10],
        now=request.received_at,
    )


@require_POST
def round_open(request: SignedInRequest, round: str) -> HttpResponse:
    """Open the round to everybody."""
    found = _own_round(request, round)
    try:
        services.open_round(round=found, actor=request.user, at=request.received_at)
    except services.RoundNotOpenable:
        messages.error(
            request, _("The round is not opened. Mend what is named below first.")
        )
        return redirect("competitions:round_setup", found.slug)
    messages.success(request, _("The round is open. Everybody can see it now."))
    return redirect(found)


@require_http_methods(["GET", "POST"])
def round_edit(request: SignedInRequest, round: str) -> HttpResponse:
    """Name, year, theme, organiser, guideline."""
    found = _own_round(request, round)
    form = RoundForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_round(
                round=found,
                actor=request.user,
                at=request.received_at,
                **form.cleaned_data,
            )
        except services.RoundExists as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Base data saved."))
            return redirect("competitions:round_edit", found.slug)
    if form.is_bound:
        # Validating wrote what was typed into the instance; the page names the stored.
        found = _own_round(request, round)
    parts = queries.round_parts(found)
    return _render(request, "round_edit", parts, checks.Step.BASE, form=form)


@require_http_methods(["GET", "POST"])
def stage_edit(request: SignedInRequest, round: str) -> HttpResponse:
    """The calendar, with dates typed as text."""
    found = _own_round(request, round)
    parts = queries.round_parts(found)
    rows = stage_forms(found, parts.stages, request.POST or None)
    reason = ReasonForm(request.POST or None) if found.is_opened else None
    refusal = ""
    if request.method == "POST":
        wrong = [row for row in rows if not row.is_valid()]
        if not wrong and (reason is None or reason.is_valid()):
            refusal = _save_stages(request, found, rows, reason)
            if not refusal:
                messages.success(request, _("Calendar saved."))
                return redirect("competitions:stage_edit", found.slug)
    return _render(
        request,
        "stage_edit",
        parts,
        checks.Step.CALENDAR,
        rows=rows,
        reason=reason,
        refusal=refusal,
        formset=[*rows, *([reason] if reason else [])],
        chart=[(each.name, each.opens_at, each.closes_at) for each in parts.stages],
    )


def _save_stages(
    request: SignedInRequest, round: Round, rows: Any, reason: ReasonForm | None
) -> str:
    """Save the calendar; what the service refuses comes back as a sentence."""
    try:
        services.save_stages(
            round=round,
            stages=[row.as_data() for row in rows if not row.is_left_out],
            actor=request.user,
            at=request.received_at,
            reason=reason.cleaned_data["reason"] if reason else "",
        )
    except services.CalendarRefused as refusal:
        return refusal.message
    return ""


@require_http_methods(["GET", "POST"])
def criterion_edit(request: SignedInRequest, round: str) -> HttpResponse:
    """Weights of the criteria, one scoring stage at a time, and the award scheme."""
    found = _own_round(request, round)
    parts = queries.round_parts(found)
    chosen = request.POST.get("scoring_stage")
    blocks = [
        (
            scoring,
            WeightForm(
                request.POST if chosen == scoring.stage.code else None,
                criteria=scoring.criteria,
                prefix=scoring.stage.code,
            ),
        )
        for scoring in parts.scoring
    ]
    for scoring, form in blocks:
        if form.is_bound and form.is_valid():
            try:
                services.save_weights(
                    scoring_stage=scoring.stage,
                    weights=form.weights(),
                    actor=request.user,
                    at=request.received_at,
                )
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("Weights saved."))
                return redirect("competitions:criterion_edit", found.slug)
    return _render(
        request,
        "criterion_edit",
        parts,
        checks.Step.SCORING,
        blocks=blocks,
        formset=[form for _scoring, form in blocks],
    )


@require_safe
def form_preview(request: SignedInRequest, round: str) -> HttpResponse:
    """The proposal form as authors will meet it, with the requirements."""
    parts = queries.round_parts(_own_round(request, round))
    return _render(request, "form_preview", parts, checks.Step.FORM)

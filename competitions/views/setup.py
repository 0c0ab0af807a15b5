"""Setting up a round, step by step; each can be saved in any order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions import building, checks, queries, services
from competitions.forms import (
    ReasonForm,
    RoundForm,
    TieBreakForm,
    WeightForm,
    stage_forms,
)
from competitions.models import Announcement, Event, Round
from competitions.queries import RoundParts, ScoringParts
from competitions.rule_rows import RuleTable, rule_table
from competitions.setup import other_tasks, setup_steps, summary
from competitions.views.setup_pages import findings, render_step, round_to_set_up
from core.errors import DomainError


@require_safe
def round_setup(request: SignedInRequest, round: str) -> HttpResponse:
    """What is done, what contradicts, and the button that opens the round."""
    found = round_to_set_up(request, round)
    announcements = Announcement.objects.filter(round=found).order_by("-publish_at")
    parts = queries.round_parts(found)
    steps = setup_steps(parts, findings(request, parts))
    return render_step(
        request,
        "round_setup",
        parts,
        None,
        tasks=[*steps, *other_tasks(found)],
        summary=summary(parts),
        announcements=announcements[:10],
        now=request.received_at,
    )


@require_POST
def round_open(request: SignedInRequest, round: str) -> HttpResponse:
    """Open the round to everybody."""
    found = round_to_set_up(request, round)
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
    found = round_to_set_up(request, round)
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
        found = round_to_set_up(request, round)
    parts = queries.round_parts(found)
    return render_step(request, "round_edit", parts, checks.Step.BASE, form=form)


@require_http_methods(["GET", "POST"])
def stage_edit(request: SignedInRequest, round: str) -> HttpResponse:
    """The calendar, with dates typed as text."""
    found = round_to_set_up(request, round)
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
    return render_step(
        request,
        "stage_edit",
        parts,
        checks.Step.CALENDAR,
        rows=rows,
        reason=reason,
        refusal=refusal,
        formset=[*rows, *([reason] if reason else [])],
        chart=_chart(parts),
        extendable={
            each.kind
            for each in parts.stages
            if found.is_opened and not each.is_over(request.received_at)
        },
    )


def _chart(parts: RoundParts) -> list[tuple[str, datetime, datetime]]:
    """Stages and events as lines of the calendar chart."""
    events = Event.objects.filter(round=parts.round, cancelled_at=None)
    return [
        *((each.name, each.opens_at, each.closes_at) for each in parts.stages),
        *(
            (each.name, each.starts_at, each.ends_at)
            for each in events.order_by("starts_at", "pk")
        ),
    ]


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


@dataclass(frozen=True)
class StageBlock:
    """A scoring stage on the page: its weights and the lists that hang on it."""

    parts: ScoringParts
    form: WeightForm
    tables: list[RuleTable]


@require_http_methods(["GET", "POST"])
def criterion_edit(request: SignedInRequest, round: str) -> HttpResponse:
    """Stages of scoring with their criteria and weights, and the tie-break chain."""
    found = round_to_set_up(request, round)
    parts = queries.round_parts(found)
    rules = building.definition_of(parts)
    problems = findings(request, parts)
    chosen = request.POST.get("scoring_stage")
    blocks = [
        StageBlock(
            scoring,
            WeightForm(
                request.POST if chosen == scoring.stage.code else None,
                criteria=scoring.criteria,
                tracks=parts.tracks,
                prefix=scoring.stage.code,
            ),
            [
                rule_table(f"{kind}.{scoring.stage.code}", rules, found.slug, problems)
                for kind in _lists_of(scoring)
            ],
        )
        for scoring in parts.scoring
    ]
    for block in blocks:
        if block.form.is_bound and block.form.is_valid():
            try:
                services.save_weights(
                    scoring_stage=block.parts.stage,
                    weights=block.form.weights(),
                    actor=request.user,
                    at=request.received_at,
                )
            except DomainError as refusal:
                block.form.add_error(None, refusal.message)
            else:
                messages.success(request, _("Weights saved."))
                return redirect("competitions:criterion_edit", found.slug)
    return render_step(
        request,
        "criterion_edit",
        parts,
        checks.Step.SCORING,
        blocks=blocks,
        formset=[block.form for block in blocks],
        stages=rule_table("tahap", rules, found.slug, problems),
        chain=rule_table("seri", rules, found.slug, problems),
        link=TieBreakForm(rules=rules),
    )


def _lists_of(scoring: ScoringParts) -> list[str]:
    if scoring.stage.is_gate:
        return []
    return ["kriteria", "predikat"] if scoring.stage.is_assessment else ["kriteria"]

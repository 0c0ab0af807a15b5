"""Setting up a round, step by step; each can be saved in any order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions import building, checks, definitions, services
from competitions.forms import (
    MoveForm,
    ReasonForm,
    RoundForm,
    StageForm,
    TieBreakForm,
    WeightForm,
    stage_forms,
)
from competitions.models import Announcement, Event, Round
from competitions.queries import RoundParts, ScoringParts
from competitions.rule_lists import with_weights
from competitions.rule_rows import RuleTable, rule_table
from competitions.setup import (
    other_tasks,
    page_after,
    remarks,
    summary,
)
from competitions.views.setup_pages import (
    findings,
    render_step,
    round_to_set_up,
    rules_to_edit,
    told_of_saving,
)


@require_safe
def round_setup(request: SignedInRequest, round: str) -> HttpResponse:
    """What is done, what contradicts, and the button that opens the round."""
    rules = rules_to_edit(request, round)
    found, parts = rules.round, rules.parts
    announcements = Announcement.objects.filter(round=found).order_by("-publish_at")
    return render_step(
        request,
        "round_setup",
        rules,
        None,
        tasks=other_tasks(found),
        summary=summary(parts),
        remarks=remarks(parts),
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


@require_POST
def round_delete(request: SignedInRequest, round: str) -> HttpResponse:
    """Take away a round that was only prepared."""
    found = round_to_set_up(request, round)
    try:
        services.remove_round(round=found, actor=request.user, at=request.received_at)
    except services.RoundNotRemovable as refusal:
        messages.error(request, refusal.message)
        return redirect("competitions:round_setup", found.slug)
    messages.success(request, _("“%(name)s” was removed.") % {"name": found.name})
    return redirect("competitions:round_admin_list")


def _after(request: SignedInRequest, round: Round, step: checks.Step) -> str:
    """The next step, or the same page, as the button that was pressed says."""
    return page_after(round, step) if "lanjut" in request.POST else request.path


@require_http_methods(["GET", "POST"])
def round_edit(request: SignedInRequest, round: str) -> HttpResponse:
    """Name, year, theme, organiser, guideline."""
    rules = rules_to_edit(request, round)
    found = rules.round
    kinds = rules.definition.institution_kinds
    form = RoundForm(
        request.POST or None,
        instance=found,
        initial={"institution_kinds": list(kinds)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _save_base(request, found, form, kinds)
        except (services.RoundExists, services.RulesRefused) as refusal:
            form.add_error(None, refusal.message)
        else:
            if "institution_kinds" in form.changed_data:
                told_of_saving(request, rules, _("Base data saved."))
            else:
                messages.success(request, _("Base data saved."))
            return redirect(_after(request, found, checks.Step.BASE))
    if form.is_bound:
        # Validating wrote what was typed into the instance; the page names the stored.
        rules = rules_to_edit(request, round)
    return render_step(request, "round_edit", rules, checks.Step.BASE, form=form)


def _save_base(
    request: SignedInRequest, round: Round, form: RoundForm, kinds: Sequence[str]
) -> None:
    """Save what is typed; who may enter an open round is a rule, and only prepared."""
    wanted = tuple(form.cleaned_data["institution_kinds"])
    with transaction.atomic():
        saved = services.update_round(
            round=round,
            actor=request.user,
            at=request.received_at,
            **form.cleaned_data,
        )
        if saved.is_opened and set(wanted) != set(kinds):
            services.change_rules(
                round=saved,
                change=lambda rules: replace(rules, institution_kinds=wanted),
                actor=request.user,
                at=request.received_at,
            )


@require_http_methods(["GET", "POST"])
def stage_edit(request: SignedInRequest, round: str) -> HttpResponse:
    """The calendar, with dates typed as text."""
    rules = rules_to_edit(request, round)
    found, parts = rules.round, rules.live
    rows = stage_forms(found, parts.stages, request.POST or None)
    reason = ReasonForm(request.POST or None) if found.is_opened else None
    # An open round is extended stage by stage; only a draft moves as a whole.
    is_moved = "geser" in request.POST and not found.is_opened
    move = None if found.is_opened else MoveForm(request.POST if is_moved else None)
    refusal = ""
    if request.method == "POST":
        # All are asked, so that every mistake is shown at once.
        wrong = [row for row in rows if not row.is_valid()]
        is_fine = (reason is None or reason.is_valid()) and not wrong
        if is_fine and (not is_moved or (move and move.is_valid())):
            first_day = move.cleaned_data["first_day"] if is_moved and move else None
            refusal = _save_stages(request, found, rows, reason, first_day)
            if not refusal:
                messages.success(request, _("Calendar saved."))
                return redirect(_after(request, found, checks.Step.CALENDAR))
    return render_step(
        request,
        "stage_edit",
        rules,
        checks.Step.CALENDAR,
        rows=rows,
        reason=reason,
        move=move,
        refusal=refusal,
        formset=[*rows, *([reason] if reason else []), *([move] if move else [])],
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
    request: SignedInRequest,
    round: Round,
    rows: Sequence[StageForm],
    reason: ReasonForm | None,
    first_day: date | None = None,
) -> str:
    """Save the calendar; what the service refuses comes back as a sentence.

    With `first_day` it is moved there first; an empty one becomes a usual one.
    """
    stages = [row.as_data() for row in rows if not row.is_left_out]
    if first_day and stages:
        stages = building.moved_stages(stages, round.zone, first_day=first_day)
    elif first_day:
        usual = definitions.preset(definitions.DEFAULT_PRESET)
        stages = services.planned_stages(usual, first_day, round.zone)
    try:
        services.save_stages(
            round=round,
            stages=stages,
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
    rules = rules_to_edit(request, round)
    found, parts, definition = rules.round, rules.parts, rules.definition
    problems = findings(request, rules)
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
                rule_table(
                    f"{kind}.{scoring.stage.code}", definition, found.slug, problems
                )
                for kind in _lists_of(scoring)
            ],
        )
        for scoring in parts.scoring
    ]
    for block in blocks:
        if block.form.is_bound and block.form.is_valid():
            try:
                services.change_rules(
                    round=found,
                    change=partial(
                        with_weights,
                        stage=block.parts.stage.code,
                        weights=block.form.weights(),
                    ),
                    actor=request.user,
                    at=request.received_at,
                )
            except services.RulesRefused as refusal:
                block.form.add_error(None, refusal.message)
            else:
                told_of_saving(request, rules, _("Weights saved."))
                return redirect("competitions:criterion_edit", found.slug)
    return render_step(
        request,
        "criterion_edit",
        rules,
        checks.Step.SCORING,
        found=problems,
        blocks=blocks,
        formset=[block.form for block in blocks],
        stages=rule_table("tahap", definition, found.slug, problems),
        chain=rule_table("seri", definition, found.slug, problems),
        link=TieBreakForm(rules=definition),
    )


def _lists_of(scoring: ScoringParts) -> list[str]:
    if scoring.stage.is_gate:
        return []
    return ["kriteria", "predikat"] if scoring.stage.is_assessment else ["kriteria"]

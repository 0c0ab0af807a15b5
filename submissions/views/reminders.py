"""The plan of reminders of a round."""

from typing import Any

from django.contrib import messages
from django.forms import HiddenInput
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from competitions import permissions
from competitions.models import ReminderPlan, Round, Stage
from competitions.models.reminders import default_channels, usual_audience
from competitions.views.setup_pages import round_to_set_up
from submissions import planned, services
from submissions.forms import ReminderForm
from submissions.views import shared


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_list(request: SignedInRequest, round: str) -> HttpResponse:
    """What goes out by itself, when, and whom it would reach today; POST adds one."""
    found = round_to_set_up(request, round)
    stages = _running(found, request)
    form = _form(request, stages)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_reminder(
                stage=form.chosen_stage,
                terms=form.terms(),
                actor=request.user,
                at=request.received_at,
            )
        except services.ReminderNotPlanned as refusal:
            form.add_error("number", refusal.message)
        else:
            messages.success(request, _("The reminder is planned."))
            return redirect("submissions:reminder_list", found.slug)
    shut_out = _shut_out(request, found)
    plans = planned.plans_of(found, request.received_at, count=not shut_out)
    return _answer(
        request,
        "reminder_list",
        found,
        form,
        plans=[each for each in plans if each.rows],
        shut_out=shut_out,
        can_add=bool(stages) and not shut_out,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_edit(request: SignedInRequest, round: str, key: str) -> HttpResponse:
    """Change one that was not sent."""
    found = round_to_set_up(request, round)
    plan = _plan_of(found, key)
    form = _form(request, [plan.stage], plan)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_reminder(
                plan=plan,
                terms=form.terms(),
                actor=request.user,
                at=request.received_at,
            )
        except services.ReminderNotPlanned as refusal:
            form.add_error("number", refusal.message)
        else:
            messages.success(request, _("The reminder is changed."))
            return redirect("submissions:reminder_list", found.slug)
    return _answer(
        request,
        "reminder_edit",
        found,
        form,
        plan=plan,
        shut_out=_shut_out(request, found),
    )


@require_POST
def reminder_delete(request: SignedInRequest, round: str, key: str) -> HttpResponse:
    """Take one away."""
    found = round_to_set_up(request, round)
    try:
        services.remove_reminder(
            plan=_plan_of(found, key), actor=request.user, at=request.received_at
        )
    except services.ReminderNotPlanned as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The reminder was taken away."))
    return redirect("submissions:reminder_list", found.slug)


def _plan_of(round: Round, key: str) -> ReminderPlan:
    plans = ReminderPlan.objects.standing().select_related("stage")
    plan = get_object_or_404(plans, stage__round=round, key=key)
    plan.stage.round = round
    return plan


def _running(round: Round, request: SignedInRequest) -> list[Stage]:
    """The stages that a reminder may still be added to."""
    stages = Stage.objects.filter(round=round, closes_at__gt=request.received_at)
    return list(stages.order_by("order"))


def _shut_out(request: SignedInRequest, round: Round) -> str:
    """Why this person changes nothing here, if so."""
    if round.is_opened and permissions.competes_in(request.user, round):
        return permissions.why_shut_out(round)
    return ""


def _form(
    request: SignedInRequest, stages: list[Stage], plan: ReminderPlan | None = None
) -> ReminderForm:
    initial: dict[str, Any] = {"channels": default_channels(), "unit": "days"}
    if plan:
        is_days = plan.hours and not plan.hours % 24
        initial = {
            "stage": plan.stage.kind,
            "number": plan.hours // 24 if is_days else plan.hours,
            "unit": "days" if is_days else "hours",
            "anchor": plan.anchor,
            "audience": plan.audience,
            "channels": plan.channels,
        }
    elif stages:
        submission = [each for each in stages if each.kind == Stage.Kind.SUBMISSION]
        first = (submission or stages)[0]
        initial |= {"stage": first.kind, "audience": usual_audience(first.kind)}
    data = request.POST if request.method == "POST" else None
    form = ReminderForm(data, stages=stages, initial=initial)
    if plan:
        form.fields["stage"].widget = HiddenInput()
    return form


def _answer(
    request: SignedInRequest,
    template: str,
    round: Round,
    form: ReminderForm,
    **context: Any,
) -> HttpResponse:
    with timezone.override(round.zone):
        return render(
            request,
            f"submissions/{template}.html",
            {"round": round, "form": form, **context},
            status=shared.UNPROCESSABLE if form.errors else 200,
        )

"""The day of presentations itself: the operator's page and the screen of the hall."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from core import dates
from judging import queries, services
from judging.models import PresentationDay, PresentationSlot
from judging.queries import DayList
from judging.stage_forms import PostponeForm
from judging.views.presenting import own_day, own_slot, round_of

# What one press does to a slot, by the word in its address.
STEPS: dict[str, Callable[..., PresentationSlot]] = {
    "mulai": services.start_slot,
    "tanya": services.begin_questions,
    "selesai": services.finish_slot,
    "ulang": services.reset_slot,
    "tidak-hadir": services.mark_absent,
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def presentation_operate(
    request: SignedInRequest, round_slug: str, key: str
) -> HttpResponse:
    """Who presents now and who is next; POST ends this one and calls the next."""
    day = own_day(request, round_slug, key)
    if request.method == "POST":
        try:
            services.call_next(
                day=day,
                after=request.POST.get("after", ""),
                actor=request.user,
                at=request.received_at,
            )
        except services.NotCalled as refusal:
            messages.error(request, refusal.message)
        return redirect("judging:presentation_operate", round_slug, key)
    if is_unchanged(request, day):
        return HttpResponse(status=204)
    template = "judging/presentation_operate.html"
    if request.htmx:
        template += "#live"
    with timezone.override(round_of(day).zone):
        return render(request, template, live_context(day, request.received_at))


@never_cache
@require_safe
def presentation_hall(
    request: SignedInRequest, round_slug: str, key: str
) -> HttpResponse:
    """The clock in large figures, for the projector of the hall."""
    day = own_day(request, round_slug, key)
    if is_unchanged(request, day):
        return HttpResponse(status=204)
    template = "judging/presentation_hall.html"
    if request.htmx:
        template += "#live"
    with timezone.override(round_of(day).zone):
        return render(request, template, live_context(day, request.received_at))


@require_POST
def presentation_step(request: SignedInRequest, key: str, step: str) -> HttpResponse:
    """Begin, end or take back a presentation, go over to questions, note an absence."""
    slot = own_slot(request, key)
    if step not in STEPS:
        raise Http404
    try:
        STEPS[step](slot=slot, actor=request.user, at=request.received_at)
    except services.StepNotTaken as refusal:
        messages.error(request, refusal.message)
    return redirect("judging:presentation_operate", _slug(slot), slot.day.key)


@require_http_methods(["GET", "HEAD", "POST"])
def presentation_postpone(request: SignedInRequest, key: str) -> HttpResponse:
    """Ask why and to when, then postpone a presentation."""
    slot = own_slot(request, key)
    zone = slot.plan.scoring_stage.round.zone
    days = {
        each.key: each
        for each in PresentationDay.objects.filter(plan=slot.plan).order_by("begins_at")
        if not _has_passed(each, request.received_at, zone)
    }
    form = PostponeForm(
        request.POST or None,
        days=[(key, _last_on(day, zone)) for key, day in days.items()],
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.postpone_slot(
                slot=slot,
                reason=form.cleaned_data["reason"],
                day=days.get(form.cleaned_data["to"]),
                actor=request.user,
                at=request.received_at,
            )
        except services.StepNotTaken as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("%(title)s was postponed.") % {"title": slot.proposal.title}
            )
        return redirect("judging:presentation_operate", _slug(slot), slot.day.key)
    with timezone.override(zone):
        return render(
            request,
            "judging/presentation_postpone.html",
            {"slot": slot, "round": slot.plan.scoring_stage.round, "form": form},
        )


def is_unchanged(request: SignedInRequest, day: PresentationDay) -> bool:
    """Whether a page that asks by itself shows all there is already."""
    seen = request.GET.get("versi")
    return bool(request.htmx) and seen == str(day.plan.version)


def live_context(day: PresentationDay, at: datetime) -> dict[str, Any]:
    """What the operator's page and the hall show of a day."""
    listed = queries.day_list(day)
    current = listed.current
    return {
        "round": round_of(day),
        "day": day,
        "plan": day.plan,
        "listed": listed,
        "current": current,
        "following": listed.following,
        "late_by": listed.late_by(at),
        "stopwatch": stopwatch(current, day, at),
        "is_over": _is_over(listed),
    }


def stopwatch(
    slot: PresentationSlot | None, day: PresentationDay, at: datetime
) -> dict[str, Any] | None:
    """The clock of a presentation that runs: moments, and in milliseconds for script.

    `now` lets a device whose own clock is wrong show the right time.
    """
    clock = queries.clock_of(slot, day) if slot else None
    if clock is None:
        return None
    return {
        "clock": clock,
        "is_presenting": clock.is_presenting(at),
        "is_over": clock.is_over(at),
        "now": _milliseconds(at),
        "turn": _milliseconds(clock.questions_at),
        "end": _milliseconds(clock.ends_at),
    }


def _milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))


def _is_over(listed: DayList) -> bool:
    return listed.is_begun and listed.current is None and listed.following is None


def _has_passed(day: PresentationDay, at: datetime, zone: tzinfo) -> bool:
    return day.begins_at.astimezone(zone).date() < at.astimezone(zone).date()


def _last_on(day: PresentationDay, zone: tzinfo) -> str:
    return _("At the end of %(day)s") % {
        "day": dates.format_date(day.begins_at, "weekday", zone)
    }


def _slug(slot: PresentationSlot) -> str:
    return slot.plan.scoring_stage.round.slug

"""Presentations as jurors and institutions see them: no scores, no drafts of plans."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from competitions import ical
from competitions.models import Round
from competitions.views.calendar import calendar_response
from judging import queries
from judging.models import (
    Juror,
    Plenary,
    PresentationDay,
    PresentationPlan,
    PresentationSlot,
    ScoreSheet,
)
from judging.queries import DayList
from judging.views.performing import stopwatch
from judging.views.presenting import private
from submissions.models import Proposal

# Nobody says beforehand how long one takes; calendars ask for it.
PLENARY_LENGTH = timedelta(hours=3)


@dataclass(frozen=True)
class Seat:
    """One slot as a juror sees it; without a sheet it tells the time alone."""

    slot: PresentationSlot
    sheet: ScoreSheet | None


@never_cache
@require_safe
def presentation_follow(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The day as it goes on, leading to the juror's own sheet of who presents."""
    juror = _juror(request, round_slug)
    if not juror.has_signed:
        return redirect("judging:panel_accept", round_slug)
    days = _days(juror.round)
    if not days:
        raise Http404
    listed = _today(days, request.received_at)
    plan = listed.day.plan
    if request.htmx and request.GET.get("versi") == str(plan.version):
        return HttpResponse(status=204)
    sheets = {
        sheet.assignment.proposal_id: sheet
        for sheet in ScoreSheet.objects.visible_to(request.user)
        .filter(
            assignment__juror=juror, assignment__scoring_stage=plan.scoring_stage_id
        )
        .select_related("assignment")
    }
    seats = [
        Seat(slot, sheets.get(slot.proposal_id))
        for slot in listed.slots
        if not slot.is_postponed
    ]
    current = listed.current
    template = "judging/presentation_follow.html"
    if request.htmx:
        template += "#live"
    with timezone.override(juror.round.zone):
        return render(
            request,
            template,
            {
                "round": juror.round,
                "plan": plan,
                "day": listed.day,
                "seats": seats,
                "now": next((each for each in seats if each.slot == current), None),
                "stopwatch": stopwatch(current, listed.day, request.received_at),
                "is_blind": plan.scoring_stage.is_blind,
            },
        )


@require_safe
def presentation_follow_calendar(
    request: SignedInRequest, round_slug: str
) -> HttpResponse:
    """The days of presentations, for a juror's calendar: whole days, no proposals."""
    juror = _juror(request, round_slug)
    if not juror.has_signed:
        raise Http404
    path = reverse("judging:presentation_follow", args=[round_slug])
    content = ical.meeting_calendar(
        juror.round.name,
        path,
        [
            ical.Meeting(
                uid=f"presentation-day-{each.day.pk}",
                summary=f"{each.day.plan.scoring_stage.name}, {juror.round.name}",
                starts_at=each.day.begins_at,
                ends_at=max(each.ends_at, each.day.begins_at + each.day.slot_length),
                stamp=request.received_at,
                sequence=each.day.plan.version,
                path=path,
                place=each.day.whereabouts,
            )
            for each in _days(juror.round)
        ],
    )
    return private(calendar_response(content, f"presentasi-{round_slug}.ics"))


@require_safe
def plenary_calendar(request: SignedInRequest, key: str) -> HttpResponse:
    """A plenary for the calendar of a juror who is called to it."""
    called = Juror.objects.sitting().filter(
        user=request.user, round=OuterRef("round"), signed_at__isnull=False
    )
    plenary = get_object_or_404(
        Plenary.objects.exclude(state=Plenary.State.CANCELLED)
        .filter(Exists(called))
        .select_related("round"),
        key=key,
    )
    path = f"{reverse('judging:assignment_list')}?putaran={plenary.round.slug}"
    meeting = ical.Meeting(
        uid=f"plenary-{plenary.key}",
        summary=_("Plenary, %(round)s") % {"round": plenary.round.name},
        starts_at=plenary.held_at,
        ends_at=plenary.held_at + PLENARY_LENGTH,
        stamp=request.received_at,
        sequence=queries.changes_of(plenary),
        path=path,
        place=plenary.place,
    )
    content = ical.meeting_calendar(plenary.round.name, path, [meeting])
    return private(calendar_response(content, f"pleno-{plenary.key}.ics"))


@require_safe
def presentation_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """When and where a proposal is presented, as its institution was told."""
    slot = _told_slot(request, code)
    round = slot.proposal.round
    with timezone.override(round.zone):
        return render(
            request,
            "judging/presentation_detail.html",
            {
                "slot": slot,
                "day": slot.day,
                "proposal": slot.proposal,
                "round": round,
                "ends_at": (slot.told_time or slot.planned_at) + slot.day.slot_length,
                "others": _others(slot) if slot.plan.is_order_public else [],
            },
        )


@require_safe
def presentation_detail_calendar(request: SignedInRequest, code: str) -> HttpResponse:
    """The time of a proposal's presentation, to be put into a calendar."""
    slot = _told_slot(request, code)
    if slot.is_postponed:
        raise Http404
    starts_at = slot.told_time or slot.planned_at
    path = reverse("judging:presentation_detail", args=[code])
    meeting = ical.Meeting(
        uid=f"presentation-{slot.proposal_id}-{slot.plan_id}",
        summary=f"{slot.plan.scoring_stage.name}: {slot.proposal.title}",
        starts_at=starts_at,
        ends_at=starts_at + slot.day.slot_length,
        stamp=slot.told_at or starts_at,
        sequence=slot.plan.version,
        path=path,
        place=slot.told_place,
    )
    content = ical.meeting_calendar(slot.proposal.title, path, [meeting])
    return private(calendar_response(content, f"presentasi-{code}.ics"))


def _juror(request: SignedInRequest, round_slug: str) -> Juror:
    return get_object_or_404(
        Juror.objects.sitting().select_related("round__competition__government"),
        round__slug=round_slug,
        user=request.user,
    )


def _days(round: Round) -> list[DayList]:
    return [
        each
        for stage in queries.presentation_stages_of(round)
        for each in queries.days_of(queries.plan_of(stage))
    ]


def _today(days: list[DayList], at: datetime) -> DayList:
    """The day that goes on; else the next one, or the last."""
    live = next((each for each in days if each.current), None)
    coming = next((each for each in days if each.ends_at > at), None)
    return live or coming or days[-1]


def _told_slot(request: SignedInRequest, code: str) -> PresentationSlot:
    """The slot of a proposal that the person may read, once its people were told."""
    slots = PresentationSlot.objects.filter(
        proposal__in=Proposal.objects.visible_to(request.user),
        proposal__code=code,
        told_at__isnull=False,
    ).select_related(
        "day",
        "plan__scoring_stage",
        "proposal__institution",
        "proposal__round__competition__government",
    )
    slot = slots.order_by("-told_at", "-pk").first()
    if slot is None:
        raise Http404
    return slot


def _others(slot: PresentationSlot) -> list[PresentationSlot]:
    """The order of the whole day, as everybody was told it."""
    plan: PresentationPlan = slot.plan
    day: PresentationDay = slot.day
    told = (
        PresentationSlot.objects.filter(plan=plan, day=day, told_at__isnull=False)
        .standing()
        .filter(proposal__state=Proposal.State.SCREENED_PASSED)
        .select_related("proposal__institution")
    )
    return sorted(told, key=lambda each: (each.told_time or each.planned_at, each.pk))

"""The schedule of presentations, as the secretariat makes it."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions import ical
from competitions import permissions as competition_permissions
from competitions.models import Round, ScoringStage
from competitions.views.calendar import calendar_response
from competitions.views.running import running_round
from core.cleaning import clean_file_name
from documents import composing
from documents import services as documents_services
from judging import queries, services, standings, timetable
from judging.models import PresentationDay, PresentationSlot
from judging.stage_forms import ArrangeForm, DayForm
from submissions.models import Proposal


@require_safe
def presentation_schedule(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The days of presentations, who has no time yet, and how to arrange them."""
    stage = _stage(request, round_slug)
    plan = queries.plan_of(stage)
    days = queries.days_of(plan)
    found = standings.candidates_of(stage, request.received_at)
    placed = {
        slot.proposal_id
        for each in days
        for slot in each.slots
        if not slot.is_postponed and not slot.is_absent
    }
    unplaced = (
        Proposal.objects.filter(pk__in=found.ids - placed)
        .select_related("institution")
        .order_by("title", "pk")
    )
    slots = [slot for each in days for slot in each.slots]
    return _render(
        request,
        stage,
        "judging/presentation_schedule.html",
        {
            "plan": plan,
            "days": days,
            "waiting_for": found.waiting_for,
            "candidate_count": len(found.ids),
            "unplaced": list(unplaced) if found.ids - placed else [],
            "form": ArrangeForm(),
            "is_begun": any(each.is_begun for each in days),
            "has_slots": bool(slots),
            "untold_count": sum(
                slot.is_waiting
                and slot.proposal.has_passed
                and not slot.was_told(slot.planned_at, each.day.whereabouts)
                for each in days
                for slot in each.slots
            ),
            "told_count": sum(slot.told_at is not None for slot in slots),
            "lots": {
                slot.proposal.code: timetable.lot_number(plan.seed, slot.proposal.code)[
                    :8
                ]
                for slot in slots
            }
            if plan.is_drawn
            else {},
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def presentation_day_create(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Add a day of presentations."""
    return _edit_day(request, _stage(request, round_slug), None)


@require_http_methods(["GET", "HEAD", "POST"])
def presentation_day_edit(
    request: SignedInRequest, round_slug: str, key: str
) -> HttpResponse:
    """Change a day that has not begun."""
    day = own_day(request, round_slug, key)
    return _edit_day(request, day.plan.scoring_stage, day)


@require_POST
def presentation_day_remove(
    request: SignedInRequest, round_slug: str, key: str
) -> HttpResponse:
    """Take a day out that nobody was told of."""
    day = own_day(request, round_slug, key)
    stage = day.plan.scoring_stage
    try:
        services.remove_day(day=day, actor=request.user, at=request.received_at)
    except services.DayNotSaved as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The day was removed."))
    return _to_schedule(stage)


@require_POST
def presentation_arrange(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Put all who present into order: by lot, by category, or as they stand."""
    stage = _stage(request, round_slug)
    form = ArrangeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose an order first."))
        return _to_schedule(stage)
    try:
        done = services.arrange_presentations(
            stage=stage,
            **form.cleaned_data,
            actor=request.user,
            at=request.received_at,
        )
    except services.NotArranged as refusal:
        messages.error(request, refusal.message)
        return _to_schedule(stage)
    messages.success(
        request,
        ngettext(
            "%(count)d proposal has its time.",
            "%(count)d proposals have their time.",
            done.placed,
        )
        % {"count": done.placed},
    )
    if done.left_out:
        messages.warning(
            request,
            ngettext(
                "%(count)d found no room: add a day, or let a day take more.",
                "%(count)d found no room: add a day, or let a day take more.",
                done.left_out,
            )
            % {"count": done.left_out},
        )
    return _to_schedule(stage)


@require_POST
def presentation_place(
    request: SignedInRequest, round_slug: str, code: str
) -> HttpResponse:
    """Let a proposal without a time present last on a day."""
    stage = _stage(request, round_slug)
    proposal = get_object_or_404(Proposal, round=stage.round, code=code)
    days = PresentationDay.objects.for_page().filter(plan__scoring_stage=stage)
    day = days.filter(key=request.POST.get("day", "")).first()
    if day is None:
        messages.error(request, _("Choose a day first."))
        return _to_schedule(stage)
    try:
        services.place_proposal(
            proposal=proposal, day=day, actor=request.user, at=request.received_at
        )
    except services.SlotNotMoved as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("%(title)s has a time now.") % {"title": proposal.title}
        )
    return _to_schedule(day.plan.scoring_stage)


@require_POST
def presentation_move(request: SignedInRequest, key: str) -> HttpResponse:
    """Let a slot change places with the one before or after it."""
    slot = own_slot(request, key)
    try:
        services.move_slot(
            slot=slot,
            by=-1 if request.POST.get("to") == "up" else 1,
            actor=request.user,
            at=request.received_at,
        )
    except services.SlotNotMoved as refusal:
        messages.error(request, refusal.message)
    return _to_schedule(slot.plan.scoring_stage, f"#slot-{slot.key}")


@require_POST
def presentation_show_order(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Say whether those who present see the whole order."""
    stage = _stage(request, round_slug)
    plan = services.show_order(
        plan=queries.plan_of(stage),
        is_public=request.POST.get("is_public") == "1",
        actor=request.user,
        at=request.received_at,
    )
    messages.success(
        request,
        _("Those who present see the whole order.")
        if plan.is_order_public
        else _("Each institution sees its own time only."),
    )
    return _to_schedule(stage)


@require_POST
def presentation_announce(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Tell the institutions their time and place, or what has changed."""
    stage = _stage(request, round_slug)
    try:
        told = services.announce_presentations(
            plan=queries.plan_of(stage), actor=request.user, at=request.received_at
        )
    except services.NothingToTell as refusal:
        messages.info(request, refusal.message)
        return _to_schedule(stage)
    messages.success(
        request,
        ngettext(
            "%(count)d institution was told its time.",
            "%(count)d institutions were told their time.",
            len(told),
        )
        % {"count": len(told)},
    )
    return _to_schedule(stage)


@require_safe
def presentation_call_list(
    request: SignedInRequest, round_slug: str, key: str
) -> HttpResponse:
    """The list of one day to print, with room to sign for who has come."""
    day = own_day(request, round_slug, key)
    round = day.plan.scoring_stage.round
    listed = queries.day_list(day)
    # It is an Indonesian paper, whatever language the reader has chosen.
    with translation.override("id"), timezone.override(round.zone):
        matter = composing.matter_of(
            "judging/pdf/presentation_call_list.html",
            {
                "round": round,
                "government": round.competition.government,
                "stage": day.plan.scoring_stage,
                "plan": day.plan,
                "day": day,
                "listed": listed,
                "slots": [each for each in listed.slots if not each.is_postponed],
                "printed_at": request.received_at,
            },
        )
        name = clean_file_name(f"Daftar panggil {round.name}", ".pdf")
    return pdf_response(documents_services.compose_awaited(matter), name)


@require_safe
def presentation_calendar(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The days of presentations as a calendar file."""
    stage = _stage(request, round_slug)
    plan = queries.plan_of(stage)
    path = reverse("judging:presentation_schedule", args=[round_slug])
    content = ical.meeting_calendar(
        f"{stage.name}, {stage.round.name}",
        path,
        [
            ical.Meeting(
                uid=f"presentation-slot-{slot.pk}",
                summary=f"{slot.proposal.title} ({slot.proposal.institution})",
                starts_at=slot.planned_at,
                ends_at=slot.planned_at + each.day.slot_length,
                stamp=request.received_at,
                sequence=plan.version,
                path=path,
                place=each.day.whereabouts,
            )
            for each in queries.days_of(plan)
            for slot in each.slots
            if not slot.is_postponed
        ],
    )
    return private(calendar_response(content, f"presentasi-{round_slug}.ics"))


def own_day(request: SignedInRequest, round_slug: str, key: str) -> PresentationDay:
    """A day of a round that the person runs and takes no part in; else 404 or 403."""
    round = running_round(request.user, round_slug)
    return get_object_or_404(
        PresentationDay.objects.for_page(), key=key, plan__scoring_stage__round=round
    )


def own_slot(request: SignedInRequest, key: str) -> PresentationSlot:
    """A slot of a round that the person runs and takes no part in; else 404 or 403."""
    slot = get_object_or_404(
        PresentationSlot.objects.run_by(request.user).select_related(
            "day",
            "proposal__institution",
            "plan__scoring_stage__round__competition__government",
        ),
        key=key,
    )
    competition_permissions.require_no_part(request.user, slot.plan.scoring_stage.round)
    return slot


def private(response: HttpResponse) -> HttpResponse:
    """Keep what is for one person out of shared caches."""
    response["Cache-Control"] = "private, no-store"
    return response


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """Hand out a paper made for one person just now."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or ""
    return private(response)


def round_of(day: PresentationDay) -> Round:
    return day.plan.scoring_stage.round


def _edit_day(
    request: SignedInRequest, stage: ScoringStage, day: PresentationDay | None
) -> HttpResponse:
    form = DayForm(request.POST or None, zone=stage.round.zone, day=day)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_day(
                stage=stage,
                day=day,
                data=form.as_data(),
                breaks=form.read_breaks,
                actor=request.user,
                at=request.received_at,
            )
        except services.DayNotSaved as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The day is saved."))
            return _to_schedule(stage)
    return _render(
        request, stage, "judging/presentation_day_edit.html", {"form": form, "day": day}
    )


def _stage(request: SignedInRequest, round_slug: str) -> ScoringStage:
    """The stage asked for, else the first in which institutions present."""
    round = running_round(request.user, round_slug)
    stages = queries.presentation_stages_of(round)
    asked = request.POST.get("tahap") or request.GET.get("tahap")
    by_code = {each.code: each for each in stages}
    stage = by_code.get(asked or "") or next(iter(stages), None)
    if stage is None:
        raise Http404
    return stage


def _to_schedule(stage: ScoringStage, fragment: str = "") -> HttpResponseRedirect:
    address = reverse("judging:presentation_schedule", args=[stage.round.slug])
    return redirect(f"{address}?tahap={stage.code}{fragment}")


def _render(
    request: SignedInRequest,
    stage: ScoringStage,
    template: str,
    context: dict[str, object],
) -> HttpResponse:
    with timezone.override(stage.round.zone):
        return render(
            request, template, {"round": stage.round, "stage": stage} | context
        )

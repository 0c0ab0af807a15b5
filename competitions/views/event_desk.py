"""The secretariat's side of events: planning them, and the desk at the door."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import services as account_services
from accounts.requests import SignedInRequest
from competitions import attendance, permissions, services
from competitions.forms import AttendanceCodeForm, EventCancelForm, EventForm
from competitions.models import Attachment, Event, Registration
from competitions.views.attachments import file_items
from competitions.views.calendar import own_round
from core.errors import DomainError

PAGE_SIZE = 50


def _own_event(request: SignedInRequest, round: str, slug: str) -> Event:
    events = Event.objects.run_by(request.user).for_page()
    return get_object_or_404(events, slug=slug, round__slug=round)


@require_safe
def event_admin_list(request: SignedInRequest, round: str) -> HttpResponse:
    """The events of an own round with how many come."""
    found = own_round(request, round)
    events = (
        Event.objects.filter(round=found).with_numbers().order_by("starts_at", "pk")
    )
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("halaman"))
    with timezone.override(found.zone):
        return render(
            request,
            "competitions/event_admin_list.html",
            {"round": found, "page": page, "now": request.received_at},
        )


@require_http_methods(["GET", "POST"])
def event_create(request: SignedInRequest, round: str) -> HttpResponse:
    """Plan an event."""
    found = own_round(request, round)
    form = EventForm(request.POST or None, request.FILES or None, zone=found.zone)
    if request.method == "POST" and form.is_valid():
        try:
            event = services.create_event(
                round=found,
                data=form.as_data(),
                files=form.cleaned_data["attachments"],
                actor=request.user,
                at=request.received_at,
            )
        except services.AttachmentRefused as refusal:
            form.add_error("attachments", refusal.message)
        else:
            messages.success(request, _("The event is planned."))
            return redirect("competitions:event_edit", found.slug, event.slug)
    with timezone.override(found.zone):
        return render(
            request, "competitions/event_edit.html", {"round": found, "form": form}
        )


@require_http_methods(["GET", "POST"])
def event_edit(request: SignedInRequest, round: str, event: str) -> HttpResponse:
    """Change an event and its materials."""
    found = _own_event(request, round, event)
    initial = {
        name: getattr(found, name) for name in services.EventData.__dataclass_fields__
    }
    form = EventForm(
        request.POST or None,
        request.FILES or None,
        zone=found.round.zone,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_event(
                event=found,
                data=form.as_data(),
                files=form.cleaned_data["attachments"],
                actor=request.user,
                at=request.received_at,
            )
        except services.AttachmentRefused as refusal:
            form.add_error("attachments", refusal.message)
        except services.EventOver as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Event saved."))
            return redirect("competitions:event_edit", round, found.slug)
    files = Attachment.objects.filter(event=found).in_order()
    standing = Registration.objects.filter(event=found).standing()
    with timezone.override(found.round.zone):
        return render(
            request,
            "competitions/event_edit.html",
            {
                "round": found.round,
                "event": found,
                "form": form,
                "files": file_items(files, deletable=True),
                "registered_count": standing.count(),
                "is_over": found.is_over(request.received_at),
            },
        )


@require_http_methods(["GET", "POST"])
def event_cancel(request: SignedInRequest, round: str, event: str) -> HttpResponse:
    """Ask why, then call an event off."""
    found = _own_event(request, round, event)
    form = EventCancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_event(
                event=found,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.EventOver as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("The event is called off. Who registered was told.")
            )
        return redirect("competitions:event_admin_list", found.round.slug)
    standing = Registration.objects.filter(event=found).standing()
    with timezone.override(found.round.zone):
        return render(
            request,
            "competitions/event_cancel.html",
            {
                "round": found.round,
                "event": found,
                "form": form,
                "registered_count": standing.count(),
            },
        )


# At the door -------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def attendance_list(request: SignedInRequest, round: str, event: str) -> HttpResponse:
    """Who has registered and who has come; POST finds one by a typed code."""
    found = _own_event(request, round, event)
    form = AttendanceCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if Registration.objects.filter(event=found, code=code).exists():
            return redirect("competitions:attendance_mark", code)
        form.add_error("code", _("Nobody has registered for this event by that code."))
    registrations = list(Registration.objects.filter(event=found).standing().for_list())
    with timezone.override(found.round.zone):
        return render(
            request,
            "competitions/attendance_list.html",
            {
                "round": found.round,
                "event": found,
                "form": form,
                "confirmed": [each for each in registrations if each.is_confirmed],
                "waiting": sorted(
                    (each for each in registrations if each.is_waiting),
                    key=lambda each: (each.registered_at, each.pk),
                ),
                "present_count": sum(each.has_attended for each in registrations),
                "refusal": _attendance_refusal(request, found),
                "paper": attendance.latest_paper(found),
            },
        )


def _attendance_refusal(request: SignedInRequest, event: Event) -> str:
    """Why nobody can be noted as present now, or nothing."""
    try:
        services.refuse_attendance(event, request.received_at)
    except services.AttendanceRefused as refusal:
        return refusal.message
    return ""


@require_http_methods(["GET", "POST"])
def attendance_mark(request: SignedInRequest, code: str) -> HttpResponse:
    """What the QR code opens: a name, and one press that notes the person as present.

    The person alone who registered is led to the event; others see nothing.
    """
    registration = get_object_or_404(
        Registration.objects.select_related(
            "user", "institution", "event__round__competition__government"
        ),
        code=code,
    )
    event = registration.event
    if not permissions.can_prepare(request.user, event.round):
        if request.user.pk == registration.user_id and request.method != "POST":
            return redirect(event)
        raise Http404
    if request.method == "POST":
        _note_attendance(request, registration)
        if request.POST.get("next") == "list":
            return redirect(
                "competitions:attendance_list", event.round.slug, event.slug
            )
        return redirect("competitions:attendance_mark", code)
    context: dict[str, Any] = {
        "registration": registration,
        "event": event,
        "round": event.round,
        "refusal": _attendance_refusal(request, event),
    }
    with timezone.override(event.round.zone):
        return render(request, "competitions/attendance_mark.html", context)


def _note_attendance(request: SignedInRequest, registration: Registration) -> None:
    name = {"name": registration.user}
    try:
        if "undo" in request.POST:
            services.unmark_attendance(
                registration=registration, actor=request.user, at=request.received_at
            )
            messages.success(
                request, _("%(name)s is no longer noted as present.") % name
            )
        else:
            services.mark_attendance(
                registration=registration, actor=request.user, at=request.received_at
            )
            messages.success(request, _("%(name)s is present.") % name)
    except DomainError as refusal:
        messages.error(request, refusal.message)


@require_POST
def attendance_paper(request: SignedInRequest, round: str, event: str) -> HttpResponse:
    """Have the list to sign made."""
    found = _own_event(request, round, event)
    services.issue_attendance_list(
        event=found, actor=request.user, at=request.received_at
    )
    registered = Registration.objects.filter(event=found).confirmed()
    account_services.note_access(
        actor=request.user,
        subjects=registered.values_list("user", flat=True),
        what=_("the attendance list of %(event)s") % {"event": found.name},
        at=request.received_at,
        is_export=True,
        scope=found.round.competition.government.code,
    )
    messages.success(
        request, _("The list to sign is being made. It takes a few seconds.")
    )
    return redirect("competitions:attendance_list", round, found.slug)

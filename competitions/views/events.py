"""Events: what everybody sees of them, and how people register."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    conditional_page,
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import User
from accounts.requests import SignedInRequest
from competitions import attendance, ical, permissions, services
from competitions.forms import RegistrationForm
from competitions.models import Attachment, Event, Registration
from competitions.views.attachments import file_items
from competitions.views.calendar import calendar_response
from core import dates
from core.requests import PortalRequest

PAGE_SIZE = 20


@dataclass(frozen=True)
class EventRow:
    """One event in a list, with the place that the reader has at it."""

    event: Event
    registration: Registration | None
    day: str
    month: str


def event_rows(events: Iterable[Event], user: User | AnonymousUser) -> list[EventRow]:
    """Lay `events` out for a list, in one query; load `for_page()` first."""
    listed = list(events)
    own: dict[int, Registration] = {}
    if listed and not isinstance(user, AnonymousUser):
        found = Registration.objects.standing().filter(user=user, event__in=listed)
        own = {each.event_id: each for each in found}
    rows = []
    for event in listed:
        written = dates.format_date(event.starts_at, "short", event.round.zone)
        day, month, _year = written.split(" ", 2)
        rows.append(EventRow(event, own.get(event.pk), day, month))
    return rows


@require_safe
@login_not_required
def event_list(request: PortalRequest) -> HttpResponse:
    """The events to come of all opened rounds, the next one first."""
    coming = (
        Event.objects.public()
        .for_page()
        .filter(ends_at__gt=request.received_at)
        .order_by("starts_at", "pk")
    )
    page = Paginator(coming, PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(
        request,
        "competitions/event_list.html",
        {"page": page, "rows": event_rows(page, request.user)},
    )


@require_safe
@login_not_required
@conditional_page
def event_calendar(request: PortalRequest, event: str) -> HttpResponse:
    """One event as a calendar file."""
    found = get_object_or_404(Event.objects.public().for_page(), slug=event)
    return calendar_response(ical.event_calendar(found), f"{found.slug}.ics")


@require_safe
@login_not_required
def event_detail(request: PortalRequest, event: str) -> HttpResponse:
    """What everybody may know of an event, and the person's own place at it."""
    return _event_page(request, _visible_event(request, event))


def _visible_event(request: PortalRequest, slug: str) -> Event:
    visible = (
        Event.objects.visible_to(request.user)
        if request.user.is_authenticated
        else Event.objects.public()
    )
    return get_object_or_404(visible.for_page().with_numbers(), slug=slug)


def _event_page(
    request: PortalRequest, event: Event, form: RegistrationForm | None = None
) -> HttpResponse:
    at = request.received_at
    registration = None
    if request.user.is_authenticated:
        registration = (
            Registration.objects.standing()
            .select_related("institution")
            .filter(event=event, user=request.user)
            .first()
        )
    institutions = permissions.institutions_of(request.user, event.round)
    takes_registrations = event.takes_registrations_at(at)
    may_register = takes_registrations and bool(institutions) and not registration
    files = Attachment.objects.filter(event=event).in_order()
    with timezone.override(event.round.zone):
        return render(
            request,
            "competitions/event_detail.html",
            {
                "event": event,
                "round": event.round,
                "registration": registration,
                "qr": attendance.qr_svg(registration)
                if registration and registration.is_confirmed
                else "",
                "takes_registrations": takes_registrations,
                "form": (form or RegistrationForm(institutions=institutions))
                if may_register
                else None,
                "may_cancel": registration is not None
                and not registration.has_attended
                and at < event.starts_at,
                "is_over": event.is_over(at),
                "is_same_day": _is_same_day(event),
                "places_left": _places_left(event),
                "files": file_items(files),
                "is_own": request.user.is_authenticated
                and permissions.can_prepare(request.user, event.round),
                "public_body": event.round.competition.government.name,
            },
        )


def _is_same_day(event: Event) -> bool:
    zone = event.round.zone
    begins, ends = (
        dates.as_local(moment, zone).date()
        for moment in (event.starts_at, event.ends_at)
    )
    return begins == ends


def _places_left(event: Event) -> int | None:
    """How many places are free; None where there is no limit."""
    if event.capacity is None:
        return None
    waiting: int = event.waiting  # type: ignore[attr-defined]
    taken: int = event.confirmed  # type: ignore[attr-defined]
    return 0 if waiting else max(0, event.capacity - taken)


@require_http_methods(["GET", "HEAD", "POST"])
def registration_create(request: SignedInRequest, event: str) -> HttpResponse:
    """Take a place; who only looks, as after signing in, is sent to the event."""
    found = _visible_event(request, event)
    if request.method != "POST":
        return redirect(found)
    institutions = permissions.institutions_of(request.user, found.round)
    if not institutions:
        raise Http404
    form = RegistrationForm(request.POST, institutions=institutions)
    if not form.is_valid():
        return _event_page(request, found, form)
    try:
        registration = services.register(
            event=found,
            user=request.user,
            institution=form.cleaned_data["institution"],
            at=request.received_at,
        )
    except services.RegistrationRefused as refusal:
        messages.error(request, refusal.message)
        return redirect(found)
    if registration.is_waiting:
        messages.warning(
            request, _("Every place is taken. You are on the waiting list.")
        )
    else:
        messages.success(
            request, _("You are registered. Show the QR code at the door.")
        )
    return redirect(f"{found.get_absolute_url()}#pendaftaran")


@require_POST
def registration_cancel(request: SignedInRequest, event: str) -> HttpResponse:
    """Give one's own place back."""
    registration = get_object_or_404(
        Registration.objects.select_related("event"),
        event__slug=event,
        user=request.user,
    )
    try:
        services.cancel_registration(
            registration=registration, actor=request.user, at=request.received_at
        )
    except services.RegistrationRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your place was given back."))
    return redirect(reverse("competitions:event_detail", args=[event]))

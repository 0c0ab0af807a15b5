"""Places at events: taken, given back, and who was there."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from competitions import attendance, notices
from competitions.models import Event, Registration, RegistrationState
from competitions.services.base import record
from competitions.services.events import fill_places, locked_event
from core import dates
from core.errors import DomainError
from documents import services as documents_services
from documents.codes import new_code
from documents.models import IssuedDocument

logger = logging.getLogger(__name__)

CODE_LENGTH = 8
REMIND_BEFORE = timedelta(days=1)


class RegistrationRefused(DomainError):
    """Nobody can register for the event now, or not for this institution."""


class AttendanceRefused(DomainError):
    """The event has not come yet, or does not take place."""


def register(
    *, event: Event, user: User, institution: Institution, at: datetime
) -> Registration:
    """Take a place for `user`, or one in the line when all are taken.

    Who has registered already keeps what they have. Raises RegistrationRefused. Source:
    rule EVT-01 in docs/rules.md.
    """
    with transaction.atomic():
        # The last place can be given once: whoever asks next waits here.
        event = locked_event(event)
        if not event.takes_registrations_at(at):
            raise RegistrationRefused(_("Registration for this event is closed."))
        if institution.government_id != event.round.competition.government_id:
            raise RegistrationRefused(
                _("This event is for the institutions of %(government)s.")
                % {"government": event.round.competition.government}
            )
        registration = Registration.objects.filter(event=event, user=user).first()
        if registration and not registration.is_cancelled:
            return registration
        registration = registration or Registration(
            event=event, user=user, code=_free_code()
        )
        registration.event = event
        registration.institution = institution
        registration.registered_at = at
        has_place = _has_room(event)
        registration.state = (
            RegistrationState.CONFIRMED if has_place else RegistrationState.WAITING
        )
        registration.confirmed_at = at if has_place else None
        registration.save()
        _record("registration.made", registration, user, at)
        if has_place:
            notices.place_confirmed(registration, at=at)
        else:
            notices.put_on_waiting_list(registration, at=at)
    return registration


def cancel_registration(
    *, registration: Registration, actor: User, at: datetime
) -> Registration:
    """Give a place back before the event begins; the next in line gets it.

    Doing so twice changes nothing. Raises RegistrationRefused.
    """
    with transaction.atomic():
        event = locked_event(registration.event)
        registration = _locked(registration, event)
        if registration.is_cancelled:
            return registration
        if registration.has_attended or at >= event.starts_at:
            raise RegistrationRefused(
                _("The event has begun. Places can no longer be given back.")
            )
        registration.state = RegistrationState.CANCELLED
        registration.confirmed_at = None
        registration.save(update_fields=["state", "confirmed_at"])
        _record("registration.cancelled", registration, actor, at)
        fill_places(event, at)
    return registration


def mark_attendance(
    *, registration: Registration, actor: User, at: datetime
) -> Registration:
    """Note that a person has come, from the day of the event on; the first time counts.

    Who stood in line or had given the place back is let in by it. Raises
    AttendanceRefused. Source: rule EVT-02 in docs/rules.md.
    """
    with transaction.atomic():
        event = locked_event(registration.event)
        registration = _locked(registration, event)
        refuse_attendance(event, at)
        if registration.has_attended:
            return registration
        registration.state = RegistrationState.CONFIRMED
        registration.confirmed_at = registration.confirmed_at or at
        registration.attended_at, registration.attendance_noted_by = at, actor
        registration.save(
            update_fields=[
                "state",
                "confirmed_at",
                "attended_at",
                "attendance_noted_by",
            ]
        )
        _record("attendance.noted", registration, actor, at)
    return registration


def unmark_attendance(
    *, registration: Registration, actor: User, at: datetime
) -> Registration:
    """Take back that a person has come: the wrong line was pressed."""
    with transaction.atomic():
        event = locked_event(registration.event)
        registration = _locked(registration, event)
        if registration.has_attended:
            registration.attended_at = registration.attendance_noted_by = None
            registration.save(update_fields=["attended_at", "attendance_noted_by"])
            _record("attendance.taken_back", registration, actor, at)
    return registration


def refuse_attendance(event: Event, at: datetime) -> None:
    """Raise AttendanceRefused unless people can be noted as present at `at`."""
    if event.is_cancelled:
        raise AttendanceRefused(_("This event was called off."))
    zone = event.round.zone
    if dates.as_local(at, zone).date() < dates.as_local(event.starts_at, zone).date():
        raise AttendanceRefused(
            _("The event is on %(day)s. Attendance is noted from that day on.")
            % {"day": dates.format_date(event.starts_at, "weekday", zone)}
        )


def issue_attendance_list(*, event: Event, actor: User, at: datetime) -> IssuedDocument:
    """Issue the list to print and sign; one that says the same is given again."""
    # Papers speak one language, whatever the secretariat reads the portal in.
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        event = locked_event(event)
        registrations = Registration.objects.filter(event=event).confirmed().for_list()
        values = attendance.values_of(event, list(registrations))
        government = event.round.competition.government
        valid = (
            IssuedDocument.objects.filter(
                kind=IssuedDocument.Kind.ATTENDANCE,
                subject_key=attendance.subject_key(event),
                state=IssuedDocument.State.ISSUED,
            )
            .order_by("-pk")
            .first()
        )
        if valid and valid.values == values:
            return valid
        paper: dict[str, Any] = {
            "title": _("Attendance list"),
            "template": attendance.TEMPLATE,
            "values": values,
            "issued_date": dates.as_local(at, event.round.zone).date(),
            "at": at,
            "number_pattern": attendance.NUMBER_PATTERN,
        }
        if valid:
            return documents_services.replace_document(
                document=valid, actor=actor, reason=_("The list has changed."), **paper
            )
        return documents_services.issue_document(
            government=government,
            kind=IssuedDocument.Kind.ATTENDANCE,
            subject_key=attendance.subject_key(event),
            **paper,
        )


def remind_of_events(*, at: datetime) -> int:
    """Remind those with a place of an event within a day; give how many were told.

    Once for each person and beginning: a moved event is told of again. Who got the
    place within that day was told by then. Source: rule EVT-03 in docs/rules.md.
    """
    coming = Registration.objects.confirmed().filter(
        event__starts_at__gt=at,
        event__starts_at__lte=at + REMIND_BEFORE,
        event__cancelled_at=None,
        event__round__opened_at__isnull=False,
        user__is_active=True,
    )
    told = 0
    for registration in coming.select_related(
        "user", "event__round__competition__government"
    ).order_by("event__starts_at", "pk"):
        if registration.confirmed_at is None or (
            registration.confirmed_at > registration.event.starts_at - REMIND_BEFORE
        ):
            continue
        try:
            with transaction.atomic():
                told += notices.event_near(registration, at=at)
        except Exception:  # one broken row must not silence the others
            logger.exception("Reminder of registration %s failed", registration.pk)
    return told


def _has_room(event: Event) -> bool:
    registrations = Registration.objects.filter(event=event)
    if event.capacity is None:
        return True
    if registrations.in_line().exists():
        return False
    return registrations.confirmed().count() < event.capacity


def _locked(registration: Registration, event: Event) -> Registration:
    """Read the row anew; the lock on its event holds it still."""
    found = Registration.objects.select_related("user", "institution").get(
        pk=registration.pk
    )
    found.event = event
    return found


def _free_code() -> str:
    while True:
        code = new_code(CODE_LENGTH)
        if not Registration.objects.filter(code=code).exists():
            return code


def _record(action: str, registration: Registration, actor: User, at: datetime) -> None:
    event = registration.event
    record(
        action,
        event.round,
        actor,
        at,
        {
            "event": event.name,
            "person": str(registration.user),
            "state": registration.state,
        },
    )

"""Events of a round: made, moved, called off."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions import notices
from competitions.models import Event, Registration, Round
from competitions.services.attachments import add_attachments
from competitions.services.base import free_slug, record
from core.errors import DomainError
from documents.uploads import CheckedFile

# What those who registered must hear of.
TOLD_FIELDS = {"starts_at", "ends_at", "place", "link"}
_NEVER_CALENDAR = {"capacity", "takes_registrations", "registration_closes_at"}


@dataclass(frozen=True)
class EventData:
    """An event as it is to be; moments are aware."""

    kind: str
    name: str
    description: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    takes_registrations: bool
    capacity: int | None
    registration_closes_at: datetime | None


class EventOver(DomainError):
    """What has taken place or was called off is not changed."""


def create_event(
    *,
    round: Round,
    data: EventData,
    actor: User,
    at: datetime,
    files: Sequence[CheckedFile] = (),
) -> Event:
    """Plan an event; everybody sees it as soon as the round is open.

    Raises AttachmentRefused.
    """
    with transaction.atomic():
        event = Event.objects.create(
            round=round,
            slug=free_slug(Event, data.name, 120),
            created_at=at,
            changed_at=at,
            **asdict(data),
        )
        record("event.created", round, actor, at, {"slug": event.slug})
        add_attachments(round=round, event=event, files=files, actor=actor, at=at)
    return event


def update_event(
    *,
    event: Event,
    data: EventData,
    actor: User,
    at: datetime,
    files: Sequence[CheckedFile] = (),
) -> Event:
    """Change an event; who registered is told of a new time or place.

    Places that a larger capacity gives go to the waiting list. Raises EventOver and
    AttachmentRefused.
    """
    with transaction.atomic():
        event = locked_event(event)
        changes = {
            field: [getattr(event, field), value]
            for field, value in asdict(data).items()
            if getattr(event, field) != value
        }
        if changes:
            _refuse_past(event, at)
            _apply(event, changes, at)
            record("event.updated", event.round, actor, at, changes)
            if TOLD_FIELDS & set(changes):
                notices.event_changed(event, people=people_registered(event), at=at)
            fill_places(event, at)
        add_attachments(round=event.round, event=event, files=files, actor=actor, at=at)
    return event


def cancel_event(*, event: Event, reason: str, actor: User, at: datetime) -> Event:
    """Call an event off; who registered is told why. Raises EventOver."""
    with transaction.atomic():
        event = locked_event(event)
        _refuse_past(event, at)
        event.cancelled_at, event.cancel_reason = at, reason
        event.changed_at = at
        event.sequence += 1
        event.save(
            update_fields=["cancelled_at", "cancel_reason", "changed_at", "sequence"]
        )
        record("event.cancelled", event.round, actor, at, {"slug": event.slug}, reason)
        notices.event_cancelled(event, people=people_registered(event), at=at)
    return event


def fill_places(event: Event, at: datetime) -> list[Registration]:
    """Give free places to those who wait, first come first; each is told.

    The event must be locked. Nobody is given a place once it has begun. Source: rule
    EVT-01 in docs/rules.md.
    """
    if event.is_cancelled or at >= event.starts_at:
        return []
    line = Registration.objects.filter(event=event).in_line().select_related("user")
    if event.capacity is not None:
        taken = Registration.objects.filter(event=event).confirmed().count()
        line = line[: max(0, event.capacity - taken)]
    filled = list(line)
    for registration in filled:
        registration.event = event
        registration.state = Registration.State.CONFIRMED
        registration.confirmed_at = at
        registration.save(update_fields=["state", "confirmed_at"])
        notices.place_confirmed(registration, at=at)
    return filled


def locked_event(event: Event) -> Event:
    """The row of `event` with its round, locked until the transaction ends."""
    return Event.objects.select_for_update(of=("self",)).for_page().get(pk=event.pk)


def people_registered(event: Event) -> list[User]:
    """Those who have a place or wait for one."""
    standing = Registration.objects.filter(event=event).standing()
    return list(User.objects.filter(pk__in=standing.values("user")).order_by("pk"))


def _refuse_past(event: Event, at: datetime) -> None:
    if event.is_cancelled:
        raise EventOver(_("This event was called off. Plan a new one."))
    if event.is_over(at):
        raise EventOver(_("This event is over. What it was stays in the record."))


def _apply(event: Event, changes: Mapping[str, Sequence[object]], at: datetime) -> None:
    for field, (_old, new) in changes.items():
        setattr(event, field, new)
    fields = list(changes)
    if set(changes) - _NEVER_CALENDAR:
        event.sequence += 1
        event.changed_at = at
        fields += ["sequence", "changed_at"]
    event.save(update_fields=fields)

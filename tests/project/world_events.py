"""The events, exceptions and files of a city of `world`."""

from typing import Any

from django.utils import timezone

from competitions.models import Attachment, Event, Registration, Stage
from documents.codes import grouped
from tests.factories import accounts, events
from tests.project.city import DAY, IMPARTIAL, RUNNERS, City


def build_events(city: City, size: int) -> None:
    """Build them, and keep in `city.things` what rows name."""
    city.things |= {
        "event": _event(
            city,
            starts_at=timezone.now() + 3 * DAY,
            link=f"https://rapat.example/{city.mark('rapat', 'author', *RUNNERS)}",
        ),
        "event_today": _event(city, starts_at=timezone.now()),
        "event_preparing": events.EventFactory(
            round=city.preparing, name=city.mark("kegiatannanti", *RUNNERS)
        ),
    }
    city.things["registration"] = _place(city, city.event)
    city.things["registration_today"] = _place(city, city.event_today)
    _build_files(city, size)
    _build_exceptions(city, size)
    for number in range(2 * size - 2):
        _event(city, starts_at=timezone.now() + number * DAY)
        for event in (city.event, city.event_today):
            events.RegistrationFactory(event=event)
            events.RegistrationFactory(event=event, state="waiting")


def _event(city: City, **fields: Any) -> Event:
    return events.EventFactory(round=city.running, capacity=50, **fields)


def _place(city: City, event: Event) -> Registration:
    """The author's place; its code is theirs and the secretariat's alone."""
    place = events.RegistrationFactory(
        event=event, user=city.people["author"], institution=city.own
    )
    city.mark_text(grouped(place.code).lower(), "author", *RUNNERS)
    return place


def _build_files(city: City, size: int) -> None:
    def file(**fields: Any) -> Attachment:
        return events.AttachmentFactory(**{"round": city.running, **fields})

    for _number in range(2 * size - 2):
        file()
        file(event=city.event)
        file(announcement=city.announcement)
        file(announcement=city.announcement_coming)
    city.things |= {
        "guideline": file(),
        "material": file(event=city.event),
        "file_preparing": file(
            round=city.preparing, title=city.mark("juknisnanti", *RUNNERS)
        ),
        "file_coming": file(
            announcement=city.announcement_coming,
            title=city.mark("lampirannanti", *RUNNERS),
        ),
    }


def _build_exceptions(city: City, size: int) -> None:
    stage = Stage.objects.get(round=city.running, kind=Stage.Kind.SUBMISSION)
    city.things["exception"] = events.StageExceptionFactory(
        stage=stage,
        institution=city.own,
        reason=city.mark("alasanwaktu", "author", "admin", IMPARTIAL),
        granted_by=city.people["secretariat"],
    )
    city.things["reminder"] = stage.reminderplan_set.get(hours=24)
    for _number in range(2 * size - 2):
        body = accounts.InstitutionFactory(government=city.government)
        events.StageExceptionFactory(
            stage=stage, institution=body, granted_by=city.people["secretariat"]
        )

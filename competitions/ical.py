"""Calendars that phones and desktops subscribe to, as RFC 5545 says.

Times are written in UTC, so that no time zone has to be described. An entry keeps its
UID for ever; SEQUENCE rises with each change, and DTSTAMP tells of when it is, so the
same calendar gives the same bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, vUri
from icalendar import Event as Entry

from competitions.models import Event, Round, Stage

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=6)


@dataclass(frozen=True)
class Meeting:
    """An appointment of an app above, as its calendar shows it.

    `uid` is its own for ever; `sequence` rises with each change, told at `stamp`.
    """

    uid: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    stamp: datetime
    sequence: int
    path: str
    place: str = ""


def round_calendar(
    round: Round, stages: Iterable[Stage], events: Iterable[Event]
) -> bytes:
    """The stages and events of a round; load `of_government()` first."""
    calendar = _calendar(round.name, round.get_absolute_url())
    for stage in stages:
        calendar.add_component(_stage_entry(round, stage))
    for event in events:
        calendar.add_component(_event_entry(round, event))
    return _bytes(calendar)


def event_calendar(event: Event) -> bytes:
    """One event alone, to be put into a calendar."""
    calendar = _calendar(event.name, event.get_absolute_url())
    calendar.add_component(_event_entry(event.round, event))
    return _bytes(calendar)


def meeting_calendar(name: str, path: str, meetings: Iterable[Meeting]) -> bytes:
    """Appointments as a calendar called `name`."""
    calendar = _calendar(name, path)
    for each in meetings:
        entry = _entry(
            uid=each.uid,
            summary=each.summary,
            start=each.starts_at,
            end=each.ends_at,
            stamp=each.stamp,
            sequence=each.sequence,
            path=each.path,
        )
        if each.place:
            entry.add("location", each.place)
        calendar.add_component(entry)
    return _bytes(calendar)


def _calendar(name: str, path: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Portal KIPP//Kalender//ID")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("url", vUri(_address(path)))
    calendar.refresh_interval = REFRESH
    calendar.add("x-published-ttl", "PT6H")
    return calendar


def _stage_entry(round: Round, stage: Stage) -> Entry:
    entry = _entry(
        uid=f"stage-{stage.pk}",
        summary=f"{stage.name}, {round.name}",
        start=stage.opens_at,
        end=stage.closes_at,
        stamp=stage.changed_at or round.created_at,
        sequence=stage.sequence,
        path=round.get_absolute_url(),
    )
    # A stage of weeks must not make its days look taken.
    entry.add("transp", "TRANSPARENT")
    if stage.place:
        entry.add("location", stage.place)
    return entry


def _event_entry(round: Round, event: Event) -> Entry:
    """An entry without the link: only who has a place is shown it."""
    entry = _entry(
        uid=f"event-{event.pk}",
        summary=f"{event.name}, {round.name}",
        start=event.starts_at,
        end=event.ends_at,
        stamp=event.changed_at,
        sequence=event.sequence,
        path=event.get_absolute_url(),
    )
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    if event.place:
        entry.add("location", event.place)
    if event.description:
        entry.add("description", event.description)
    return entry


def _entry(
    *,
    uid: str,
    summary: str,
    start: datetime,
    end: datetime,
    stamp: datetime,
    sequence: int,
    path: str,
) -> Entry:
    entry = Entry()
    entry.add("uid", f"{uid}@{urlsplit(settings.BASE_URL).hostname}")
    entry.add("sequence", sequence)
    entry.add("dtstamp", stamp.astimezone(UTC))
    entry.add("last-modified", stamp.astimezone(UTC))
    entry.add("dtstart", start.astimezone(UTC))
    entry.add("dtend", end.astimezone(UTC))
    entry.add("summary", summary)
    entry.add("url", vUri(_address(path)))
    return entry


def _address(path: str) -> str:
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def _bytes(calendar: Calendar) -> bytes:
    content: bytes = calendar.to_ical()
    return content

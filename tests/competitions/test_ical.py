"""What subscribed calendars get, read back by a parser."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from competitions import services
from tests.competitions.services.test_events import data_of
from tests.factories import competitions as make
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def calendar_of(client, name, slug):
    response = client.get(reverse(f"competitions:{name}", args=[slug]))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def entries(calendar):
    return {str(each["uid"]): each for each in calendar.walk("VEVENT")}


def test_round_calendar_holds_stages_and_events_in_utc(client, settings):
    settings.BASE_URL = "https://kipp.example"
    round = make.RoundFactory()
    event = EventFactory(
        round=round,
        name="Kick-off; pagi, jam 8",
        place="Gedung Adipura\nTegal",
        link="https://rapat.example/1",
        starts_at=datetime(2022, 1, 31, 1, tzinfo=UTC),
    )
    submission = round.stage_set.get(kind="submission")

    calendar = calendar_of(client, "round_calendar", round.slug)

    found = entries(calendar)
    assert len(found) == round.stage_set.count() + 1
    stage = found[f"stage-{submission.pk}@kipp.example"]
    assert stage.start == submission.opens_at.replace(microsecond=0)
    assert stage.end == submission.closes_at.replace(microsecond=0)
    entry = found[f"event-{event.pk}@kipp.example"]
    assert entry["summary"] == f"{event.name}, {round.name}"
    assert entry["location"] == event.place
    assert entry["dtstart"].to_ical() == b"20220131T010000Z"
    assert str(entry["url"]) == f"https://kipp.example{event.get_absolute_url()}"
    assert (calendar["version"], calendar["calscale"]) == ("2.0", "GREGORIAN")


def test_calendar_lines_are_folded_ended_and_never_hold_the_link(client):
    round = make.RoundFactory(name="Kompetisi " * 12)
    EventFactory(round=round, link="https://rapat.example/rahasia")

    response = client.get(reverse("competitions:round_calendar", args=[round.slug]))

    lines = response.content.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)
    assert b"rahasia" not in response.content.replace(b"\r\n ", b"")


def test_entry_keeps_its_uid_and_raises_its_sequence(client, actor):
    event = EventFactory()
    before = entries(calendar_of(client, "event_calendar", event.slug))

    services.update_event(
        event=event, data=data_of(event, place="Pendopo"), actor=actor, at=NOW
    )

    after = entries(calendar_of(client, "event_calendar", event.slug))
    assert before.keys() == after.keys()
    (uid,) = before
    assert (before[uid]["sequence"], after[uid]["sequence"]) == (0, 1)


def test_extended_stage_raises_its_sequence(client, actor):
    round = make.RoundFactory()
    stage = round.stage_set.get(kind="submission")

    services.extend_stage(
        stage=stage,
        closes_at=stage.closes_at + timedelta(hours=3),
        reason="Libur",
        actor=actor,
        at=NOW,
    )

    found = entries(calendar_of(client, "round_calendar", round.slug))
    sequences = {uid.split("@")[0]: entry["sequence"] for uid, entry in found.items()}
    assert sequences[f"stage-{stage.pk}"] == 1
    assert sequences[f"stage-{round.stage_set.get(kind='ceremony').pk}"] == 0


def test_cancelled_event_says_so(client):
    event = EventFactory(cancelled_at=NOW, cancel_reason="Hujan")

    (entry,) = entries(calendar_of(client, "event_calendar", event.slug)).values()

    assert entry["status"] == "CANCELLED"


def test_unchanged_calendar_is_not_sent_again(client):
    event = EventFactory()
    page = reverse("competitions:round_calendar", args=[event.round.slug])

    tag = client.get(page).headers["ETag"]

    assert client.get(page, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("row_count", [1, 3])
def test_round_calendar_query_count(client, django_assert_num_queries, row_count):
    round = make.RoundFactory()
    EventFactory.create_batch(row_count, round=round)

    with django_assert_num_queries(3):  # round, stages, events
        calendar = calendar_of(client, "round_calendar", round.slug)

    assert len(entries(calendar)) == round.stage_set.count() + row_count

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Government
from competitions import building, definitions
from competitions.building import moved_stages, planned_stages
from competitions.definitions import ReminderDefinition
from competitions.models import Competition, Round, Stage

WIB = ZoneInfo("Asia/Jakarta")


def stage(kind, opens, closes):
    row = Stage(
        kind=kind,
        name=kind,
        order=Stage.Kind(kind).position,
        opens_at=datetime(*opens, tzinfo=WIB),
        closes_at=datetime(*closes, tzinfo=WIB),
        place="Gedung Adipura",
    )
    row.reminders = [ReminderDefinition.of(24).named(kind).values()]
    return row


CALENDAR = [
    stage("kickoff", (2026, 1, 26, 8), (2026, 1, 26, 12)),  # a Monday
    stage("submission", (2026, 1, 27), (2026, 3, 27, 23, 59, 59)),
]


def test_calendar_moves_by_whole_weeks_and_keeps_weekdays_and_hours():
    kickoff, submission = moved_stages(CALENDAR, WIB)

    assert kickoff.opens_at == datetime(2027, 1, 25, 8, tzinfo=WIB)
    assert kickoff.closes_at == datetime(2027, 1, 25, 12, tzinfo=WIB)
    assert submission.closes_at == datetime(2027, 3, 26, 23, 59, 59, tzinfo=WIB)
    assert kickoff.place == "Gedung Adipura"
    assert kickoff.reminders == (ReminderDefinition.of(24, audience="admins"),)


@pytest.mark.parametrize(
    ("first_day", "expected"),
    [
        (date(2027, 2, 1), date(2027, 2, 1)),
        (date(2027, 2, 2), date(2027, 2, 8)),  # the next Monday
        (date(2026, 1, 20), date(2026, 1, 26)),
        (date(2025, 1, 1), date(2025, 1, 6)),
    ],
)
def test_calendar_moves_to_a_given_day_or_the_next_same_weekday(first_day, expected):
    kickoff, submission = moved_stages(CALENDAR, WIB, first_day=first_day)

    assert kickoff.opens_at.date() == expected
    assert (submission.opens_at - kickoff.opens_at).days == 0
    assert kickoff.opens_at.weekday() == 0


@pytest.mark.parametrize("years", [1, 2, 3, 10])
def test_calendar_moved_by_years_stays_near_its_day(years):
    kickoff, _submission = moved_stages(CALENDAR, WIB, years=years)

    wanted = date(2026 + years, 1, 26)
    assert abs((kickoff.opens_at.date() - wanted).days) <= 4


def test_empty_calendar_stays_empty():
    assert moved_stages([], WIB) == []
    assert building.described_stages([], WIB) == ()


@pytest.mark.parametrize("preset", definitions.presets(), ids=lambda each: each.key)
def test_calendar_is_described_as_it_was_planned(preset):
    first_day = date(2026, 2, 2)
    planned = planned_stages(preset, first_day, WIB)
    rows = sorted((each.as_stage(None) for each in planned), key=lambda s: s.order)

    described = building.described_stages(rows, WIB)

    assert described == preset.calendar


@pytest.mark.parametrize(
    ("year_of_round", "new_year", "years"),
    [
        (2026, 2027, 1),
        (2027, 2028, 1),  # began in the autumn before its year
        (2022, 2027, 1),  # was held years after the one it is named after
    ],
)
def test_calendar_goes_to_the_year_of_the_new_round(year_of_round, new_year, years):
    round = Round(
        year=year_of_round,
        competition=Competition(government=Government(time_zone="Asia/Jakarta")),
    )

    assert building.years_between(round, CALENDAR, new_year) == years

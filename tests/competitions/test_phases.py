from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from competitions import phases
from competitions.models import Stage

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


def stage(kind, opens, closes, **fields):
    return Stage(
        kind=kind,
        order=Stage.Kind(kind).position,
        name=kind,
        opens_at=opens,
        closes_at=closes,
        **fields,
    )


@pytest.fixture
def calendar():
    at = datetime(2022, 2, 1, tzinfo=WIB)
    return [
        stage("kickoff", at - timedelta(hours=16), at - timedelta(hours=12)),
        stage("submission", at, at + timedelta(days=59)),
        stage("screening", at + timedelta(days=59), at + timedelta(days=70)),
    ]


@pytest.mark.parametrize(
    ("at", "states"),
    [
        (datetime(2022, 1, 1, tzinfo=WIB), ["next", "next", "next"]),
        (datetime(2022, 1, 31, 9, tzinfo=WIB), ["now", "next", "next"]),
        (datetime(2022, 1, 31, 23, tzinfo=WIB), ["done", "next", "next"]),
        (datetime(2022, 2, 1, tzinfo=WIB), ["done", "now", "next"]),
        # The closing moment belongs to what follows.
        (datetime(2022, 4, 1, tzinfo=WIB), ["done", "done", "now"]),
        (datetime(2023, 1, 1, tzinfo=WIB), ["done", "done", "done"]),
    ],
)
def test_phases_state_by_the_dates(calendar, at, states):
    assert [each.state for each in phases.phases(calendar, at, WIB)] == states


def test_span_of_a_stage_that_closes_at_midnight_ends_the_day_before(calendar):
    with translation.override("id"):
        assert phases.span(calendar[1], WIB) == "1 Februari – 31 Maret"


def test_span_counts_days_where_the_round_is_held():
    late = stage(
        "submission",
        datetime(2022, 1, 31, 15, tzinfo=UTC),
        datetime(2022, 2, 10, 14, tzinfo=UTC),
    )

    with translation.override("id"):
        assert phases.span(late, WIB) == "31 Januari – 10 Februari"
        assert phases.span(late, WIT) == "1 – 10 Februari"


def test_current_stage_is_the_one_that_closes_first(calendar):
    objection = stage(
        "objection", calendar[1].opens_at, calendar[1].opens_at + timedelta(days=5)
    )
    at = calendar[1].opens_at + timedelta(days=1)

    assert phases.current_stage([*calendar, objection], at) == objection
    assert phases.current_stage(calendar, at) == calendar[1]


def test_next_stage_and_end(calendar):
    before = datetime(2022, 1, 1, tzinfo=WIB)
    after = datetime(2023, 1, 1, tzinfo=WIB)

    assert phases.next_stage(calendar, before) == calendar[0]
    assert phases.next_stage(calendar, after) is None
    assert phases.is_finished(calendar, after)
    assert not phases.is_finished(calendar, before)
    assert not phases.is_finished([], after)

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kipp_portal.demo.moments import Clock
from kipp_portal.demo.timeline import play

# Past midnight in Jakarta while it is still the day before in UTC.
CLOCK = Clock(datetime(2026, 11, 21, 17, 30, tzinfo=UTC), ZoneInfo("Asia/Jakarta"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H-1 10.15", datetime(2026, 11, 21, 3, 15, tzinfo=UTC)),
        ("H+9 23.59", datetime(2026, 12, 1, 16, 59, tzinfo=UTC)),
        ("H-0 00.05", datetime(2026, 11, 21, 17, 5, tzinfo=UTC)),
        ("2021-03-15 08.00", datetime(2021, 3, 15, 1, 0, tzinfo=UTC)),
    ],
)
def test_moment_counts_days_in_the_zone(text, expected):
    assert CLOCK.moment(text) == expected


def test_past_is_never_later_than_now():
    assert CLOCK.past("H-0 07.42") < CLOCK.now < CLOCK.moment("H-0 07.42")


@pytest.mark.parametrize("text", ["kemarin", "H12 10.15", "H-1 10:15", "2021-3-1 8.00"])
def test_moment_refuses_what_it_cannot_read(text):
    with pytest.raises(ValueError, match="is no moment"):
        CLOCK.moment(text)


def test_play_acts_in_the_order_of_time():
    acts = []

    def story(name, days):
        for day in days:
            yield datetime(2022, 1, day, tzinfo=UTC)
            acts.append((day, name))

    play([story("a", [1, 4, 9]), story("b", [2, 3]), story("c", [])])

    assert acts == [(1, "a"), (2, "b"), (3, "b"), (4, "a"), (9, "a")]

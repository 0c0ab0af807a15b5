"""The lot, the times and the clock of presentations."""

import hashlib
import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from judging import timetable
from judging.timetable import Span

NINE = datetime(2022, 1, 31, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CODES = st.lists(st.text("ABC123-", min_size=1, max_size=8), unique=True, max_size=20)


def test_lot_is_what_anybody_works_out_with_any_tool():
    drawn = timetable.drawn("316", ["A-1", "A-2", "A-3"])

    # printf '316:A-1' | sha256sum, and so on
    by_hand = {
        code: hashlib.sha256(f"316:{code}".encode()).hexdigest()
        for code in ("A-1", "A-2", "A-3")
    }
    assert drawn == sorted(by_hand, key=by_hand.get)


@given(CODES, st.text(max_size=10))
def test_lot_does_not_depend_on_the_order_of_asking(codes, seed):
    drawn = timetable.drawn(seed, codes)

    assert sorted(drawn) == sorted(codes)
    assert timetable.drawn(seed, reversed(codes)) == drawn


@given(CODES, st.text(max_size=5), st.integers(1, 4))
def test_groups_stay_together_and_in_their_order(codes, seed, groups):
    pairs = [(code, str(place % groups)) for place, code in enumerate(sorted(codes))]

    drawn = timetable.drawn_by_group(seed, pairs)

    of = dict(pairs)
    told = list(dict.fromkeys(group for _code, group in pairs))
    assert sorted(drawn) == sorted(codes)
    assert [told.index(of[code]) for code in drawn] == sorted(
        told.index(group) for _code, group in pairs
    )


@given(
    st.integers(0, 60), st.lists(st.none() | st.integers(1, 30), min_size=1, max_size=6)
)
def test_days_share_as_evenly_as_their_room_allows(count, capacities):
    shares = timetable.shared_out(count, capacities)

    rooms = [count if most is None else most for most in capacities]
    assert sum(shares) == min(count, sum(rooms))
    assert all(given <= room for given, room in zip(shares, rooms, strict=True))
    # Who has less than another is full, or one behind.
    assert all(
        given >= max(shares) - 1
        for given, room in zip(shares, rooms, strict=True)
        if given < room
    )


@given(
    st.integers(0, 12),
    st.integers(1, 60),
    st.integers(0, 15),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90)), max_size=4),
)
def test_nobody_presents_in_a_break_or_at_once(count, minutes, pause, breaks):
    spans = [
        Span(NINE + start * MINUTE, NINE + (start + length) * MINUTE)
        for start, length in breaks
    ]
    length = minutes * MINUTE

    times = timetable.planned_times(
        NINE, count, length=length, pause=pause * MINUTE, breaks=spans
    )

    assert len(times) == count
    assert all(
        later >= before + length + pause * MINUTE
        for before, later in itertools.pairwise(times)
    )
    assert not any(
        each < span.ends_at and each + length > span.starts_at
        for each in times
        for span in spans
    )


def clock(questions_at=None):
    return timetable.clock_of(
        NINE, questions_at, presentation=7 * MINUTE, questions=13 * MINUTE
    )


def test_clock_has_seven_and_thirteen_minutes():
    running = clock()

    assert running.left(NINE) == 7 * MINUTE
    assert running.is_presenting(NINE + 7 * MINUTE - timedelta(microseconds=1))
    assert not running.is_presenting(NINE + 7 * MINUTE)
    assert running.left(NINE + 7 * MINUTE) == 13 * MINUTE
    assert not running.is_over(NINE + 20 * MINUTE - timedelta(microseconds=1))
    assert running.is_over(NINE + 20 * MINUTE)
    assert running.left(NINE + 21 * MINUTE) == -MINUTE


def test_questions_begun_early_keep_their_whole_time():
    running = clock(NINE + 5 * MINUTE)

    assert (running.questions_at, running.ends_at) == (
        NINE + 5 * MINUTE,
        NINE + 18 * MINUTE,
    )


def test_questions_do_not_wait_for_a_late_press():
    assert clock(NINE + 9 * MINUTE) == clock()

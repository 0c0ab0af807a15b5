"""What looks odd in finished sheets: pure figures."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from judging.alarms import Alarm, AlarmKind, FinishedSheet, alarms_of

START = datetime(2026, 5, 4, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def sheet(juror=1, proposal=1, *, opened=0.0, finished=24.0, values=None):
    """A sheet opened and finished so many hours after the start."""
    return FinishedSheet(
        juror=juror,
        proposal=proposal,
        opened_at=None if opened is None else START + opened * HOUR,
        finished_at=START + finished * HOUR,
        values=(proposal, juror * 100 + proposal) if values is None else values,
    )


def steady(juror=1, number=6, **fields):
    """Sheets that look as sheets do: one a day, each with its own scores."""
    return [
        sheet(juror, proposal, opened=24 * proposal, finished=24 * proposal + 2)
        for proposal in range(number)
    ]


def found(sheets, *, left=None, **options):
    return alarms_of(sheets, left=left or {}, **options)


def test_steady_work_is_not_odd():
    assert found(steady(1) + steady(2)) == []


def test_finished_though_never_opened():
    sheets = [
        sheet(proposal=1, opened=None),
        sheet(proposal=2, opened=30, finished=24),
        sheet(proposal=3, finished=50),
    ]

    assert found(sheets) == [Alarm(AlarmKind.UNOPENED, (1,), 2)]


def test_everything_within_an_hour_by_who_is_through():
    sheets = [sheet(proposal=each, finished=24 + each / 10) for each in range(5)]

    assert found(sheets) == [Alarm(AlarmKind.AT_ONCE, (1,), 5)]
    assert found(sheets, left={1: 1}) == []
    assert found(sheets[:4]) == []
    assert found([*sheets, sheet(proposal=9, finished=25.1)]) == []


def test_very_short_time_for_a_proposal():
    sheets = [
        sheet(proposal=each, opened=each * 24, finished=each * 24 + 0.02)
        for each in range(3)
    ]

    assert found(sheets) == [Alarm(AlarmKind.QUICK, (1,), 3)]
    assert found(sheets[:2]) == []


def test_same_scores_for_several_proposals():
    sheets = [
        sheet(proposal=each, finished=each * 24 + 2, values=(7000, 8000))
        for each in range(3)
    ]

    assert found(sheets) == [Alarm(AlarmKind.REPEATED, (1,), 3)]


def test_same_value_everywhere():
    sheets = [
        sheet(proposal=each, finished=each * 24 + 2, values=(value, value, None))
        for each, value in enumerate((7000, 8000, 9000))
    ]

    assert found(sheets) == [Alarm(AlarmKind.FLAT, (1,), 3)]


def twins():
    return [
        sheet(juror, proposal, finished=proposal * 24 + 2, values=(proposal, 50))
        for juror in (1, 2, 3)
        for proposal in range(2)
    ]


def test_sheets_of_two_jurors_that_are_the_same():
    assert found(twins()) == [
        Alarm(AlarmKind.TWINS, pair, 2) for pair in ((1, 2), (1, 3), (2, 3))
    ]


def test_reader_does_not_learn_whose_sheets_are_like_their_own():
    assert found(twins(), no_pairs_with=1) == [Alarm(AlarmKind.TWINS, (2, 3), 2)]


def test_gates_have_no_scores_to_compare():
    sheets = [
        sheet(juror, proposal, finished=proposal * 24 + 2, values=())
        for juror in (1, 2)
        for proposal in range(4)
    ]

    assert found(sheets) == []


SHEETS = st.lists(
    st.builds(
        sheet,
        juror=st.integers(1, 3),
        proposal=st.integers(1, 6),
        opened=st.none() | st.integers(0, 30),
        finished=st.integers(0, 30),
        values=st.tuples(
            st.none() | st.integers(1, 3) | st.just(None), st.integers(1, 3)
        ),
    ),
    unique_by=lambda each: (each.juror, each.proposal),
    max_size=18,
)


@given(SHEETS, st.randoms())
def test_order_of_sheets_does_not_matter(sheets, random):
    shuffled = list(sheets)
    random.shuffle(shuffled)

    assert found(shuffled) == found(sheets)


@given(SHEETS, st.permutations([1, 2, 3]))
def test_values_are_only_compared_never_told(sheets, order):
    """Other values that are alike in the same way raise the same alarms."""
    swapped = [
        FinishedSheet(
            each.juror,
            each.proposal,
            each.opened_at,
            each.finished_at,
            tuple(value and order[value - 1] for value in each.values),
        )
        for each in sheets
    ]

    assert found(swapped) == found(sheets)

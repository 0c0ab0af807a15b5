from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.models import User
from competitions.models import Stage
from judging.models import Juror
from judging.queries import BoardRow, Progress
from monitoring import overview
from monitoring.queries import ProposalCounts
from tests.factories.competitions import CALENDAR

NOTHING = ProposalCounts(unsent=0, endorsing=0, submitted=0, passed=0, failed=0)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def calendar(phase, part=0.5):
    """Stages around now, with `part` of `phase` gone by."""
    spans = {kind: (first, last) for kind, first, last in CALENDAR}
    first, last = spans[phase]
    origin = timezone.now() - timedelta(days=first + part * (last - first))
    return [
        Stage(
            kind=kind,
            name=kind,
            opens_at=origin + timedelta(days=opens),
            closes_at=origin + timedelta(days=closes),
        )
        for kind, (opens, closes) in spans.items()
    ]


def row(total, started, done, signed=True):
    now = timezone.now()
    juror = Juror(
        user=User(name="Juri 1"), background="ngo", signed_at=now if signed else None
    )
    return BoardRow(juror, Progress(total, started, done), conflicts=0)


def facts(phase, part=0.5, **fields):
    return replace(
        overview.RoundFacts(
            slug="kipp",
            is_opened=True,
            stages=calendar(phase, part),
            counts=NOTHING,
            missing=0,
            jurors=overview.juror_states([row(2, 0, 2)], None, timezone.now()),
            unassigned=0,
            has_sealed_result=False,
            award_count=0,
            has_decree=False,
        ),
        **fields,
    )


def titles(known):
    return [
        (action.variant, action.title)
        for action in overview.actions(known, timezone.now())
    ]


def test_unopened_round_is_to_be_set_up():
    assert titles(facts("submission", is_opened=False, missing=5)) == [
        ("warn", "The round is not open yet")
    ]


def test_nothing_to_do_is_an_empty_list():
    assert titles(facts("submission")) == []


@pytest.mark.parametrize(("part", "variant"), [(0.5, "info"), (0.9, "warn")])
def test_submission_warns_in_its_last_week(part, variant):
    counts = replace(NOTHING, unsent=3)

    assert titles(facts("submission", part, counts=counts, missing=5)) == [
        (variant, "3 proposals are begun but not sent"),
        (variant, "5 institutions take no part yet"),
    ]


def test_missing_institutions_no_longer_matter_after_submission():
    counts = replace(NOTHING, unsent=3)

    assert titles(facts("screening", counts=counts, missing=5)) == []


@pytest.mark.parametrize(
    ("phase", "variant"), [("submission", "info"), ("screening", "warn")]
)
def test_screening_waits(phase, variant):
    counts = replace(NOTHING, submitted=1)

    assert titles(facts(phase, counts=counts)) == [
        (variant, "1 proposal waits for its screening")
    ]


def test_screening_is_overdue_once_its_stage_is_over():
    counts = replace(NOTHING, submitted=2)

    assert titles(facts("scoring", counts=counts)) == [
        ("bad", "2 proposals wait for their screening")
    ]


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ("submission", []),
        ("screening", [("warn", "There is no juror yet")]),
        ("scoring", [("bad", "There is no juror yet")]),
    ],
)
def test_panel_is_called_in_time(phase, expected):
    assert titles(facts(phase, jurors=[])) == expected


def test_most_urgent_stands_first():
    scoring = calendar("scoring")[3]
    jurors = overview.juror_states(
        [row(10, 0, 1), row(10, 0, 0)], scoring, timezone.now()
    )

    assert titles(facts("scoring", jurors=jurors, unassigned=2)) == [
        ("bad", "2 proposals have no juror"),
        ("bad", "Juri 1 has not begun to score"),
        ("warn", "Juri 1 is behind, 1 of 10"),
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"counts": replace(NOTHING, passed=3)}, ["The result is not sealed yet"]),
        ({"has_sealed_result": True}, ["No award is given yet"]),
        (
            {"has_sealed_result": True, "award_count": 3},
            ["The decree is not recorded yet"],
        ),
        ({"has_sealed_result": True, "award_count": 3, "has_decree": True}, []),
    ],
)
def test_result_awards_and_decree_follow_each_other(fields, expected):
    assert [title for _variant, title in titles(facts("plenary", **fields))] == expected


@pytest.mark.parametrize(
    ("part", "board_row", "label", "variant"),
    [
        (0.5, row(0, 0, 0), "Nothing assigned", "mute"),
        (0.5, row(4, 0, 0, signed=False), "Not signed yet", "mute"),
        (0.1, row(4, 0, 0), "Not started", "mute"),
        (0.5, row(4, 0, 0), "Not started", "bad"),
        (0.5, row(10, 1, 3), "Behind", "warn"),
        (0.5, row(10, 1, 4), "Under way", "info"),
        (0.9, row(10, 0, 10), "Finished", "ok"),
    ],
)
def test_juror_is_measured_by_the_time_gone_by(part, board_row, label, variant):
    scoring = calendar("scoring", part)[3]

    (state,) = overview.juror_states([board_row], scoring, timezone.now())

    assert (state.label, state.variant) == (label, variant)


def test_elapsed_share_stays_between_nothing_and_all():
    stage = calendar("scoring")[3]

    assert overview.elapsed_share(None, timezone.now()) == 0
    assert overview.elapsed_share(stage, stage.opens_at) == 0
    assert overview.elapsed_share(stage, stage.closes_at + timedelta(days=1)) == 1

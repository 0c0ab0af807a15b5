"""The assignment computed: against brute force, at its full size, and run again."""

import random
from collections import Counter
from dataclasses import replace
from itertools import combinations, product
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judging.assigning import (
    Entry,
    GapReason,
    Judge,
    Problem,
    ReleaseReason,
    plan,
)

FAST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def final_of(problem, found):
    """The pairs as they stand once `found` is applied."""
    gone = {(each.juror, each.proposal) for each in found.released}
    return problem.kept | (problem.standing - problem.kept - gone) | set(found.added)


def worth(problem, pairs):
    """What an assignment is judged by, the weightiest first; less is better."""
    jurors = {each.key: each for each in problem.jurors}
    proposals = {each.key: each for each in problem.proposals}
    panels = Counter(proposal for _juror, proposal in pairs)
    load = Counter(juror for juror, _proposal in pairs)
    seats = [min(panels[key], problem.wanted) for key in proposals]
    mixes = Counter(
        (proposal, jurors[juror].background)
        for juror, proposal in pairs
        if juror in jurors
    )
    return (
        -sum(seats),
        sum((problem.wanted - seat) ** 2 for seat in seats),
        max(load[key] for key in jurors) - min(load[key] for key in jurors),
        sum(load[key] ** 2 for key in jurors),
        -len(pairs & problem.standing),
        sum(
            not jurors[juror].can_judge(proposals[proposal])
            for juror, proposal in pairs
            if juror in jurors
        ),
        sum(number * (number - 1) // 2 for number in mixes.values()),
    )


def best_by_trying_all(problem):
    has = Counter(proposal for _juror, proposal in problem.kept)
    load = Counter(juror for juror, _proposal in problem.kept)
    offers = [
        [
            chosen
            for number in range(max(problem.wanted - has[entry.key], 0) + 1)
            for chosen in combinations(
                [
                    (judge.key, entry.key)
                    for judge in problem.jurors
                    if (judge.key, entry.key) not in problem.barred | problem.kept
                ],
                number,
            )
        ]
        for entry in problem.proposals
    ]
    room = {
        each.key: max(each.capacity - load[each.key], 0)
        for each in problem.jurors
        if each.capacity is not None
    }
    found = []
    for chosen in product(*offers):
        pairs = {pair for part in chosen for pair in part}
        taken = Counter(juror for juror, _proposal in pairs)
        if all(taken[juror] <= left for juror, left in room.items()):
            found.append(worth(problem, problem.kept | pairs))
    return min(found)


@st.composite
def problems(draw):
    jurors = tuple(
        Judge(
            key,
            draw(st.sampled_from("ab")),
            draw(st.sampled_from([None, None, 1, 2, 3])),
            draw(st.frozensets(st.integers(0, 2), max_size=2)),
        )
        for key in range(draw(st.integers(1, 4)))
    )
    proposals = tuple(
        Entry(10 + key, draw(st.sampled_from([None, 0, 1, 2])))
        for key in range(draw(st.integers(1, 3)))
    )
    pairs = [(judge.key, entry.key) for judge in jurors for entry in proposals]
    # 0 is free, the rest tells what a pair is.
    kinds = draw(
        st.lists(
            st.sampled_from([0, 0, 0, "kept", "standing", "standing", "barred"]),
            min_size=len(pairs),
            max_size=len(pairs),
        )
    )
    named = {
        name: frozenset(
            pair for pair, kind in zip(pairs, kinds, strict=True) if kind == name
        )
        for name in ("kept", "standing", "barred")
    }
    return Problem(jurors, proposals, draw(st.integers(1, 3)), **named)


@FAST
@given(problems())
def test_nothing_better_is_found_by_trying_all(problem):
    found = plan(problem)

    assert worth(problem, final_of(problem, found)) == best_by_trying_all(problem)


@FAST
@given(problems(), st.randoms())
def test_answer_is_the_same_whatever_the_order(problem, chance):
    shuffled = replace(
        problem,
        jurors=tuple(chance.sample(problem.jurors, len(problem.jurors))),
        proposals=tuple(chance.sample(problem.proposals, len(problem.proposals))),
    )

    assert plan(shuffled) == plan(problem)


@FAST
@given(problems())
def test_run_again_moves_nothing(problem):
    made = final_of(problem, plan(problem)) - problem.kept

    again = plan(replace(problem, standing=frozenset(made)))

    assert again.changes_nothing


@FAST
@given(problems())
def test_what_is_lacking_is_told_with_its_reason(problem):
    found = plan(problem)

    panels = Counter(proposal for _juror, proposal in final_of(problem, found))
    told = {gap.proposal: gap.missing for gap in found.gaps}
    assert told == {
        entry.key: problem.wanted - panels[entry.key]
        for entry in problem.proposals
        if panels[entry.key] < problem.wanted
    }
    for gap in found.gaps:
        # Whoever could judge it and does not has as much as they may.
        by_key = {each.key: each for each in problem.jurors}
        assert all(found.after[key] >= by_key[key].capacity for key in gap.full)
        assert (gap.reason == GapReason.CAPACITY) == bool(gap.full)


def province(seed=1, **fields):
    """1,000 proposals, 60 jurors, 3 for each, 500 conflicts."""
    chance = random.Random(seed)
    jurors = tuple(
        Judge(
            key,
            chance.choice("abcde"),
            knows=frozenset(chance.sample(range(6), 2)),
            **fields,
        )
        for key in range(60)
    )
    proposals = tuple(Entry(1000 + key, chance.randrange(6)) for key in range(1000))
    barred = set()
    while len(barred) < 500:
        barred.add((chance.randrange(60), 1000 + chance.randrange(1000)))
    return Problem(jurors, proposals, 3, frozenset(barred))


@pytest.fixture(scope="module")
def solved_province():
    problem = province()
    begin = process_time()
    found = plan(problem)
    return problem, found, process_time() - begin


def test_province_is_balanced_within_ten_seconds(solved_province):
    problem, found, seconds = solved_province

    assert seconds <= 10
    assert len(found.added) == 3000
    assert set(found.after.values()) == {50}  # 3,000 sheets, 60 jurors
    assert not found.gaps
    assert found.unlike == 0
    assert not problem.barred & set(found.added)


def test_ten_conflicts_more_move_ten_sheets(solved_province):
    problem, found, _seconds = solved_province
    chance = random.Random(2)
    made = frozenset(found.added)
    struck = frozenset(chance.sample(sorted(made), 10))
    finished = frozenset(chance.sample(sorted(made - struck), 1500))
    later = replace(
        problem,
        barred=problem.barred | struck,
        kept=finished,
        standing=made - finished,
    )
    begin = process_time()

    again = plan(later)

    assert process_time() - begin <= 10
    assert {(each.juror, each.proposal) for each in again.released} == struck
    assert {each.reason for each in again.released} == {ReleaseReason.BARRED}
    assert len(again.added) == 10
    assert set(again.after.values()) == {50}


def test_every_juror_scores_all_but_what_is_barred():
    jurors = tuple(Judge(key) for key in range(3))
    proposals = tuple(Entry(10 + key) for key in range(2))

    found = plan(Problem(jurors, proposals, None, frozenset({(0, 10)})))

    assert set(found.added) == {(0, 11), (1, 10), (1, 11), (2, 10), (2, 11)}
    assert not found.gaps


def test_limits_leave_gaps_spread_evenly():
    jurors = tuple(Judge(key, capacity=2) for key in range(3))
    proposals = tuple(Entry(10 + key) for key in range(3))

    found = plan(Problem(jurors, proposals, 3))

    assert Counter(gap.missing for gap in found.gaps) == {1: 3}
    assert {gap.reason for gap in found.gaps} == {GapReason.CAPACITY}


def test_loads_far_apart_are_reckoned_exactly():
    """One juror must carry nearly all: the coarse part of their load is refined."""
    jurors = tuple(Judge(key) for key in range(5))
    proposals = tuple(Entry(100 + key) for key in range(40))
    barred = frozenset((juror, 100 + key) for juror in range(1, 5) for key in range(30))

    found = plan(Problem(jurors, proposals, 1, barred))

    assert sorted(found.after.values()) == [2, 2, 3, 3, 30]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"jurors": (Judge(1),)}, ReleaseReason.LEFT),
        ({"barred": frozenset({(0, 10)})}, ReleaseReason.BARRED),
        ({"kept": frozenset({(1, 10)})}, ReleaseReason.TOO_MANY),
    ],
)
def test_release_says_why(change, reason):
    problem = Problem(
        (Judge(0), Judge(1)), (Entry(10),), 1, standing=frozenset({(0, 10)})
    )

    (released,) = plan(replace(problem, **change)).released

    assert (released.juror, released.proposal, released.reason) == (0, 10, reason)


def test_lowered_limit_and_new_juror_say_why():
    standing = frozenset({(0, 10), (0, 11), (0, 12), (0, 13)})
    proposals = tuple(Entry(10 + key) for key in range(4))

    lowered = plan(
        Problem((Judge(0, capacity=1), Judge(1)), proposals, 1, standing=standing)
    )
    joined = plan(Problem((Judge(0), Judge(1)), proposals, 1, standing=standing))

    assert {each.reason for each in lowered.released} == {ReleaseReason.CAPACITY}
    assert lowered.after == {0: 1, 1: 3}
    assert {each.reason for each in joined.released} == {ReleaseReason.BALANCE}
    assert joined.after == {0: 2, 1: 2}

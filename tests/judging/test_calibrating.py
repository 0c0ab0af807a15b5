"""Advice on jurors: golden cases by hand, properties, speed."""

import random
import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.calibrating import JurorSheet, alpha, calibrate
from judging.ranking import CriterionRule, RuleSet, Sheet, rank, tally

ONE = RuleSet((CriterionRule("a", Decimal(100)),))


def sheets(**by_juror):
    """Sheets with one criterion: a juror's values by proposal, in whole points."""
    return [
        JurorSheet(juror, proposal, (value * 100,))
        for juror, values in by_juror.items()
        for proposal, value in values.items()
    ]


def test_alpha_of_a_case_worked_by_hand():
    # Three units of two values: (1, 2), (3, 3), (5, 4); n = 6.
    # Within: 2·(1 + 0 + 1)/1 = 4, divided by 6. All pairs: 2·(6·64 − 18²) = 120 of 30.
    assert alpha([(1, 2), (3, 3), (5, 4)]) == 1 - Fraction(5 * 4, 120)


def test_alpha_of_the_textbook_example():
    """Krippendorff's interval example: four observers, twelve units, alpha 0.849."""
    gap = None
    table = [
        (1, 2, 3, 3, 2, 1, 4, 1, 2, gap, gap, gap),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, gap, 3),
        (gap, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, gap),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, gap),
    ]
    units = [
        [value for value in unit if value is not None]
        for unit in zip(*table, strict=True)
    ]

    assert round(float(alpha(units)), 3) == 0.849


def test_alpha_at_its_ends():
    assert alpha([]) is None
    assert alpha([(1,), (2,)]) is None
    assert alpha([(5, 5), (5, 5, 5)]) == 1
    assert alpha([(1, 1), (9, 9)]) == 1
    assert alpha([(1, 9), (9, 1)]) < 0


def test_severity_is_the_distance_to_the_others():
    found = calibrate(
        ONE,
        sheets(
            strict={"P": 60, "Q": 50},
            mild={"P": 80, "Q": 80, "R": 90},
            middle={"P": 70},
        ),
    )

    profiles = {each.juror: each for each in found.profiles}
    # Strict: 60 − (80+70)/2 = −15 and 50 − 80 = −30, on average −22.5.
    assert profiles["strict"].severity == Fraction(-45, 2)
    # Mild: 80 − 65 = 15 and 80 − 50 = 30; R was judged by nobody else.
    assert profiles["mild"].severity == Fraction(45, 2)
    assert profiles["mild"].compared == 2
    assert profiles["mild"].sheet_count == 3
    assert profiles["mild"].variance == Fraction(200, 9)
    assert (profiles["strict"].lowest, profiles["strict"].highest) == (50, 60)


def test_a_place_that_hinges_on_one_juror():
    rules = RuleSet((CriterionRule("a", Decimal(100)),), shortlist_size=1)
    found = calibrate(
        rules,
        sheets(
            one={"P": 80, "Q": 70},
            two={"P": 80, "Q": 70},
            three={"P": 50, "Q": 75},
        ),
    )

    # Means P 70, Q 71.67; without three P 80, Q 70.
    first, second = found.hinges
    assert (first.proposal, first.rank, first.best, first.worst) == ("Q", 1, 1, 2)
    assert [each.juror for each in first.deciders] == ["three"]
    assert (second.proposal, second.rank, second.best) == ("P", 2, 1)


def test_a_juror_alone_is_compared_with_nobody():
    found = calibrate(ONE, sheets(one={"P": 80, "Q": 70}))

    assert found.agreement is None
    assert found.hinges == []
    assert found.profiles[0].severity is None


values = st.integers(0, 100)
panels = st.dictionaries(
    st.sampled_from(["one", "two", "three", "four"]),
    st.dictionaries(st.sampled_from("PQRST"), values, min_size=1),
    min_size=1,
)


@given(panels, st.randoms(use_true_random=False))
def test_the_order_of_sheets_does_not_matter(panel, chance):
    rows = sheets(**panel)
    mixed = rows.copy()
    chance.shuffle(mixed)

    one, other = calibrate(ONE, rows), calibrate(ONE, mixed)

    assert one.agreement == other.agreement
    assert {p.juror: p for p in one.profiles} == {p.juror: p for p in other.profiles}
    assert [(h.proposal, h.best, h.worst) for h in one.hinges] == [
        (h.proposal, h.best, h.worst) for h in other.hinges
    ]


@given(panels, st.integers(1, 40))
def test_a_milder_scale_for_all_changes_no_advice(panel, more):
    """Points added to every sheet leave agreement, severity and spread alone."""
    raised = {
        juror: {code: value + more for code, value in own.items()}
        for juror, own in panel.items()
    }

    one, other = calibrate(ONE, sheets(**panel)), calibrate(ONE, sheets(**raised))

    assert one.agreement == other.agreement
    assert [(p.severity, p.variance) for p in one.profiles] == [
        (p.severity, p.variance) for p in other.profiles
    ]


@given(panels)
def test_moves_are_those_of_a_ranking_made_anew(panel):
    rows = sheets(**panel)
    found = calibrate(ONE, rows)
    codes = sorted({each.proposal for each in rows})

    def ranks(kept):
        made = (Sheet(r.proposal, (Decimal(r.values[0]) / 100,)) for r in kept)
        return {each.proposal: each.rank for each in rank(ONE, tally(made, codes))}

    whole = ranks(rows)
    expected = {
        (code, juror, other[code])
        for juror in panel
        if len(panel) > 1
        for other in [ranks([r for r in rows if r.juror != juror])]
        for code in codes
        if other[code] != whole[code]
    }
    seen = {
        (each.proposal, move.juror, move.rank)
        for each in found.hinges
        for move in each.moves
        if move.rank != each.rank
    }
    assert seen == expected


@given(st.lists(st.lists(values, min_size=2, max_size=5), min_size=1, max_size=6))
def test_alpha_equals_a_count_over_all_pairs(units):
    pool = [value for unit in units for value in unit]
    within = sum(
        Fraction((a - b) ** 2, len(unit) - 1)
        for unit in units
        for a in unit
        for b in unit
    ) / len(pool)
    anywhere = Fraction(
        sum((a - b) ** 2 for a in pool for b in pool), len(pool) * (len(pool) - 1)
    )

    expected = 1 - within / anywhere if anywhere else 1
    assert alpha(units) == expected


def test_a_province_is_calibrated_in_time():
    chance = random.Random(7)
    rules = RuleSet(
        tuple(CriterionRule(code, Decimal("12.5")) for code in "abcdefgh"),
        shortlist_size=99,
    )
    rows = [
        JurorSheet(
            (proposal + turn) % 12,
            f"P{proposal:04}",
            tuple(chance.randrange(5000, 10000, 100) for _each in range(8)),
        )
        for proposal in range(1000)
        for turn in range(5)
    ]

    began = time.process_time()
    found = calibrate(rules, rows)
    took = time.process_time() - began

    assert len(found.profiles) == 12
    assert took < 2.5, f"{took:.2f} s"
    assert found.agreement == pytest.approx(0, abs=0.1)

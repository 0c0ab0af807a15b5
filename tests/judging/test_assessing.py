"""The tree of an assessment and its predicates, worked by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from judging.assessing import (
    WHOLE,
    Component,
    Minimum,
    PredicateRule,
    Shortfall,
    assess,
    points_of,
)

TREE = (
    Component("pengungkit", Decimal(60)),
    Component("perubahan", Decimal(20), "pengungkit"),
    Component("pemenuhan", Decimal("12.5"), "perubahan"),
    Component("reform", Decimal("7.5"), "perubahan"),
    Component("pengawasan", Decimal(40), "pengungkit"),
    Component("hasil", Decimal(40)),
)
WBK = PredicateRule(
    "wbk",
    (
        Minimum("perubahan", Fraction(12)),
        Minimum("pengungkit", Fraction(40)),
        Minimum(WHOLE, Fraction(75)),
    ),
)
WBBM = PredicateRule(
    "wbbm", (Minimum("pengungkit", Fraction(48)), Minimum(WHOLE, Fraction(85))), "wbk"
)


def points(pemenuhan, reform, pengawasan, hasil):
    means = {
        "pemenuhan": Fraction(pemenuhan),
        "reform": Fraction(reform),
        "pengawasan": Fraction(pengawasan),
        "hasil": Fraction(hasil),
    }
    return points_of(TREE, means, Decimal(100))


def test_points_add_up_the_tree():
    # 12.5 * 80 % = 10; 7.5 * 60 % = 4.5; 40 * 75 % = 30; 40 * 90 % = 36
    assert points(80, 60, 75, 90) == {
        "pemenuhan": 10,
        "reform": Fraction(9, 2),
        "perubahan": Fraction(29, 2),
        "pengawasan": 30,
        "pengungkit": Fraction(89, 2),
        "hasil": 36,
        WHOLE: Fraction(161, 2),
    }


@pytest.mark.parametrize(
    ("scores", "held", "predicate", "shortfalls"),
    [
        # 14.5, 44.5, 80.5: WBK, and 44.5 of the 48 for WBBM
        (
            (80, 60, 75, 90),
            (),
            "wbk",
            [Shortfall("wbbm", "pengungkit", Fraction(89, 2), Fraction(48))],
        ),
        # 10 of 12: the first minimum of WBK fails, whatever the total
        (
            (50, 50, 100, 100),
            (),
            "",
            [
                Shortfall("wbk", "perubahan", Fraction(10), Fraction(12)),
                Shortfall("wbbm"),
            ],
        ),
        # everything, but WBK was never held
        ((100, 100, 100, 100), (), "wbk", [Shortfall("wbbm")]),
        ((100, 100, 100, 100), ("wbk",), "wbbm", []),
        # exactly the minimum is enough: 12, 40, 75
        (
            (60, 60, 70, Fraction(175, 2)),
            (),
            "wbk",
            [Shortfall("wbbm", "pengungkit", Fraction(40), Fraction(48))],
        ),
    ],
)
def test_highest_predicate_whose_every_minimum_holds(
    scores, held, predicate, shortfalls
):
    found = assess([WBK, WBBM], points(*scores), held)

    assert (found.predicate, list(found.shortfalls)) == (predicate, shortfalls)


def test_nothing_scored_reaches_nothing():
    found = assess([WBK], points_of(TREE, {}, Decimal(100)))

    assert found.predicate == ""
    assert found.shortfalls[0].points == 0

"""The arithmetic of ranks: golden cases by hand, properties, speed."""

import random
import time
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from judging.ordering import SHARED
from judging.ranking import (
    CriterionRule,
    RuleSet,
    Sheet,
    Tally,
    rank,
    readable,
    spread,
    tally,
    weighted_total,
)


def rules(*weights, chain=(), pass_mark=None, shortlist_size=None):
    """Criteria a, b, c …; `chain` names those that break ties, in order."""
    codes = "abcdefgh"[: len(weights)]
    return RuleSet(
        tuple(
            CriterionRule(
                code,
                Decimal(weight),
                chain.index(code) + 1 if code in chain else None,
            )
            for code, weight in zip(codes, weights, strict=True)
        ),
        None if pass_mark is None else Decimal(pass_mark),
        shortlist_size,
    )


def ranked(rule_set, sheets, proposals=None):
    sheets = [Sheet(p, tuple(Decimal(v) for v in values)) for p, *values in sheets]
    codes = proposals or sorted({sheet.proposal for sheet in sheets})
    return rank(rule_set, tally(sheets, codes))


def places(standings):
    return [(each.proposal, each.rank) for each in standings]


def test_total_is_value_times_weight():
    total = weighted_total(
        [Decimal("80"), Decimal("72.5"), Decimal("90")],
        [Decimal("50"), Decimal("30"), Decimal("20")],
    )

    assert total == Decimal("79.75")  # 40 + 21.75 + 18


def test_golden_case_of_three_jurors():
    # A: a (80+90+85)/3 = 85, b (70+75+80)/3 = 75; total 0.6 * 85 + 0.4 * 75 = 81
    # B: a (90+80+70)/3 = 80, b (85+80+84)/3 = 83; total 0.6 * 80 + 0.4 * 83 = 81.2
    sheets = [
        ("A", 80, 70),
        ("A", 90, 75),
        ("A", 85, 80),
        ("B", 90, 85),
        ("B", 80, 80),
        ("B", 70, 84),
    ]

    first, second = ranked(rules(60, 40), sheets)

    assert (first.proposal, first.total, first.means) == (
        "B",
        Fraction(812, 10),
        (80, 83),
    )
    assert (second.proposal, second.total, second.means) == ("A", 81, (85, 75))


def test_rank_follows_the_unrounded_mean():
    # Thirds: A has 80 + 1/3, B has 80.33. Both read 80,33.
    sheets = [("A", 80), ("A", 80), ("A", 81), ("B", "80.33")]

    first, second = ranked(rules(100), sheets)

    assert (first.proposal, second.proposal) == ("A", "B")
    assert readable(first.total) == Decimal("80.333333")


def test_golden_case_of_a_tie_through_three_criteria():
    # All three total 80: weights 40, 30, 20, 10; chain a, b, c.
    # P and Q have the same a (80) and b (80); c decides: P 85 to Q 80, and d makes
    # it up (P 70, Q 80). R has a 79, so it comes after both, d 84 making up for it.
    sheets = [
        ("P", 80, 80, 85, 70),
        ("Q", 80, 80, 80, 80),
        ("R", 79, 80, 80, 84),
    ]

    standings = ranked(rules(40, 30, 20, 10, chain="abc"), sheets)

    assert places(standings) == [("P", 1), ("Q", 2), ("R", 3)]
    assert [each.total for each in standings] == [80, 80, 80]
    assert [each.tie_rule for each in standings] == ["c", "c", "a"]


def test_order_of_chain_is_that_of_its_numbers():
    sheets = [("P", 90, 70), ("Q", 70, 90)]

    assert places(ranked(rules(50, 50, chain="ab"), sheets))[0] == ("P", 1)
    assert places(ranked(rules(50, 50, chain="ba"), sheets))[0] == ("Q", 1)


def test_tie_to_the_end_of_the_chain_shares_the_rank():
    sheets = [("Q", 80, 80), ("P", 80, 80), ("R", 70, 70), ("S", 90, 90)]

    standings = ranked(rules(50, 50, chain="a"), sheets)

    assert places(standings) == [("S", 1), ("P", 2), ("Q", 2), ("R", 4)]
    assert [each.tie_rule for each in standings] == ["", SHARED, SHARED, ""]


def test_shared_and_decided_in_one_group():
    sheets = [("P", 90, 70), ("Q", 80, 80), ("R", 80, 80)]

    standings = ranked(rules(50, 50, chain="a"), sheets)

    assert places(standings) == [("P", 1), ("Q", 2), ("R", 2)]
    assert [each.tie_rule for each in standings] == ["a", SHARED, SHARED]


def test_golden_case_with_half_the_sheets_missing():
    # Four jurors, eight sheets of sixteen came in; each mean is over what there is.
    sheets = [
        ("A", 80),
        ("A", 90),
        ("A", 70),
        ("A", 84),  # mean 81
        ("B", 85),  # one sheet: mean 85
        ("C", 60),
        ("C", 62),
        ("C", 65),  # mean 62 1/3
    ]

    standings = ranked(
        rules(100, pass_mark=70, shortlist_size=3), sheets, ["A", "B", "C", "D"]
    )

    assert places(standings) == [("B", 1), ("A", 2), ("C", 3), ("D", None)]
    assert [each.total for each in standings] == [85, 81, Fraction(187, 3), None]
    assert [each.sheet_count for each in standings] == [1, 4, 3, 0]
    assert [each.is_shortlisted for each in standings] == [True, True, False, False]


def test_pass_mark_is_reached_by_being_equal():
    standings = ranked(rules(100, pass_mark=70), [("A", 70), ("B", "69.99")])

    assert [each.passes for each in standings] == [True, False]


def test_shortlist_line_takes_in_who_shares_its_rank():
    sheets = [("A", 90), ("B", 80), ("C", 80), ("D", 70)]

    standings = ranked(rules(100, shortlist_size=2), sheets)

    assert [each.is_shortlisted for each in standings] == [True, True, True, False]


def test_nothing_to_rank():
    assert rank(rules(100), []) == []


def test_spread_of_totals():
    assert spread([Decimal("71.5"), Decimal("90"), Decimal("80")]) == Decimal("18.5")
    assert spread([]) is None


values = st.decimals(min_value=0, max_value=100, places=2)


@st.composite
def ballots(draw):
    """A rule set of one to five criteria, and sheets of up to six proposals."""
    count = draw(st.integers(1, 5))
    cuts = sorted(
        draw(st.lists(st.integers(0, 100), min_size=count - 1, max_size=count - 1))
    )
    edges = [0, *cuts, 100]
    weights = [b - a for a, b in pairwise(edges)]
    chain = draw(st.permutations("abcde"[:count]))[: draw(st.integers(0, count))]
    rule_set = rules(*weights, chain=tuple(chain), pass_mark=70, shortlist_size=2)
    # Few values, so that ties are common.
    value = st.one_of(st.sampled_from([Decimal(70), Decimal(80)]), values)
    sheets = draw(
        st.lists(
            st.builds(
                Sheet,
                st.sampled_from("PQRSTU"),
                st.tuples(*[value] * count),
            ),
            min_size=1,
            max_size=24,
        )
    )
    return rule_set, sheets


def naive(rule_set, sheets):
    """The same by the plainest way: sums of fractions, a pairwise comparison."""
    scores = {}
    for code in "PQRSTU":
        own = [sheet.values for sheet in sheets if sheet.proposal == code]
        if not own:
            continue
        means = [
            sum(Fraction(row[at]) for row in own) / len(own)
            for at in range(len(rule_set.criteria))
        ]
        total = sum(
            Fraction(c.weight) * mean / 100
            for c, mean in zip(rule_set.criteria, means, strict=True)
        )
        scores[code] = (total, [means[at] for at in rule_set.chain])
    return {
        code: 1 + sum(other > own for other in scores.values())
        for code, own in scores.items()
    }


@given(ballots())
def test_ranks_equal_the_naive_computation(ballot):
    rule_set, sheets = ballot

    standings = rank(rule_set, tally(sheets, "PQRSTU"))

    found = {each.proposal: each.rank for each in standings if each.rank}
    assert found == naive(rule_set, sheets)
    assert [each.position for each in standings] == [1, 2, 3, 4, 5, 6]


@given(ballots(), st.randoms(use_true_random=False))
def test_order_of_sheets_does_not_matter(ballot, chance):
    rule_set, sheets = ballot
    shuffled = list(sheets)
    chance.shuffle(shuffled)

    assert rank(rule_set, tally(sheets, "PQRSTU")) == rank(
        rule_set, tally(shuffled, "UTSRQP")
    )


@given(ballots(), st.data())
def test_raising_a_score_never_lowers_its_proposal(ballot, data):
    rule_set, sheets = ballot
    place = data.draw(st.integers(0, len(sheets) - 1))
    at = data.draw(st.integers(0, len(rule_set.criteria) - 1))
    old = sheets[place]
    higher = data.draw(st.decimals(old.values[at], 100, places=2))
    raised = Sheet(old.proposal, (*old.values[:at], higher, *old.values[at + 1 :]))
    before = rank(rule_set, tally(sheets, "PQRSTU"))
    after = rank(
        rule_set, tally([*sheets[:place], raised, *sheets[place + 1 :]], "PQRSTU")
    )

    def rank_of(standings):
        return next(each.rank for each in standings if each.proposal == old.proposal)

    assert rank_of(after) <= rank_of(before)


@given(ballots(), st.data())
def test_absent_juror_changes_only_the_mean_of_the_others(ballot, data):
    rule_set, sheets = ballot
    code = data.draw(st.sampled_from([sheet.proposal for sheet in sheets]))
    (own,) = tally([sheet for sheet in sheets if sheet.proposal == code], [code])
    doubled = Tally(code, 2 * own.sheet_count, tuple(2 * each for each in own.sums))

    (once,) = rank(rule_set, [own])
    (twice,) = rank(rule_set, [doubled])

    assert (once.total, once.means) == (twice.total, twice.means)


@given(ballots())
def test_neighbours_follow_the_chain(ballot):
    rule_set, sheets = ballot
    standings = [each for each in rank(rule_set, tally(sheets, "PQRSTU")) if each.rank]
    for upper, lower in pairwise(standings):
        upper_key = (upper.total, *(upper.means[at] for at in rule_set.chain))
        lower_key = (lower.total, *(lower.means[at] for at in rule_set.chain))
        assert upper_key >= lower_key
        assert (upper_key == lower_key) == (upper.rank == lower.rank)
        if upper.total == lower.total:
            assert upper.tie_rule
            assert lower.tie_rule


def test_thousand_proposals_are_ranked_in_half_a_second():
    chance = random.Random(1)
    rule_set = rules(*["12.5"] * 8, chain="abc", pass_mark=70, shortlist_size=10)
    codes = [f"P{n:04}" for n in range(1000)]
    sheets = [
        Sheet(
            code,
            tuple(Decimal(chance.randint(0, 10000)).scaleb(-2) for _ in "abcdefgh"),
        )
        for code in codes
        for _juror in range(5)
    ]

    began = time.perf_counter()
    standings = rank(rule_set, tally(sheets, codes))
    took = time.perf_counter() - began

    assert len(standings) == 1000
    assert took < 0.5

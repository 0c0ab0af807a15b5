"""What a plenary does to the ranking: golden cases by hand, and properties."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging import agreeing, ranking
from judging.agreeing import Agreement, Decisions, TieVote
from judging.combining import Contestant, Papers, StageRules, Verdicts, judge
from judging.ordering import PLENARY, SHARED
from judging.ranking import CriterionRule, RuleSet, Sheet, rank, tally


def rules(*weights, chain=(), shortlist_size=None):
    """Criteria a, b, c …; `chain` names those that break ties, in order."""
    codes = "abcd"[: len(weights)]
    return RuleSet(
        tuple(
            CriterionRule(
                code,
                Decimal(weight),
                chain.index(code) + 1 if code in chain else None,
            )
            for code, weight in zip(codes, weights, strict=True)
        ),
        shortlist_size=shortlist_size,
    )


def tallies(sheets):
    sheets = [Sheet(p, tuple(Decimal(v) for v in values)) for p, *values in sheets]
    return tally(sheets, sorted({each.proposal for each in sheets}))


def places(standings):
    return [(each.proposal, each.rank, each.tie_rule) for each in standings]


def judged(rule_set, sheets, decisions=agreeing.NO_DECISIONS):
    papers = Papers(tallies={each.proposal: each for each in tallies(sheets)})
    return judge(
        [StageRules("desk", rule_set)],
        [Contestant(code) for code in papers.tallies],
        {"desk": decisions.laid_on(papers, "desk")},
    )


# Four criteria of 25 each, ties by a, then b, then c. All totals are 80.
#        a   b   c   d
EQUALS = [
    ("P", 80, 80, 80, 80),
    ("Q", 80, 80, 80, 80),
    ("R", 80, 80, 70, 90),  # behind them by c
    ("S", 80, 70, 90, 80),  # behind by b, whatever its c
    ("T", 90, 70, 80, 80),  # before all by a
]


def test_golden_case_of_a_tie_through_three_criteria_and_then_the_plenary():
    rule_set = rules(25, 25, 25, 25, chain=("a", "b", "c"))

    before = rank(rule_set, tallies(EQUALS))
    after = rank(rule_set, tallies(EQUALS), votes=[("Q", "P")])

    assert places(before) == [
        ("T", 1, "a"),
        ("P", 2, SHARED),
        ("Q", 2, SHARED),
        ("R", 4, "c"),
        ("S", 5, "b"),
    ]
    assert places(after) == [
        ("T", 1, "a"),
        ("Q", 2, PLENARY),
        ("P", 3, PLENARY),
        ("R", 4, "c"),
        ("S", 5, "b"),
    ]


def test_golden_case_of_agreed_scores():
    # P: a (70+90)/2 = 80, b (60+80)/2 = 70; total 0.6 * 80 + 0.4 * 70 = 76
    # agreed a = 85: total 0.6 * 85 + 0.4 * 70 = 79, above Q with 78
    sheets = [("P", 70, 60), ("P", 90, 80), ("Q", 78, 78)]
    decisions = Decisions([Agreement("desk", "P", {"a": Decimal(85)})])

    (first, second) = judged(rules(60, 40), sheets, decisions).stages[0].standings

    assert (first.proposal, first.total, first.means) == ("P", 79, (85, 70))
    assert (first.sheet_count, second.total) == (2, 78)


def test_later_decision_stands_as_a_whole():
    decisions = Decisions(
        [
            Agreement("desk", "P", {"a": Decimal(90), "b": Decimal(90)}),
            Agreement("desk", "P", {"b": Decimal(60)}),
        ]
    )

    (only,) = judged(rules(50, 50), [("P", 70, 70)], decisions).stages[0].standings

    assert only.means == (70, 60)


def test_vote_that_does_not_name_all_equals_is_passed_over():
    rule_set = rules(100)
    sheets = [("P", 80), ("Q", 80), ("R", 80)]

    shared = rank(rule_set, tallies(sheets), votes=[("Q", "P")])
    decided = rank(rule_set, tallies(sheets), votes=[("Q", "P"), ("R", "P", "Q")])

    assert {each.tie_rule for each in shared} == {SHARED}
    assert [each.proposal for each in decided] == ["R", "P", "Q"]


def test_sharing_leaves_the_rank_shared():
    decisions = Decisions(ties=[TieVote("desk", ("Q", "P"), is_shared=True)])

    outcome = judged(rules(100), [("P", 80), ("Q", 80)], decisions)

    assert [each.rank for each in outcome.finals] == [1, 1]


def test_votes_of_a_stage_end_with_the_scores_of_the_next():
    """Who was voted first after the proposals is not so after the presentations."""
    first = StageRules("desk", rules(100), share=Decimal(50))
    second = StageRules("talk", rules(100), share=Decimal(50))
    papers = {each.proposal: each for each in tallies([("P", 80), ("Q", 80)])}
    decisions = Decisions(ties=[TieVote("desk", ("Q", "P"))])

    outcome = judge(
        [first, second],
        [Contestant("P"), Contestant("Q")],
        {
            "desk": decisions.laid_on(Papers(tallies=papers), "desk"),
            "talk": Papers(tallies=papers),
        },
    )

    assert [each.proposal for each in outcome.stages[0].standings] == ["Q", "P"]
    assert {each.tie_rule for each in outcome.finals} == {SHARED}


def test_votes_after_a_gate_decide_in_the_end():
    desk = StageRules("desk", rules(100))
    gate = StageRules("gate", RuleSet(()), is_gate=True, share=Decimal(0))
    papers = {each.proposal: each for each in tallies([("P", 80), ("Q", 80)])}
    decisions = Decisions(ties=[TieVote("gate", ("Q", "P"))])

    outcome = judge(
        [desk, gate],
        [Contestant("P"), Contestant("Q")],
        {
            "desk": Papers(tallies=papers),
            "gate": decisions.laid_on(Papers(), "gate"),
        },
    )

    assert places(outcome.finals) == [("Q", 1, PLENARY), ("P", 2, PLENARY)]


def test_plenary_rules_at_a_gate_only_on_what_was_seen():
    gate = StageRules("gate", RuleSet(()), is_gate=True)
    papers = Papers(verdicts={"P": Verdicts(fails=2), "Q": Verdicts(passes=2)})
    decisions = Decisions(
        [
            Agreement("gate", "P", verdict="remarks"),
            Agreement("gate", "Q", verdict="fails"),
            Agreement("gate", "R", verdict="fails"),  # nobody was there
        ]
    )

    outcome = judge(
        [gate],
        [Contestant(code) for code in "PQR"],
        {"gate": decisions.laid_on(papers, "gate")},
    )

    assert outcome.stages[0].verdicts == {"P": "remarks", "Q": "fails", "R": ""}
    assert outcome.stages[0].through == ["P", "R"]


@pytest.mark.parametrize(
    ("quorum", "sitting", "conflicted", "needed"),
    [
        (3, 5, 0, 3),  # more than half of five
        (3, 5, 2, 2),  # more than half of the three who are free
        (4, 5, 1, 3),  # a stricter quorum falls by one
        (5, 5, 2, 3),  # all who are free
        (2, 5, 0, 2),  # a lower one is kept
        (2, 5, 1, 2),
        (3, 5, 5, 1),  # nobody is free: nobody can decide
    ],
)
def test_juror_in_conflict_leaves_the_denominator(quorum, sitting, conflicted, needed):
    found = agreeing.quorum_for(quorum, sitting=sitting, conflicted=conflicted)

    assert found == needed


def test_tie_on_the_line_is_one_a_vote_could_decide():
    sheets = [("P", 90), ("Q", 80), ("R", 80), ("S", 70), ("T", 70)]
    outcome = judged(rules(100, shortlist_size=2), sheets)

    def voted(order):
        decisions = Decisions(ties=[TieVote("desk", tuple(order))])
        return judged(rules(100, shortlist_size=2), sheets, decisions)

    ties = agreeing.open_ties(outcome)
    assert ties == [("Q", "R"), ("S", "T")]
    assert [agreeing.is_on_the_line(tie, outcome, voted) for tie in ties] == [
        True,
        False,
    ]


values = st.integers(0, 20)
sheet_lists = st.lists(
    st.tuples(st.sampled_from("PQRS"), values, values), min_size=1, max_size=12
)
orders = st.permutations("PQRS").map(tuple)


@given(sheet_lists, orders, st.randoms(use_true_random=False))
def test_order_of_jurors_does_not_matter(sheets, order, shuffled):
    rule_set = rules(60, 40, chain=("a",))
    decisions = Decisions(
        [Agreement("desk", "P", {"a": Decimal(7)})], [TieVote("desk", order)]
    )
    one = judged(rule_set, sheets, decisions).finals

    shuffled.shuffle(sheets)

    assert judged(rule_set, sheets, decisions).finals == one


@given(sheet_lists)
def test_agreeing_on_the_mean_changes_nothing(sheets):
    rule_set = rules(60, 40, chain=("b",))
    plain = judged(rule_set, sheets)
    on_scale = [
        Agreement(
            "desk",
            each.proposal,
            {
                code: Decimal(mean.numerator) / mean.denominator
                for code, mean in zip("ab", each.means, strict=True)
                if (mean * 100).denominator == 1
            },
        )
        for each in plain.stages[0].standings
    ]

    assert judged(rule_set, sheets, Decisions(on_scale)).finals == plain.finals


@given(sheet_lists, values, st.integers(1, 20))
def test_higher_agreed_score_never_lowers_its_proposal(sheets, value, more):
    rule_set = rules(60, 40, chain=("b", "a"))

    def rank_with(agreed):
        decisions = Decisions([Agreement("desk", "P", {"a": Decimal(agreed)})])
        found = judged(rule_set, sheets, decisions).finals
        return next((each.rank for each in found if each.proposal == "P"), None)

    low, high = rank_with(value), rank_with(value + more)

    assert low is None or high <= low


@given(sheet_lists, orders)
def test_votes_order_equals_only_and_the_chain_goes_to_the_end(sheets, order):
    rule_set = rules(60, 40, chain=("b",))
    plain = rank(rule_set, tallies(sheets))

    voted = rank(rule_set, tallies(sheets), votes=[order])

    assert [each.rank for each in voted] == list(range(1, len(voted) + 1))
    assert SHARED not in {each.tie_rule for each in voted}
    by_code = {each.proposal: each for each in plain}
    keys = [(each.total, each.means[1]) for each in voted]
    assert keys == sorted(keys, reverse=True)
    for each in voted:
        was = by_code[each.proposal]
        equals = sum(one.rank == was.rank for one in plain)
        assert was.rank <= each.rank < was.rank + equals
        assert (each.tie_rule == PLENARY) == (was.tie_rule == SHARED)


@given(sheet_lists, values)
def test_agreed_score_is_the_exact_mean_of_its_criterion(sheets, value):
    rule_set = rules(60, 40)
    decisions = Decisions([Agreement("desk", "P", {"b": Decimal(value)})])
    own = [sheet for sheet in sheets if sheet[0] == "P"]

    found = judged(rule_set, sheets, decisions).stages[0].by_proposal.get("P")

    if own:
        mean = Fraction(sum(sheet[1] for sheet in own), len(own))
        assert found.total == mean * 60 / 100 + Fraction(value * 40, 100)
        assert found.sheet_count == len(own)


def test_nothing_is_agreed_on_without_a_sheet():
    empty = ranking.Tally("P", 0, ())

    assert ranking.agreed(rules(100), empty, {"a": Decimal(9)}) == empty

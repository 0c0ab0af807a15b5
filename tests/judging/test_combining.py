"""Several stages become one result: shares, gates, shortlists, groups."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from judging import combining
from judging.combining import Contestant, Papers, StageRules, Verdicts, judge
from judging.models import Verdict
from judging.ordering import SHARED, Groups
from judging.ranking import CriterionRule, RuleSet, Sheet, ShortlistRule, tally


def stage(code, *weights, share=100, scale_max=100, chain=None, tracks=(), **limits):
    """A scored stage with criteria <code>-a, -b, …; `chain` numbers some of them."""
    chain = chain or {}
    criteria = tuple(
        CriterionRule(
            f"{code}-{letter}",
            Decimal(weight),
            chain.get(letter),
            tuple(tracks[place]) if tracks else (),
        )
        for place, (letter, weight) in enumerate(zip("abcd", weights, strict=False))
    )
    return StageRules(
        code, RuleSet(criteria, **limits), Decimal(share), Decimal(scale_max)
    )


def gate(code="lapangan"):
    return StageRules(code, RuleSet(()), Decimal(0), is_gate=True)


def papers(*sheets):
    """Sheets as (proposal, values …); None where a criterion is of another track."""
    rows = [
        Sheet(code, tuple(None if v is None else Decimal(str(v)) for v in values))
        for code, *values in sheets
    ]
    return Papers(
        tallies={t.proposal: t for t in tally(rows, {r.proposal for r in rows})}
    )


def visits(**verdicts):
    return Papers(verdicts={code: Verdicts(*each) for code, each in verdicts.items()})


def contestants(codes, **groups):
    return [Contestant(code, groups.get(code, Groups())) for code in codes]


def ranks(outcome):
    return [(each.proposal, each.rank) for each in outcome.finals]


DESK = stage("proposal", 60, 40, share=70)
TALK = stage("presentasi", 100, share=30)


def test_golden_case_of_seventy_and_thirty():
    # A: desk 0.6 * 90 + 0.4 * 80 = 86, talk 70: 0.7 * 86 + 0.3 * 70 = 81.2
    # B: desk 0.6 * 80 + 0.4 * 85 = 82, talks 90 and 85, mean 87.5:
    #    0.7 * 82 + 0.3 * 87.5 = 83.65
    outcome = judge(
        [DESK, TALK],
        contestants("AB"),
        {
            "proposal": papers(("A", 90, 80), ("B", 80, 85)),
            "presentasi": papers(("A", 70), ("B", 90), ("B", 85)),
        },
    )

    first, second = outcome.finals

    assert (first.proposal, first.rank, first.total) == ("B", 1, Fraction(8365, 100))
    assert (second.proposal, second.rank, second.total) == ("A", 2, Fraction(812, 10))
    assert [each.proposal for each in outcome.stages[0].standings] == ["A", "B"]


def test_scale_of_five_is_brought_to_a_hundred():
    # (4 + 5) / 2 = 4.5 of 5 is 90; 0.6 * 90 + 0.4 * 70 = 82
    outcome = judge(
        [
            stage("berkas", 50, 50, share=60, scale_max=5),
            stage("peraga", 100, share=40),
        ],
        contestants("A"),
        {"berkas": papers(("A", 4, 5)), "peraga": papers(("A", 70))},
    )

    assert outcome.stages[0].standings[0].total == Fraction(9, 2)
    assert outcome.finals[0].total == 82


def test_only_who_is_shortlisted_is_judged_in_the_next_stage():
    desk = stage("proposal", 100, share=70, shortlist_size=2, pass_mark=Decimal(70))
    outcome = judge(
        [desk, TALK],
        contestants("ABCDE"),
        {
            "proposal": papers(("A", 90), ("B", 80), ("C", 75), ("D", 69.99)),
            # A sheet of C counts nowhere: C was not let through.
            "presentasi": papers(("A", 60), ("B", 90), ("C", 100)),
        },
    )

    assert outcome.stages[0].through == ["A", "B"]
    assert ranks(outcome) == [("B", 1), ("A", 2), ("C", None), ("D", None), ("E", None)]
    assert [each.stopped_at for each in outcome.finals] == ["", "", *["proposal"] * 3]
    assert [each.position for each in outcome.finals] == [1, 2, 3, 4, 5]


def test_later_shortlist_goes_by_what_the_stages_come_to_together():
    talk = stage("presentasi", 100, share=30, shortlist_size=1)
    outcome = judge(
        [stage("proposal", 100, share=70), talk, gate()],
        contestants("AB"),
        # A: 0.7 * 90 + 0.3 * 80 = 87; B: 0.7 * 70 + 0.3 * 100 = 79
        {
            "proposal": papers(("A", 90), ("B", 70)),
            "presentasi": papers(("A", 80), ("B", 100)),
        },
    )

    assert [each.rank for each in outcome.stages[1].standings] == [1, 2]
    assert outcome.stages[1].standings[0].proposal == "B"
    assert outcome.stages[1].through == ["A"]
    assert ranks(outcome) == [("A", 1), ("B", None)]


def test_gate_only_takes_out_who_fails():
    outcome = judge(
        [stage("proposal", 100), gate()],
        contestants("ABCD"),
        {
            "proposal": papers(("A", 90), ("B", 80), ("C", 70), ("D", 60)),
            "lapangan": visits(A=(0, 0, 2), B=(1, 0, 1), C=(2, 0, 0)),
        },
    )

    assert outcome.stages[1].verdicts == {
        "A": "fails",
        "B": "remarks",  # one of two: not most of them
        "C": "passes",
        "D": "",  # not visited
    }
    assert ranks(outcome) == [("B", 1), ("C", 2), ("D", 3), ("A", None)]
    assert outcome.finals[-1].stopped_at == "lapangan"


def test_verdicts_of_both_sides_are_spelt_alike():
    assert set(Verdict.values) == {
        combining.PASSES,
        combining.REMARKS,
        combining.FAILS,
    }


def test_missing_juror_does_not_punish_in_any_stage():
    both = judge(
        [DESK, TALK],
        contestants("A"),
        {
            "proposal": papers(("A", 80, 80), ("A", 80, 80)),
            "presentasi": papers(("A", 70), ("A", 70)),
        },
    )
    one = judge(
        [DESK, TALK],
        contestants("A"),
        {"proposal": papers(("A", 80, 80)), "presentasi": papers(("A", 70))},
    )

    assert both.finals[0].total == one.finals[0].total == 77


def test_who_was_not_heard_has_no_final_rank():
    outcome = judge(
        [DESK, TALK],
        contestants("AB"),
        {
            "proposal": papers(("A", 90, 90), ("B", 80, 80)),
            "presentasi": papers(("B", 1)),
        },
    )

    assert ranks(outcome) == [("B", 1), ("A", None)]
    assert outcome.finals[1].stopped_at == "presentasi"


def test_pass_mark_of_the_last_stage_goes_before_the_sum():
    talk = stage("presentasi", 100, share=30, pass_mark=Decimal(60))
    outcome = judge(
        [stage("proposal", 100, share=70), talk],
        contestants("AB"),
        {
            "proposal": papers(("A", 100), ("B", 70)),
            "presentasi": papers(("A", 50), ("B", 60)),
        },
    )

    assert ranks(outcome) == [("B", 1), ("A", 2)]
    assert [each.passes for each in outcome.finals] == [True, False]


def test_tie_follows_the_chain_over_stages_to_the_end():
    # All total 80. b of the talk parts R; then a of the proposal parts P and Q.
    desk = stage("proposal", 50, 50, share=50, chain={"a": 2})
    talk = stage("presentasi", 50, 50, share=50, chain={"b": 1})
    outcome = judge(
        [desk, talk],
        contestants("PQRST"),
        {
            "proposal": papers(
                ("P", 90, 70),
                ("Q", 80, 80),
                ("R", 80, 80),
                ("S", 70, 90),
                ("T", 70, 90),
            ),
            "presentasi": papers(
                ("P", 80, 80),
                ("Q", 80, 80),
                ("R", 70, 90),
                ("S", 80, 80),
                ("T", 80, 80),
            ),
        },
    )

    assert ranks(outcome) == [("R", 1), ("P", 2), ("Q", 3), ("S", 4), ("T", 4)]
    assert [each.tie_rule for each in outcome.finals] == [
        "presentasi-b",
        "proposal-a",
        "proposal-a",
        SHARED,
        SHARED,
    ]


def test_tracks_are_judged_by_their_own_criteria():
    rules = stage(
        "proposal", 60, 40, 100, tracks=[["umum"], ["umum"], ["khusus"]], chain={"a": 1}
    )
    groups = {"A": Groups("umum"), "B": Groups("khusus"), "C": Groups("umum")}
    outcome = judge(
        [rules],
        contestants("ABC", **groups),
        {
            "proposal": papers(
                ("A", 80, 90, None), ("B", None, None, 84), ("C", 90, 75, None)
            )
        },
    )

    # All come to 84; B is not judged by the criterion of the chain, so it decides
    # nothing among the three.
    assert ranks(outcome) == [("A", 1), ("B", 1), ("C", 1)]
    assert outcome.stages[0].standings[1].means == (None, None, 84)
    assert [each.ranks["track"] for each in outcome.finals] == [1, 1, 1]


def test_shortlist_per_group_and_the_rest():
    rules = stage(
        "proposal",
        100,
        shortlists=(
            ShortlistRule("cluster", 1, ("bumd",)),
            ShortlistRule("cluster", 2),
        ),
    )
    groups = {
        "A": Groups(cluster="opd"),
        "B": Groups(cluster="opd"),
        "C": Groups(cluster="opd"),
        "D": Groups(cluster="bumd"),
        "E": Groups(cluster="bumd"),
        "F": Groups(),
    }
    outcome = judge(
        [rules],
        contestants("ABCDEF", **groups),
        {"proposal": papers(*zip("ABCDEF", (90, 80, 70, 60, 50, 99), strict=True))},
    )

    assert outcome.stages[0].through == ["A", "B", "D"]


def test_size_of_all_together_counts_who_got_through_their_group():
    rules = stage(
        "proposal",
        100,
        shortlist_size=2,
        shortlists=(ShortlistRule("track", 1),),
    )
    groups = {code: Groups(track) for code, track in zip("ABCD", "xxyz", strict=True)}
    outcome = judge(
        [rules],
        contestants("ABCD", **groups),
        {"proposal": papers(*zip("ABCD", (90, 85, 80, 70), strict=True))},
    )

    assert outcome.stages[0].through == ["A", "C"]


def test_nothing_to_judge():
    assert judge([DESK, TALK, gate()], [], {}).finals == []
    assert judge([], contestants("A"), {}).finals == []


# Properties --------------------------------------------------------------------------

CODES = "PQRSTU"
score = st.one_of(
    st.sampled_from([Decimal(70), Decimal(80)]), st.decimals(0, 100, places=2)
)


@st.composite
def competitions(draw):
    """Two scored stages with a gate between, few sheets, groups and a shortlist."""
    share = draw(st.integers(0, 100))
    size = draw(st.one_of(st.none(), st.integers(1, 6)))
    stages = [
        stage("satu", 60, 40, share=share, shortlist_size=size, chain={"a": 2}),
        gate(),
        stage("dua", 30, 70, share=100 - share, chain={"b": 1}),
    ]
    groups = {
        code: Groups(draw(st.sampled_from("xy")), draw(st.sampled_from("kl")))
        for code in CODES
    }
    sheet = st.tuples(st.sampled_from(CODES), score, score)
    written = {code: draw(st.lists(sheet, max_size=14)) for code in ("satu", "dua")}
    said = {
        code: draw(st.tuples(*[st.integers(0, 2)] * 3))
        for code in draw(st.sets(st.sampled_from(CODES)))
    }
    return stages, groups, written, said


def outcome_of(competition):
    stages, groups, written, said = competition
    return judge(
        stages,
        contestants(CODES, **groups),
        {
            "satu": papers(*written["satu"]),
            "lapangan": visits(**said),
            "dua": papers(*written["dua"]),
        },
    )


def naive(competition):
    """The final scores by the plainest way, of who has sheets in both stages."""
    stages, _groups, written, _said = competition
    found = {}
    for code in CODES:
        totals = []
        for rules, name in ((stages[0], "satu"), (stages[2], "dua")):
            own = [row for row in written[name] if row[0] == code]
            if own:
                mean = sum(
                    sum(
                        Fraction(value) * Fraction(each.weight) / 100
                        for value, each in zip(
                            row[1:], rules.ranking.criteria, strict=True
                        )
                    )
                    for row in own
                ) / len(own)
                totals.append(Fraction(rules.share) / 100 * mean)
        if len(totals) == 2:
            found[code] = sum(totals)
    return found


@given(competitions())
def test_combination_equals_the_naive_computation(competition):
    totals = naive(competition)

    for each in outcome_of(competition).finals:
        if each.rank:
            assert each.total == totals[each.proposal]


@given(competitions(), st.randoms(use_true_random=False))
def test_order_of_jurors_does_not_matter(competition, chance):
    stages, groups, written, said = competition
    shuffled = {name: list(rows) for name, rows in written.items()}
    for rows in shuffled.values():
        chance.shuffle(rows)

    again = outcome_of((stages, groups, shuffled, said))

    assert again.finals == outcome_of(competition).finals


@given(competitions())
def test_everybody_has_one_line_and_groups_agree_with_the_order(competition):
    _stages, groups, _written, _said = competition
    finals = outcome_of(competition).finals

    assert sorted(each.proposal for each in finals) == sorted(CODES)
    assert [each.position for each in finals] == [1, 2, 3, 4, 5, 6]
    ranked = [each for each in finals if each.rank]
    for upper, lower in pairwise(ranked):
        assert upper.rank <= lower.rank
        assert upper.total >= lower.total
    for per in ("track", "category"):
        for each in ranked:
            above = [
                other
                for other in ranked
                if other.rank < each.rank
                and groups[other.proposal].code_of(per)
                == groups[each.proposal].code_of(per)
            ]
            assert each.ranks[per] == 1 + len(above)


@given(competitions(), st.data())
def test_raising_a_score_never_lowers_its_proposal(competition, data):
    stages, groups, written, said = competition
    name = data.draw(
        st.sampled_from([each for each in written if written[each]] or [""])
    )
    if not name:
        return
    place = data.draw(st.integers(0, len(written[name]) - 1))
    code, one, two = written[name][place]
    higher = data.draw(st.decimals(one, 100, places=2))
    raised = dict(written)
    raised[name] = [*written[name]]
    raised[name][place] = (code, higher, two)

    before = next(x for x in outcome_of(competition).finals if x.proposal == code)
    after = next(
        x
        for x in outcome_of((stages, groups, raised, said)).finals
        if x.proposal == code
    )

    assert (after.rank is None) <= (before.rank is None)
    if before.rank:
        assert after.total >= before.total
        # Who got in at the line is not the same any more, but nobody passed by.
        assert after.rank <= before.rank

"""What holds of every competition there can be, however many stages and rules."""

import ast
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from judging import assessing, combining, ordering, ranking
from judging.combining import Contestant, StageRules
from judging.ordering import Groups
from judging.ranking import CriterionRule, RuleSet, ShortlistRule, readable
from judging.sealing import SealedSheet, judge_sheets
from tests.judging.plain import recompute

CODES = "PQRSTU"
TRACKS = ("umum", "khusus")


@st.composite
def score_stages(draw, number, share, *, plain):
    """A scored stage: a few criteria, a chain, a pass mark, lists of who gets through.

    One that is `plain` has no criteria of single tracks, and no lists by group.
    """
    count = draw(st.integers(1, 4))
    cuts = sorted(draw(st.tuples(*[st.integers(0, 10_000)] * (count - 1))))
    weights = [b - a for a, b in pairwise([0, *cuts, 10_000])]
    links = draw(st.permutations(range(1, count + 1)))
    scale = draw(st.sampled_from([5, 10, 100]))
    criteria = tuple(
        CriterionRule(
            f"s{number}-{letter}",
            Decimal(weight).scaleb(-2),
            link if draw(st.booleans()) else None,
            () if plain else draw(st.sampled_from([(), (), ("umum",)])),
        )
        for letter, weight, link in zip("abcd", weights, links, strict=False)
    )
    size = st.one_of(st.none(), st.integers(1, 5))
    lists = st.lists(
        st.builds(
            ShortlistRule,
            st.sampled_from(["track", "category", "overall"]),
            st.integers(1, 3),
            st.sampled_from([(), ("umum",), ("k",)]),
        ),
        max_size=2,
    )
    return StageRules(
        f"tahap-{number}",
        RuleSet(
            criteria,
            draw(st.sampled_from([None, Decimal(scale) * 7 / 10])),
            draw(size),
            () if plain else tuple(draw(lists)),
        ),
        Decimal(share),
        Decimal(scale),
    )


@st.composite
def competitions(draw, *, plain=False):
    """Stages, contestants and sheets; few values, so that ties are common."""
    count = draw(st.integers(1, 3))
    first = draw(st.integers(0, 100))
    shares = {1: [100], 2: [first, 100 - first], 3: [first, 0, 100 - first]}[count]
    stages = []
    for number, share in enumerate(shares):
        stages.append(draw(score_stages(number, share, plain=plain)))
        if draw(st.booleans()):
            gate = StageRules(f"pintu-{number}", RuleSet(()), Decimal(0), is_gate=True)
            stages.append(gate)
    contestants = [
        Contestant(
            code,
            Groups(
                draw(st.sampled_from(TRACKS)), draw(st.sampled_from(["k", "l", ""]))
            ),
        )
        for code in CODES
    ]
    sheets = [
        draw(sheets_of(stage, juror, each))
        for stage in stages
        for juror in (1, 2, 3)
        for each in contestants
        if draw(st.integers(0, 3))
    ]
    return stages, contestants, sheets


@st.composite
def sheets_of(draw, stage, juror, contestant):
    top = int(stage.scale_max)
    value = st.one_of(
        st.sampled_from([Decimal(top), Decimal(top) * 8 / 10]),
        st.decimals(0, top, places=2),
    )
    return SealedSheet(
        key=f"{stage.code}-{juror}-{contestant.code}",
        stage=stage.code,
        juror=juror,
        proposal=contestant.code,
        is_final=draw(st.integers(0, 5)) > 0,
        verdict=draw(st.sampled_from(["passes", "remarks", "fails", "fails"]))
        if stage.is_gate
        else "",
        scores={
            each.code: draw(value)
            for each in stage.ranking.criteria
            if each.is_for(contestant.groups.track)
        },
    )


@given(competitions())
def test_everything_equals_the_plain_recomputation(competition):
    stages, contestants, sheets = competition

    outcome = judge_sheets(stages, contestants, sheets)

    by_stage, end = recompute(*competition)
    for found in outcome.stages:
        lines = by_stage[found.rules.code]
        assert {each.proposal for each in found.standings} == set(lines)
        for each in found.standings:
            line = lines[each.proposal]
            assert (each.sheet_count, each.passes, each.is_shortlisted) == (
                line.sheets,
                line.passes,
                line.through,
            )
            assert (each.total, each.rank, each.tie_rule, dict(each.ranks)) == (
                line.total,
                line.rank,
                line.tie_rule,
                line.ranks,
            )
            if each.rank:
                assert each.means == tuple(line.means.values())
    assert [each.position for each in outcome.finals] == [1, 2, 3, 4, 5, 6]
    for each in outcome.finals:
        line = end[each.proposal]
        assert (each.total, each.rank, each.tie_rule, dict(each.ranks)) == (
            line.total,
            line.rank,
            line.tie_rule,
            line.ranks,
        )
        assert (each.sheet_count, each.passes, each.is_shortlisted) == (
            line.sheets,
            line.passes,
            line.through,
        )
        assert each.stopped_at == line.stopped_at


@given(competitions(), st.randoms(use_true_random=False))
def test_neither_jurors_nor_proposals_nor_sheets_have_an_order(competition, chance):
    stages, contestants, sheets = competition
    numbers = [1, 2, 3]
    chance.shuffle(numbers)
    renamed = [replace(each, juror=numbers[each.juror - 1]) for each in sheets]
    entered = list(contestants)
    for each in (entered, renamed):
        chance.shuffle(each)

    again = judge_sheets(stages, entered, renamed)

    first = judge_sheets(*competition)
    assert again.finals == first.finals
    assert [each.standings for each in again.stages] == [
        each.standings for each in first.stages
    ]


def raised(data, competition):
    """Raise one score of one final sheet; give the sheets and the one that was."""
    stages, _contestants, sheets = competition
    scored = [at for at, each in enumerate(sheets) if each.is_final and each.scores]
    if not scored:
        return None
    at = data.draw(st.sampled_from(scored))
    old = sheets[at]
    code = data.draw(st.sampled_from(sorted(old.scores)))
    (top,) = (each.scale_max for each in stages if each.code == old.stage)
    higher = data.draw(st.decimals(old.scores[code], int(top), places=2))
    new = replace(old, scores=old.scores | {code: higher})
    return [*sheets[:at], new, *sheets[at + 1 :]], old


@given(competitions(), st.data())
def test_raising_a_score_never_lowers_its_proposal_in_the_stage(competition, data):
    stages, contestants, _sheets = competition
    if (change := raised(data, competition)) is None:
        return
    sheets, old = change

    before, after = (
        next(
            (
                found.by_proposal.get(old.proposal)
                for found in judge_sheets(stages, contestants, each).stages
                if found.rules.code == old.stage
            ),
            None,
        )
        for each in (competition[2], sheets)
    )

    if before and before.rank:
        assert after.total >= before.total
        assert after.rank <= before.rank
        assert after.passes >= before.passes


@given(competitions(plain=True), st.data())
def test_raising_a_score_never_lowers_its_proposal_in_the_end(competition, data):
    stages, contestants, _sheets = competition
    if (change := raised(data, competition)) is None:
        return
    sheets, old = change

    before, after = (
        next(
            found
            for found in judge_sheets(stages, contestants, each).finals
            if found.proposal == old.proposal
        )
        for each in (competition[2], sheets)
    )

    assert after.is_shortlisted >= before.is_shortlisted
    if before.rank:
        assert after.rank
        assert after.total >= before.total
        assert after.rank <= before.rank


def stage_totals(competition):
    return {
        (found.rules.code, each.proposal): each.total
        for found in judge_sheets(*competition).stages
        for each in found.standings
        if each.total is not None
    }


@given(competitions(plain=True), st.data())
def test_abstaining_never_punishes(competition, data):
    """A juror who says nothing leaves the mean to the others, and nothing else."""
    stages, contestants, sheets = competition
    stages = [
        replace(
            each, ranking=replace(each.ranking, shortlist_size=None, pass_mark=None)
        )
        for each in stages
        if not each.is_gate
    ]
    sheets = [each for each in sheets if each.scores]
    if not sheets:
        return
    left_out = data.draw(st.sampled_from(sheets))
    rest = [each for each in sheets if each is not left_out]
    place = (left_out.stage, left_out.proposal)
    (rules,) = (each for each in stages if each.code == left_out.stage)
    before = stage_totals((stages, contestants, sheets))
    after = stage_totals((stages, contestants, rest))
    own = [
        sum(
            Fraction(each.weight) * Fraction(sheet.scores[each.code]) / 100
            for each in rules.ranking.criteria
        )
        for sheet in rest
        if (sheet.stage, sheet.proposal) == place and sheet.is_final
    ]

    # In its own stage nobody else is touched; later ones go by who was judged here.
    same_stage = {key for key in before if key[0] == place[0]} - {place}
    assert {key: after[key] for key in same_stage} == {
        key: before[key] for key in same_stage
    }
    if own and place in before:
        assert after[place] == sum(own) / len(own)
        assert min(own) <= after[place] <= max(own)


@given(
    st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=6), st.integers(1, 6)
)
def test_who_is_judged_alike_by_all_loses_nothing_by_any_absence(values, heard):
    rules = StageRules(
        "satu",
        RuleSet(
            tuple(
                CriterionRule(f"k{number}", Decimal(100) / len(values))
                for number in range(len(values))
            )
            if 100 % len(values) == 0
            else (CriterionRule("k0", Decimal(100)),)
        ),
    )
    scores = {
        each.code: value
        for each, value in zip(rules.ranking.criteria, values, strict=False)
    }
    alike = [
        SealedSheet(str(juror), "satu", juror, "P", True, scores=scores)
        for juror in range(6)
    ]

    (all_of_them,) = judge_sheets([rules], [Contestant("P")], alike).finals
    (some,) = judge_sheets([rules], [Contestant("P")], alike[:heard]).finals

    assert some.total == all_of_them.total


@given(st.integers(2, 60), st.integers(0, 6_000))
def test_a_difference_that_no_rounding_keeps_decides(jurors, start):
    """Two proposals a hundredth apart in one sheet of many: less than what is shown."""
    rules = StageRules("satu", RuleSet((CriterionRule("k", Decimal("0.01")),)))
    low = Decimal(start).scaleb(-2)

    def sheets(code, last):
        values = [low] * (jurors - 1) + [last]
        return [
            SealedSheet(f"{code}{n}", "satu", n, code, True, scores={"k": value})
            for n, value in enumerate(values)
        ]

    first, second = judge_sheets(
        [rules],
        [Contestant("P"), Contestant("Q")],
        sheets("P", low) + sheets("Q", low + Decimal("0.01")),
    ).finals

    assert (first.proposal, first.rank, second.rank) == ("Q", 1, 2)
    assert first.total - second.total == Fraction(1, 1_000_000 * jurors)
    assert readable(first.total) - readable(second.total) <= Decimal("0.000001")


@pytest.mark.parametrize("module", [assessing, combining, ordering, ranking])
def test_nothing_is_rounded_before_it_is_shown(module):
    """No division, rounding or float where ranks come about, but in what is shown."""
    shown = {"readable"}
    tree = ast.parse(Path(module.__file__).read_text())
    found = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name not in shown:
            for node in ast.walk(function):
                if isinstance(node, ast.Div) and module is not assessing:
                    found.append(f"{function.name}: /")
                name = getattr(node, "id", getattr(node, "attr", ""))
                if name in {"float", "round", "quantize", "fsum", "ROUND_HALF_UP"}:
                    found.append(f"{function.name}: {name}")

    assert found == []
    assert str(settings.BASE_DIR) in module.__file__

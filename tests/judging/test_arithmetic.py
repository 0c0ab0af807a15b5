"""The steps shown come to what is ranked, and to what a naive sum gives."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from judging.combining import Contestant, Papers, StageRules, Verdicts, judge
from judging.ranking import CriterionRule, RuleSet, Sheet, tally
from judging.standings.arithmetic import Exact, arithmetic_of
from tests.judging.pages import login_secretariat
from tests.judging.presenting import presentation_stage

WEIGHTS = [Decimal("33.33"), Decimal("16.67"), Decimal(50)]
CODES = ["a", "b", "c"]


def rules(code, share, scale_max=100):
    criteria = tuple(
        CriterionRule(name, weight) for name, weight in zip(CODES, WEIGHTS, strict=True)
    )
    return StageRules(code, RuleSet(criteria), Decimal(share), Decimal(scale_max))


STAGES = [
    rules("desk", "62.5"),
    StageRules("gate", RuleSet(()), Decimal(0), is_gate=True),
    rules("talk", "37.5", scale_max=5),
]
NAMES = {each.code: each.code.title() for each in STAGES}
CRITERIA = {each.code: {code: code for code in CODES} for each in STAGES}


def values(most):
    value = st.integers(0, most * 100).map(lambda n: Decimal(n) / 100)
    sheet = st.tuples(value, value, value)
    return st.lists(sheet, min_size=1, max_size=7)


def arithmetic(papers):
    sheets = {
        code: Papers(
            tallies={"P": tally([Sheet("P", each) for each in given_], ["P"])[0]},
        )
        for code, given_ in papers.items()
    }
    sheets["gate"] = Papers(verdicts={"P": Verdicts(passes=1)})
    outcome = judge(STAGES, [Contestant("P")], sheets)
    steps = arithmetic_of(outcome, "P", names=NAMES, criteria=CRITERIA)
    return steps, outcome.finals[0]


@given(values(100), values(5))
def test_steps_equal_a_naive_sum_and_the_ranking(desk, talk):
    steps, final = arithmetic({"desk": desk, "talk": talk})

    naive = Fraction(0)
    for sheets, share, most in ((desk, "62.5", 100), (talk, "37.5", 5)):
        totals = [
            sum(
                Fraction(v) * Fraction(w) / 100 for v, w in zip(s, WEIGHTS, strict=True)
            )
            for s in sheets
        ]
        mean = sum(totals, Fraction(0)) / len(totals)
        naive += mean * 100 / most * Fraction(Decimal(share)) / 100
    assert steps.total.value == naive == final.total
    for stage in steps.stages:
        assert stage.total.value == sum(
            Fraction(row.weight) * row.mean.value / 100 for row in stage.rows
        )


def test_who_was_stopped_has_no_sum():
    steps, final = arithmetic({"desk": [(Decimal(80),) * 3]})

    assert (steps, final.total) == (None, None)


@pytest.mark.parametrize(
    ("value", "text", "is_round"),
    [
        (Fraction(250, 3), "250/3", False),
        (Fraction(1, 8), "0.125", False),
        (Fraction(5), "5", True),
        (Fraction(8025, 100), "80.25", True),
        (Fraction(100), "100", True),
        (Fraction(1, 2**20), "0.00000095367431640625", False),
    ],
)
def test_exact_value_has_all_its_decimals_or_is_a_fraction(value, text, is_round):
    assert (Exact(value).text, Exact(value).is_round) == (text, is_round)


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(250, 3), "83.333333…"), (Fraction(59437, 1000), "59.437")],
)
def test_sum_is_shown_with_enough_decimals_to_follow_it(value, text):
    assert Exact(value).close == text


@given(st.integers(0, 10**9), st.integers(0, 12), st.integers(0, 12))
def test_exact_decimals_read_back_as_the_same_number(numerator, twos, fives):
    value = Fraction(numerator, 2**twos * 5**fives)

    assert Fraction(Exact(value).text.replace(",", "")) == value


@pytest.mark.django_db
def test_page_shows_the_steps_that_come_to_the_final_score(client):
    from django.utils import timezone

    from judging import services
    from judging.models import ScoreSheet
    from tests.factories.judging import write_sheet
    from tests.judging.presenting import secretary, sheets_of

    stage = presentation_stage(proposals=1, phase="plenary")
    services.assign_all(scoring_stage=stage, actor=secretary(stage), at=timezone.now())
    write_sheet(sheets_of(stage.round, "presentasi").get(), 4)
    stage.round.scoringstage_set.get(code="lapangan").delete()
    proposal = stage.round.proposal_set.get()
    login_secretariat(client, stage.round)

    response = client.get(
        reverse("judging:ranking_detail", args=[stage.round.slug, proposal.code])
    )

    shown = response.context["outcome"]["arithmetic"]
    assert [each.added.value for each in shown.stages] == [63, 24]
    assert shown.total.value == response.context["outcome"]["place"].total == 87
    assert ScoreSheet.objects.count() == 2

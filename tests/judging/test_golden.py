"""Rankings worked out by hand, from the jurors' sheets to the sealed lines."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from judging import queries, sealing, standings
from judging.combining import Contestant, StageRules
from judging.models import Juror, ScoreSheet
from judging.ordering import SHARED
from judging.ranking import CriterionRule, RuleSet
from judging.sealing import SealedSheet, judge_sheets
from tests.factories.judging import (
    ConflictFactory,
    ScoreFactory,
    scoring_round,
    seal,
    staged_round,
    write_sheet,
)


def test_tie_through_three_criteria_and_beyond():
    """Five proposals of 80 points each; weights 40, 30, 20, 10, chain a, b, c.

        |      a       |     b      |     c      |     d      | total
    ----+--------------+------------+------------+------------+--------------------
     V  | 86           | 80         | 70         | 76         | 34.4 +24  +14  +7.6
     Q  | 85           | 80         | 72         | 76         | 34   +24  +14.4+7.6
     P  | (90+80)/2=85 | (70+90)/2  | (60+80)/2  | (75+85)/2  | 34   +24  +14  +8
     R  | (84+85+86)/3 | (81+79+80) | (70+70+70) | (79+80+81) | 34   +24  +14  +8
     U  | 85           | 79         | 75         | 73         | 34   +23.7+15  +7.3

    Criterion a parts V from the rest, b parts U from Q, P and R, c parts Q from P and
    R. P and R are equal to the end of the chain and share the third place; that three
    jurors judged R and two P is of no account. So U is fifth.
    """
    rows = {
        "V": [(86, 80, 70, 76)],
        "Q": [(85, 80, 72, 76)],
        "P": [(90, 70, 60, 75), (80, 90, 80, 85)],
        "R": [(84, 81, 70, 79), (85, 79, 70, 80), (86, 80, 70, 81)],
        "U": [(85, 79, 75, 73)],
    }
    links = {"a": (40, 1), "b": (30, 2), "c": (20, 3), "d": (10, None)}
    rules = RuleSet(
        tuple(
            CriterionRule(code, Decimal(weight), link)
            for code, (weight, link) in links.items()
        )
    )
    sheets = [
        SealedSheet(
            f"{code}{juror}",
            "satu",
            juror,
            code,
            True,
            scores=dict(zip("abcd", map(Decimal, values), strict=True)),
        )
        for code, own in rows.items()
        for juror, values in enumerate(own, start=1)
    ]

    finals = judge_sheets(
        [StageRules("satu", rules)], [Contestant(code) for code in rows], sheets
    ).finals

    assert {each.total for each in finals} == {Fraction(80)}
    assert [(each.proposal, each.rank, each.tie_rule) for each in finals] == [
        ("V", 1, "a"),
        ("Q", 2, "c"),
        ("P", 3, SHARED),
        ("R", 3, SHARED),
        ("U", 5, "b"),
    ]


def final(juror, proposal, *values):
    return write_sheet(_sheet(juror, proposal), *values)


def _sheet(juror, proposal):
    return ScoreSheet.objects.select_related("assignment__scoring_stage").get(
        assignment__juror=juror, assignment__proposal=proposal
    )


def abstain(juror, proposal, *values):
    """Let a juror abstain who had written already."""
    sheet = write_sheet(_sheet(juror, proposal), *values, is_final=False)
    sheet.state, sheet.abstain_reason = "abstained", "Pernah membimbing timnya."
    sheet.finalised_at = timezone.now()
    sheet.save()
    return sheet


@pytest.mark.django_db
def test_round_with_half_the_sheets_missing():
    """Four jurors, four proposals, sixteen sheets; eight of them count.

    Novelty weighs 40, significance 60. A draft, an abstention, a conflict found late
    and a sheet taken back count as if they had never been.

     A | 80/70: 32+42 = 74 | 90/80: 36+48 = 84 | draft 1/1 | abstains  | 158/2 = 79
     B | 85/85: 34+51 = 85 | conflict (10/10)  | nothing   | released  |         85
     C | 70/90: 28+54 = 82 | 80/85: 32+51 = 83 | 75/88: 30+52.8 = 82.8
       | 60/93: 24+55.8 = 79.8                             | 327.6/4 = 81.9
     D | abstains          | 82/78: 32.8+46.8  | nothing   | draft     |       79.6
     E | withdrawn after four sheets of 100/100            | takes no part any more
    """
    round = scoring_round(jurors=4, proposals=5, phase="plenary")
    one, two, three, four = Juror.objects.filter(round=round).order_by("pk")
    a, b, c, d, e = round.proposal_set.order_by("pk")
    final(one, a, 80, 70)
    final(two, a, 90, 80)
    write_sheet(_sheet(three, a), 1, 1, is_final=False)
    abstain(four, a, 1, 1)
    final(one, b, 85, 85)
    final(two, b, 10, 10)
    ConflictFactory(juror=two, institution=b.institution)
    taken = _sheet(four, b).assignment
    taken.released_at, taken.release_reason = timezone.now(), "Sakit."
    taken.save()
    final(one, c, 70, 90)
    final(two, c, 80, 85)
    final(three, c, 75, 88)
    final(four, c, 60, 93)
    abstain(one, d, 100, 100)
    final(two, d, 82, 78)
    ScoreFactory(sheet=_sheet(four, d), value=0)
    for juror in (one, two, three, four):
        final(juror, e, 100, 100)
    e.state = "withdrawn"
    e.save()

    result = seal(round)

    rows = result.resultrow_set.order_by("position")
    assert [
        (each.proposal, each.rank, each.total, each.sheet_count) for each in rows
    ] == [
        (b, 1, Decimal("85"), 1),
        (c, 2, Decimal("81.9"), 4),
        (d, 3, Decimal("79.6"), 1),
        (a, 4, Decimal("79"), 2),
    ]
    means = {each.row.proposal: each.means for each in _parts(result)}
    assert means == {a: [85, 75], b: [85, 85], c: [Decimal("71.25"), 89], d: [82, 78]}
    spreads = {each.row.proposal: each.spread for each in _parts(result)}
    assert spreads == {a: 10, b: 0, c: Decimal("3.2"), d: 0}
    assert not sealing.faults_of(
        result.payload,
        stored_digest=result.digest,
        previous_digest=result.previous_digest,
    )


def _parts(result):
    return type(result.resultrow_set.first().resultpart_set.first()).objects.filter(
        row__result=result
    )


@pytest.mark.django_db
def test_abstained_sheet_counts_nowhere():
    round = scoring_round(jurors=3, proposals=2, phase="plenary")
    one, two, three = Juror.objects.filter(round=round).order_by("pk")
    first, second = round.proposal_set.order_by("pk")
    for juror, proposal, values in (
        (one, first, (80, 70)),
        (two, first, (90, 80)),
        (one, second, (60, 60)),
    ):
        final(juror, proposal, *values)
    (scoring,) = queries.scoring_of(round)
    stage, criteria = scoring.stage, scoring.leaves

    def told():
        judged = standings.current(round, [scoring])
        return {
            "sums": sorted(queries.score_sums(stage, criteria)),
            "values": sorted(queries.sheet_values(stage, criteria)),
            "totals": sorted(queries.sheet_totals(stage, [first.pk, second.pk])),
            "columns": [
                [(each.juror.pk, each.total) for each in columns]
                for proposal in (first, second)
                if (columns := queries.columns_of(stage, criteria, proposal))
            ],
            "finals": judged.outcome.finals,
            "places": [
                (each.code, each.rank, each.total, each.sheet_count)
                for each in standings.final_places(judged)
            ],
            "means": standings.live_means(judged),
        }

    before = told()

    abstain(three, first, 1, 1)
    abstain(two, second, 100, 100)

    assert told() == before


@pytest.mark.django_db
def test_abstaining_at_a_gate_says_nothing():
    round = staged_round(jurors=2, proposals=1, phase="field_visit")
    gate = round.scoringstage_set.get(kind="field_gate")
    proposal = round.proposal_set.get()
    for juror, verdict in zip(
        Juror.objects.filter(round=round).order_by("pk"),
        ("passes", "fails"),
        strict=True,
    ):
        assignment = _sheet(juror, proposal).assignment
        assignment.pk, assignment.scoring_stage = None, gate
        assignment.save()
        sheet = ScoreSheet.objects.create(
            assignment=assignment, key=f"pintu-{juror.pk}", verdict=verdict, note="x"
        )
        sheet.state = "final" if verdict == "passes" else "abstained"
        sheet.abstain_reason = "" if verdict == "passes" else "Pernah bekerja di sana."
        sheet.finalised_at = timezone.now()
        sheet.save()

    assert list(queries.verdict_counts([gate])) == [(gate.pk, proposal.pk, 1, 0, 0)]

"""Calibration as the secretariat sees it."""

import pytest
from django.urls import reverse

from competitions.models import ScoringStage
from tests.factories.judging import (
    ScoreSheetFactory,
    scoring_round,
    sealed_round,
    staged_round,
    write_sheet,
)
from tests.factories.plenary import judged_round, panel_of
from tests.judging.pages import login_secretariat, sheet_of

pytestmark = pytest.mark.django_db


def page_of(client, round, **query):
    return client.get(reverse("judging:calibration", args=[round.slug]), query)


def test_nothing_is_told_while_jurors_score(client):
    round = scoring_round(jurors=2, proposals=2)
    write_sheet(sheet_of(round), "61.37", "73.91")
    login_secretariat(client, round)

    response = page_of(client, round)

    assert response.context["advice"] is None
    page = response.content.decode()
    assert [t for t in ("61,37", "61.37", "73,9", "68,8") if t in page] == []


@pytest.mark.parametrize("count", [2, 4])
def test_query_count(client, django_assert_num_queries, count):
    round = sealed_round(jurors=count, proposals=count)
    login_secretariat(client, round)
    page_of(client, round)

    with django_assert_num_queries(14):
        # user, memberships, round, stages, criteria, result, contestants, clusters,
        # sums, decisions, sheets, panel, unread, role of juror; no place hinges on one
        response = page_of(client, round)

    assert len(response.context["advice"].jurors) == count


def test_who_decides_a_place_is_named(client):
    round = scoring_round(jurors=3, proposals=2)
    stage = ScoringStage.objects.get(round=round)
    ScoringStage.objects.filter(pk=stage.pk).update(shortlist_size=1)
    first, second = round.proposal_set.order_by("pk")
    jurors = list(round.juror_set.order_by("pk"))
    for juror, (one, other) in zip(
        jurors, [("80", "70"), ("80", "70"), ("50", "75")], strict=True
    ):
        for proposal, value in ((first, one), (second, other)):
            sheet = proposal.assignment_set.get(juror=juror).scoresheet
            write_sheet(sheet, value, value)
    login_secretariat(client, round)

    advice = page_of(client, round).context["advice"]

    assert advice.sides == 2
    rows = {row.title: row for row in advice.hinges}
    assert rows[second.title].sentence == "Would be out without Juror 3."
    assert rows[first.title].sentence == "Would be in without Juror 3."
    assert advice.agreement_sentence == (
        "Only 2 proposals have two sheets: too few to tell."
    )


def test_rank_without_each_juror_is_shown(client):
    round = judged_round((80, 80, 50), (70, 70, 75), jurors=3)
    first, second = round.proposal_set.order_by("pk")
    login_secretariat(client, round)

    response = page_of(client, round)

    rows = {row.title: row for row in response.context["advice"].hinges}
    # Means 70 and 71.67; without the third 80 and 70, without another the same order.
    assert rows[first.title].without == [("Juror 3", 1)]
    assert rows[second.title].without == [("Juror 3", 2)]
    assert "Juror 3: rank 2" in response.content.decode()


def test_side_of_a_later_stage_is_that_of_the_sum(client):
    """Proposals 95 and 60 of 100, presentations 3 and 1, 4 and 5 of 5; one goes on.

    The sum is 0.7 * 95 + 0.3 * 40 = 78.5 against 0.7 * 60 + 0.3 * 90 = 69. Nobody's
    absence makes it another, though the second leads by its presentation alone.
    """
    round = staged_round(jurors=2, proposals=2, phase="plenary")
    talk = round.scoringstage_set.get(code="presentasi")
    talk.shortlist_size = 1
    talk.save()
    given = {0: (95, (3, 1)), 1: (60, (4, 5))}
    for place, proposal in enumerate(round.proposal_set.order_by("pk")):
        desk, talks = given[place]
        for juror, points in zip(panel_of(round), talks, strict=True):
            sheet = proposal.assignment_set.get(juror=juror).scoresheet
            write_sheet(sheet, desk, desk)
            spoken = ScoreSheetFactory(
                assignment__juror=juror,
                assignment__proposal=proposal,
                assignment__scoring_stage=talk,
            )
            write_sheet(spoken, points)
    login_secretariat(client, round)

    advice = page_of(client, round, tahap="presentasi").context["advice"]

    assert advice.sides == 0


@pytest.mark.parametrize(
    ("totals", "sentence"),
    [
        ((10, 50, 90), "Uses much more of the scale: this voice moves ranks most."),
        ((70, 70, 71), "Gives nearly all proposals the same: parts them little."),
        ((60, 70, 80), "Parts the proposals as the others do."),
    ],
)
def test_spread_of_a_juror_is_said_in_words(client, totals, sentence):
    round = judged_round(
        *[
            (60 + 10 * place, own, 60 + 10 * place, 61 + 10 * place, 62 + 10 * place)
            for place, own in enumerate(totals)
        ]
    )
    login_secretariat(client, round)

    advice = page_of(client, round).context["advice"]

    assert advice.jurors[1].sentence.endswith(sentence)


def test_a_round_without_scores_has_no_calibration(client):
    round = scoring_round(jurors=1, proposals=1)
    login_secretariat(client, round)
    round.scoringstage_set.update(kind=ScoringStage.Kind.FIELD_GATE, share=0)

    assert page_of(client, round).status_code == 404

"""Calibration as the secretariat sees it."""

import pytest
from django.urls import reverse

from competitions.models import ScoringStage
from tests.factories.judging import scoring_round, sealed_round, write_sheet
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

    with django_assert_num_queries(12):
        # user, memberships, round, stages, criteria, result, contestants, clusters,
        # sheets, panel, unread, role of juror; nobody's place hinges on one juror
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


def test_a_round_without_scores_has_no_calibration(client):
    round = scoring_round(jurors=1, proposals=1)
    login_secretariat(client, round)
    round.scoringstage_set.update(kind=ScoringStage.Kind.FIELD_GATE, share=0)

    assert page_of(client, round).status_code == 404

"""What the chair of a panel alone is shown."""

import pytest
from django.urls import reverse
from django.utils import timezone

from judging.models import Juror, ScoreSheet
from tests.factories.judging import scoring_round, write_sheet
from tests.judging.pages import login_secretariat

pytestmark = pytest.mark.django_db


def address(round):
    return reverse("judging:chair_hints", args=[round.slug])


@pytest.fixture
def chaired():
    """A round whose three jurors gave all proposals the same; the first is chair."""
    round = scoring_round(jurors=3, proposals=3)
    for sheet in ScoreSheet.objects.select_related("assignment__scoring_stage"):
        write_sheet(sheet, 83, 61)
    chair = Juror.objects.filter(round=round).order_by("pk").first()
    chair.is_chair = True
    chair.save(update_fields=["is_chair"])
    return round


def hints_of(client, round):
    page = client.get(address(round))
    (stage,) = page.context["stages"]
    return page, [(hint.jurors, hint.title) for hint in stage.hints]


def test_hints_name_people_and_counts_but_no_score(client, chaired):
    chair, *others = Juror.objects.filter(round=chaired).order_by("pk")
    client.force_login(chair.user)

    page, hints = hints_of(client, chaired)

    names = [each.user.name for each in others]
    pairs = [who for who, what in hints if "identical" in what]
    assert pairs == [f"{names[0]} and {names[1]}"]
    assert any("never opened" in what for _who, what in hints)
    text = page.content.decode()
    assert "83" not in text.split("<main")[1]
    assert not any(
        proposal.title in text or proposal.code in text
        for proposal in chaired.proposal_set.all()
    )


def test_chair_sees_pairs_with_themselves_where_the_round_shows_scores(client, chaired):
    chaired.scoringstage_set.update(others_scores="after_own")
    client.force_login(Juror.objects.get(round=chaired, is_chair=True).user)

    _page, hints = hints_of(client, chaired)

    assert sum("identical" in what for _who, what in hints) == 3


def test_hints_are_for_the_chair_alone(client, chaired):
    page = address(chaired)
    for juror in Juror.objects.filter(round=chaired, is_chair=False):
        client.force_login(juror.user)
        assert client.get(page).status_code == 404
    login_secretariat(client, chaired)
    assert client.get(page).status_code == 404


def test_who_left_is_chair_no_more(client, chaired):
    Juror.objects.filter(is_chair=True).update(
        ended_at=timezone.now(), end_reason="Pindah."
    )
    client.force_login(Juror.objects.get(round=chaired, is_chair=True).user)

    assert client.get(address(chaired)).status_code == 404


@pytest.mark.parametrize("row_count", [1, 3])
def test_chair_hints_query_count(client, django_assert_num_queries, row_count):
    round = scoring_round(jurors=row_count, proposals=row_count)
    for sheet in ScoreSheet.objects.select_related("assignment__scoring_stage"):
        write_sheet(sheet, 83, 61)
    chair = Juror.objects.filter(round=round).first()
    Juror.objects.filter(pk=chair.pk).update(is_chair=True)
    client.force_login(chair.user)
    page = address(round)
    client.get(page)

    with django_assert_num_queries(11):
        # user, memberships, juror, panel, rules (2), values, sheets, progress; unread,
        # role of juror
        client.get(page)

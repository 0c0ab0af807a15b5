"""Others' scores reach a juror by the rule of the stage alone."""

import pytest
from django.utils import timezone

from competitions.models import ScoringStage
from judging import queries, services
from judging.models import Juror, ScoreSheet
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import scoring_round, write_sheet

pytestmark = pytest.mark.django_db
TRACES = ["61,37", "73,91", "67,64"]  # 50 percent each: the total is between
NEVER, AFTER_OWN = ScoringStage.OthersScores.NEVER, ScoringStage.OthersScores.AFTER_OWN


@pytest.fixture
def own(client):
    """An empty draft; two other jurors have finished, one has begun."""
    round = scoring_round(jurors=4, proposals=1)
    mine, *others = ScoreSheet.objects.order_by("assignment__juror")
    write_sheet(others[0], "61.37", "73.91")
    write_sheet(others[1], 80, 85)
    write_sheet(others[2], "12.34", "12.34", is_final=False)
    client.force_login(mine.assignment.juror.user)
    assert Juror.objects.filter(round=round).count() == 4
    return mine


def allow(sheet, rule=AFTER_OWN):
    stage = sheet.assignment.scoring_stage
    stage.others_scores = rule
    stage.save()


def shown(client, sheet):
    page = client.get(sheet.get_absolute_url())
    return page, page.content.decode()


@pytest.mark.parametrize("rule", [NEVER, AFTER_OWN])
def test_draft_shows_nothing_of_others(client, own, rule):
    allow(own, rule)
    write_sheet(own, 50, 50, is_final=False)

    page, text = shown(client, own)

    assert page.context["desk"].others == []
    assert [trace for trace in TRACES if trace in text] == []


def test_never_means_never(client, own):
    write_sheet(own, 50, 50)

    page, text = shown(client, own)

    assert page.context["desk"].others == []
    assert [trace for trace in TRACES if trace in text] == []


def test_after_the_own_is_final_others_have_numbers_for_names(client, own):
    allow(own)
    write_sheet(own, 50, 50)

    page, text = shown(client, own)

    others = page.context["desk"].others
    assert sorted(each.total for each in others) == sorted(
        total
        for _p, juror, total in queries.sheet_totals(
            own.assignment.scoring_stage, [own.assignment.proposal_id]
        )
        if juror != own.assignment.juror_id
    )
    assert [each.number for each in others] == [1, 2]
    assert "61,37" in text or "61.37" in text
    assert "Juror 2" in text
    assert "12,34" not in text
    assert "12.34" not in text
    names = Juror.objects.exclude(pk=own.assignment.juror_id)
    assert [each.user.name for each in names if each.user.name in text] == []
    foreign = ScoreSheet.objects.exclude(pk=own.pk)
    assert [each.key for each in foreign if each.key in text] == []
    assert "Catatan." in text  # of the own sheet alone
    assert text.count("Catatan.") == 2


def test_who_abstained_is_shown_nothing(client, own):
    allow(own)
    services.abstain(
        sheet=own,
        reason="Bukan bidang saya.",
        base_version=0,
        actor=own.assignment.juror.user,
        at=timezone.now(),
    )

    page, _text = shown(client, own)

    assert page.context["desk"].others == []


def test_sheet_given_back_hides_them_again(client, own):
    allow(own)
    write_sheet(own, 50, 50)
    services.reopen_sheet(
        sheet=own, reason="Keliru.", actor=SecretariatFactory(), at=timezone.now()
    )

    page, _text = shown(client, own)

    assert page.context["desk"].others == []


def test_page_with_others_takes_few_queries(client, own, django_assert_num_queries):
    allow(own)
    write_sheet(own, 50, 50)
    client.get(own.get_absolute_url())

    with django_assert_num_queries(18):  # the desk's 15, sheets, scores, totals
        client.get(own.get_absolute_url())

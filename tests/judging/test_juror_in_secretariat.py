"""A juror who joins the secretariat judges on, and runs nothing of that round."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Membership
from competitions import permissions
from judging.models import Juror
from tests.factories.accounts import MembershipFactory
from tests.factories.judging import JurorFactory, scoring_round
from tests.judging.pages import sheet_of

pytestmark = pytest.mark.django_db


def join_secretariat(user, round):
    MembershipFactory(
        user=user,
        role=Membership.Role.SECRETARIAT,
        government=round.competition.government,
        institution=None,
    )


def test_who_has_sheets_does_not_run_the_round(client):
    round = scoring_round(jurors=2, proposals=1, phase="plenary")
    juror = Juror.objects.filter(round=round).first()
    join_secretariat(juror.user, round)
    client.force_login(juror.user)
    with translation.override(juror.user.language):
        reason = permissions.why_judges(round)

    for page in (
        "judging:juror_list",
        "judging:coverage",
        "judging:ranking",
        "judging:plenary_list",
        "judging:calibration",
        "judging:presentation_schedule",
        "judging:recap_export",
        "judging:sheets_export",
        "awards:award_list",
    ):
        answer = client.get(reverse(page, args=[round.slug]))
        assert answer.status_code == 403
        assert reason in answer.content.decode()


def test_they_judge_on(client):
    round = scoring_round(jurors=1, proposals=1)
    sheet = sheet_of(round)
    join_secretariat(sheet.assignment.juror.user, round)
    client.force_login(sheet.assignment.juror.user)

    assert client.get(sheet.get_absolute_url()).status_code == 200


def test_who_was_never_given_a_sheet_runs_it(client):
    round = scoring_round(jurors=1, proposals=1)
    juror = JurorFactory(round=round)
    join_secretariat(juror.user, round)
    client.force_login(juror.user)

    url = reverse("judging:juror_list", args=[round.slug])
    assert client.get(url).status_code == 200

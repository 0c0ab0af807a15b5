"""Who has a part in a round handles none of its awards."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from awards import permissions, services
from documents.models import IssuedDocument
from judging import permissions as judging_permissions
from judging.models import Juror
from submissions import permissions as submissions_permissions
from submissions.models import Proposal
from tests.factories.accounts import MembershipFactory, SecretariatFactory
from tests.factories.awards import awarded_round
from tests.factories.judging import JurorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]


def joined(user, round):
    """The person as the next request finds them, in the secretariat since."""
    MembershipFactory(
        user=user,
        role=Membership.Role.SECRETARIAT,
        government=round.competition.government,
        institution=None,
    )
    return User.objects.get(pk=user.pk)


def allowed(user, round):
    return {
        permissions.can_manage(user, round),
        judging_permissions.can_handle_result(user, round),
        judging_permissions.can_run(user, round),
        submissions_permissions.can_screen(
            user, Proposal.objects.filter(round=round).first()
        ),
    }


def test_juror_who_joined_the_secretariat_handles_no_award_of_the_round():
    round = awarded_round(proposals=1)
    juror = Juror.objects.get(round=round)
    without_sheets = JurorFactory(round=round)
    elsewhere = awarded_round(proposals=1, competition=round.competition)

    user = joined(juror.user, round)

    assert allowed(user, round) == {False}
    assert allowed(user, elsewhere) == {True}
    assert allowed(joined(without_sheets.user, round), round) == {True}


def test_juror_who_joined_the_secretariat_gets_papers_with_everybody(client):
    round = awarded_round(proposals=1, publish_in=timedelta(hours=1))
    secretary = SecretariatFactory(government=round.competition.government)
    services.issue_certificates(round=round, actor=secretary, at=timezone.now())
    paper = IssuedDocument.objects.get(kind="certificate")
    juror = joined(Juror.objects.get(round=round).user, round)
    before, after = timezone.now(), timezone.now() + timedelta(hours=2)

    assert permissions.can_download(secretary, round, paper, before)
    assert not permissions.can_download(juror, round, paper, before)
    assert permissions.can_download(juror, round, paper, after)
    client.force_login(juror)
    page = reverse("awards:certificate_file", args=[paper.code])
    assert client.get(page).status_code == 404

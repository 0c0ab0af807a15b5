from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from notifications.models import Message
from submissions import services
from submissions.models import ProposalState
from tests.factories.accounts import AuthorFactory, SecretariatFactory
from tests.factories.competitions import small_round
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db
REASON = "Lampiran tertukar dengan milik kelurahan lain."


@pytest.fixture
def submitted():
    proposal = ProposalFactory(round=small_round(), state=ProposalState.SUBMITTED)
    AuthorFactory(institution=proposal.institution)
    return proposal


@pytest.fixture
def secretary(submitted):
    return SecretariatFactory(government=submitted.institution.government)


def reopen(proposal, actor, at=None):
    return services.reopen_proposal(
        proposal=proposal, reason=REASON, actor=actor, at=at or timezone.now()
    )


def disqualify(proposal, actor):
    return services.disqualify_proposal(
        proposal=proposal, reason=REASON, actor=actor, at=timezone.now()
    )


def test_reopened_proposal_is_writable_and_its_people_are_told(submitted, secretary):
    reopened = reopen(submitted, secretary)

    assert reopened.is_editable
    assert reopened.return_note == REASON
    entry = AuditEntry.objects.get(action="proposal.reopened")
    assert (entry.actor, entry.reason) == (secretary, REASON)
    (told,) = Message.objects.filter(kind="proposal.reopened")
    assert REASON in told.body_text


def test_nothing_is_reopened_once_submission_is_closed(submitted, secretary):
    after = timezone.now() + timedelta(days=60)

    with pytest.raises(services.SubmissionClosed):
        reopen(submitted, secretary, at=after)

    submitted.refresh_from_db()
    assert submitted.is_submitted


def test_checked_proposal_is_not_reopened(secretary, submitted):
    passed = ProposalFactory(round=submitted.round, state=ProposalState.SCREENED_PASSED)

    with pytest.raises(services.ProposalNotReopenable):
        reopen(passed, secretary)


@pytest.mark.parametrize("state", ["submitted", "screened_passed"])
def test_disqualified_proposal_takes_part_no_more(secretary, submitted, state):
    proposal = ProposalFactory(round=submitted.round, state=state)

    disqualify(proposal, secretary)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DISQUALIFIED
    assert not proposal.is_entered


@pytest.mark.parametrize("state", ["draft", "withdrawn", "screened_failed"])
def test_only_what_takes_part_is_disqualified(secretary, submitted, state):
    proposal = ProposalFactory(round=submitted.round, state=state)

    with pytest.raises(services.ProposalNotDisqualifiable):
        disqualify(proposal, secretary)


@pytest.mark.parametrize("route", ["proposal_reopen", "proposal_disqualify"])
def test_reason_is_asked_and_what_was_typed_stays(client, submitted, secretary, route):
    url = reverse(f"submissions:{route}", args=[submitted.code])
    client.force_login(secretary)

    empty = client.post(url, {"reason": " "})
    done = client.post(url, {"reason": REASON})
    again = client.post(url, {"reason": REASON})

    assert empty.status_code == 422
    assert done["Location"] == reverse(
        "submissions:screening_list", args=[submitted.round.slug]
    )
    assert again.status_code == (404 if route == "proposal_reopen" else 422)

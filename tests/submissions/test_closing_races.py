"""The closing moment with everybody at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, BoundedSemaphore, Event
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from competitions.models import Requirement
from core.models import AuditEntry
from documents.models import IssuedDocument, NumberSequence
from notifications.models import Message
from submissions import services
from submissions.models import Answer, Proposal, ProposalState
from tests.factories.accounts import InstitutionAdminFactory
from tests.submissions.conftest import AT, make_city
from tests.submissions.test_races import at_once, refused

pytestmark = pytest.mark.django_db(transaction=True)
PROPOSALS = 100
# As many as the database lets in at once, as behind any number of web workers.
CONNECTIONS = 120
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def city():
    city = make_city()
    quota = Requirement.objects.get(rule=Requirement.Rule.QUOTA)
    quota.params = {"maximum": PROPOSALS}  # so that all wait for one institution
    quota.save()
    return city


def test_two_hundred_presses_across_the_closing_moment(city):
    closes = city.stage.closes_at
    proposals = [city.proposal() for _n in range(PROPOSALS)]
    # Two presses each: the pairs come one after another, some on both sides.
    presses = [
        (proposal, closes + MILLISECOND * (place - 60) + shift)
        for place, proposal in enumerate(proposals)
        for shift in (MILLISECOND / 5, -MILLISECOND / 5)
    ]
    ready, door = Barrier(len(presses)), BoundedSemaphore(CONNECTIONS)

    def press(job):
        proposal, at = job
        ready.wait(timeout=60)
        with door:
            try:
                return services.submit_proposal(proposal=proposal, actor=head, at=at)
            except (
                services.ProposalNotSubmittable,
                services.SubmissionClosed,
            ) as refusal:
                return refusal
            finally:
                connection.close()

    head = city.head
    with ThreadPoolExecutor(len(presses)) as pool:
        results = list(pool.map(press, presses))

    in_time = {each.pk for each, at in presses if at < closes}
    assert len(in_time) == 61
    entered = Proposal.objects.entered()
    assert set(entered.values_list("pk", flat=True)) == in_time
    assert all(
        closes - 61 * MILLISECOND < at < closes
        for at in entered.values_list("submitted_at", flat=True)
    )
    assert sum(isinstance(result, Proposal) for result in results) == len(in_time)
    assert refused(results, services.SubmissionClosed) >= 2 * 39
    numbers = sorted(entered.values_list("receipt_number", flat=True))
    assert numbers == [f"TT-2022-{n:03}" for n in range(1, len(in_time) + 1)]
    assert NumberSequence.objects.get(kind="receipt").last == len(in_time)
    assert IssuedDocument.objects.count() == len(in_time)
    assert Message.objects.filter(kind="proposal.submitted").count() == 2 * 61
    assert AuditEntry.objects.filter(action="proposal.submitted").count() == 61
    late = Proposal.objects.exclude(pk__in=in_time)
    assert set(late.values_list("state", flat=True)) == {ProposalState.DRAFT}


def test_press_that_waited_for_a_lock_over_the_closing_is_taken(city):
    proposal = city.proposal()
    asked = Event()

    def press():
        try:
            asked.set()
            return services.submit_proposal(
                proposal=proposal,
                actor=city.head,
                at=city.stage.closes_at - timedelta(microseconds=1),
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Proposal.objects.select_for_update().get(pk=proposal.pk)
            waiting = pool.submit(press)
            asked.wait(timeout=20)
            _until_somebody_waits()
        done = waiting.result(timeout=20)

    assert done.state == ProposalState.SUBMITTED
    assert done.submitted_at < city.stage.closes_at


def _until_somebody_waits():
    end = monotonic() + 20
    while monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("nobody waits for the lock")


def test_endorsing_against_withdrawing_leaves_one_of_both(city):
    proposal = city.proposal()
    services.send_proposal(proposal=proposal, actor=city.author, at=AT)

    endorsed, withdrawn = at_once(
        lambda: services.submit_proposal(proposal=proposal, actor=city.head, at=AT),
        lambda: services.withdraw_proposal(
            proposal=proposal, reason="Ganti inovasi", actor=city.head, at=AT
        ),
    )

    standing = Proposal.objects.get()
    # Who was submitted first may still be withdrawn; who was withdrawn is gone.
    assert standing.state == ProposalState.WITHDRAWN
    assert isinstance(withdrawn, Proposal)
    papers = IssuedDocument.objects.count()
    assert papers == (0 if isinstance(endorsed, Exception) else 1)


def test_two_heads_at_once_endorse_once(city):
    proposal = city.proposal()
    services.send_proposal(proposal=proposal, actor=city.author, at=AT)
    heads = [city.head, InstitutionAdminFactory(institution=city.institution)]

    results = at_once(
        *[
            lambda head=head: services.submit_proposal(
                proposal=proposal, actor=head, at=AT
            )
            for head in heads
        ]
    )

    assert refused(results, services.ProposalNotSubmittable) == 1
    winner = next(each for each in results if isinstance(each, Proposal))
    standing = Proposal.objects.get()
    assert standing.endorsed_by_id == winner.endorsed_by_id
    assert IssuedDocument.objects.count() == 1


def test_sending_against_saving_loses_no_text(city):
    proposal = city.proposal()

    saved, sent = at_once(
        lambda: services.save_answer(
            proposal=proposal,
            section=city.section,
            text="Kalimat terakhir",
            base_version=1,
            actor=city.author,
            at=AT,
        ),
        lambda: services.send_proposal(proposal=proposal, actor=city.author, at=AT),
    )

    assert sent.state == ProposalState.ENDORSING
    stored = Answer.objects.get(proposal=proposal, section=city.section).text
    is_refused = isinstance(saved, services.ProposalNotEditable)
    assert (stored == "Kalimat terakhir") != is_refused

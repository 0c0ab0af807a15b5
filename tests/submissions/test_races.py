"""Two at once, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from documents.models import IssuedDocument, NumberSequence
from documents.uploads import CheckedFile
from notifications.models import Message
from submissions import services
from submissions.models import Answer, Evidence, Proposal, ProposalState, Reminder
from tests.factories.submissions import tiny_pdf
from tests.submissions.conftest import AT, make_city

pytestmark = pytest.mark.django_db(transaction=True)
REFUSALS = (
    services.NotWritable,
    services.ProposalNotSubmittable,
    services.ProposalIncomplete,
    services.AnswerConflict,
    services.FileNotTaken,
)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run all jobs at the same moment; give what each returned or was refused with."""
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=20)
            return job()
        except REFUSALS as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def refused(results, kind):
    return sum(isinstance(result, kind) for result in results)


@pytest.fixture
def city():
    return make_city()


def test_double_click_gives_one_submission(city):
    proposal = city.proposal()

    results = at_once(
        *[lambda: services.submit_proposal(proposal=proposal, actor=city.head, at=AT)]
        * 4
    )

    assert refused(results, services.ProposalNotSubmittable) == 3
    assert IssuedDocument.objects.count() == 1
    assert NumberSequence.objects.get(kind="receipt").last == 1
    assert Message.objects.filter(kind="proposal.submitted").count() == 2


def test_many_proposals_across_the_closing_are_numbered_without_gap(city):
    closes = city.stage.closes_at
    proposals = [city.proposal() for _n in range(3)]
    moments = [timedelta(seconds=-1), timedelta(microseconds=-1), timedelta(0)]

    results = at_once(
        *[
            lambda each=proposal, shift=shift: services.submit_proposal(
                proposal=each, actor=city.head, at=closes + shift
            )
            for proposal, shift in zip(proposals, moments, strict=True)
            for _click in range(2)
        ]
    )

    assert refused(results, services.SubmissionClosed) == 2
    assert refused(results, services.ProposalNotSubmittable) == 2
    numbers = Proposal.objects.entered().values_list("receipt_number", flat=True)
    assert sorted(numbers) == ["TT-2022-001", "TT-2022-002"]
    assert Proposal.objects.get(pk=proposals[2].pk).state == ProposalState.DRAFT


def test_last_place_of_the_quota_is_given_once(city):
    for _n in range(2):
        services.submit_proposal(proposal=city.proposal(), actor=city.head, at=AT)
    rivals = [city.proposal(), city.proposal()]

    results = at_once(
        *[
            lambda each=each: services.submit_proposal(
                proposal=each, actor=city.head, at=AT
            )
            for each in rivals
        ]
    )

    assert refused(results, services.ProposalIncomplete) == 1
    assert Proposal.objects.entered().count() == 3


def test_two_editors_of_one_section_lose_no_text(city):
    proposal = city.proposal()
    texts = [f"Tulisan {n}" for n in range(4)]

    results = at_once(
        *[
            lambda text=text: services.save_answer(
                proposal=proposal,
                section=city.section,
                text=text,
                base_version=1,
                actor=city.author,
                at=AT,
            )
            for text in texts
        ]
    )

    assert refused(results, services.AnswerConflict) == 3
    answer = Answer.objects.get(proposal=proposal, section=city.section)
    kept = answer.events.filter(pgh_label="conflict").values_list("text", flat=True)
    assert answer.version == 2
    assert sorted([answer.text, *kept]) == texts


def test_first_save_of_a_section_by_two_makes_one_answer(city):
    proposal = city.proposal()
    Answer.objects.all().delete()

    results = at_once(
        *[
            lambda text=text: services.save_answer(
                proposal=proposal,
                section=city.section,
                text=text,
                base_version=0,
                actor=city.author,
                at=AT,
            )
            for text in ("Satu", "Dua")
        ]
    )

    assert refused(results, services.AnswerConflict) == 1
    assert Answer.objects.get().version == 1


def test_save_during_submission_is_before_it_or_refused(city):
    proposal = city.proposal()

    save, submission = at_once(
        lambda: services.save_answer(
            proposal=proposal,
            section=city.section,
            text="Di detik terakhir",
            base_version=1,
            actor=city.author,
            at=AT,
        ),
        lambda: services.submit_proposal(proposal=proposal, actor=city.head, at=AT),
    )

    stored = Answer.objects.get(proposal=proposal, section=city.section)
    is_refused = isinstance(save, services.ProposalNotEditable)
    assert submission.state == ProposalState.SUBMITTED
    assert (stored.text == "Di detik terakhir") != is_refused


def test_same_file_twice_at_once_is_stored_once(city):
    proposal = city.proposal()
    upload = CheckedFile("a.pdf", tiny_pdf("sama"), "application/pdf", ".pdf")

    results = at_once(
        *[
            lambda: services.add_evidence(
                proposal=proposal,
                section=city.section,
                upload=upload,
                actor=city.author,
                at=AT,
            )
        ]
        * 3
    )

    assert refused(results, services.FileNotTaken) == 2
    assert Evidence.objects.count() == 1


def test_two_ticks_at_once_remind_once(city):
    at = city.stage.closes_at - timedelta(hours=24)

    counts = at_once(*[lambda: services.remind_of_deadlines(at=at)] * 3)

    assert sum(counts) == 2
    assert Message.objects.count() == 2
    assert Reminder.objects.filter(was_told=True).count() == 2

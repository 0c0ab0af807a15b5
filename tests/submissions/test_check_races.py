"""Two secretaries, two presses: the check on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from competitions.models import Announcement, Round
from core.errors import DomainError
from notifications.models import Message
from submissions import services
from submissions.models import (
    Objection,
    Proposal,
    ProposalState,
    Screening,
    ScreeningResult,
)
from submissions.objections import window_of
from submissions.services import Verdict
from tests.factories.accounts import SecretariatFactory
from tests.factories.screening import decide, publish
from tests.factories.submissions import ProposalFactory
from tests.submissions.conftest import AT, make_city

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = Verdict(is_met=False, reason_code="UMUR_KURANG", note="Baru enam bulan.")


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run all jobs at the same moment; give what each returned or was refused with."""
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=20)
            return job()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_of_two_secretaries_one_decides_and_a_publication_takes_what_is_whole():
    city = make_city()
    second = SecretariatFactory(government=city.government)
    first, contested = ProposalFactory.create_batch(
        2, round=city.round, institution=city.institution, state=ProposalState.SUBMITTED
    )
    decide(first, city.secretary, at=AT)

    results = at_once(
        lambda: decide(contested, city.secretary, at=AT),
        lambda: decide(contested, second, at=AT, umur=REFUSED),
        lambda: publish(city.round, actor=second, at=AT, kept_reason="Menunggu."),
        lambda: publish(city.round, actor=second, at=AT, kept_reason="Menunggu."),
    )

    decisions, publications = results[:2], results[2:]
    assert sum(isinstance(each, Screening) for each in decisions) == 1
    assert sum(isinstance(each, ScreeningResult) for each in publications) <= 1
    assert Announcement.objects.count() == ScreeningResult.objects.count()
    contested.refresh_from_db()
    screening = Screening.objects.get(proposal=contested)
    # The state and the decision never disagree, whoever came first.
    assert contested.is_submitted == (not screening.is_published)
    if screening.is_published:
        assert contested.has_passed == screening.passed
    result = ScreeningResult.objects.first()
    if result:
        told = Message.objects.filter(kind="proposal.screened").count()
        assert told == 2 * (result.passed + result.failed)
        assert result.passed + result.failed + len(result.kept_back) == 2


def test_objection_in_the_closing_second_is_one_or_refused():
    city = make_city()
    second = SecretariatFactory(government=city.government)
    Round.objects.update(objection_days=1)
    proposal = ProposalFactory(
        round=city.round, institution=city.institution, state=ProposalState.SUBMITTED
    )
    decide(proposal, city.secretary, at=AT, umur=REFUSED)
    publish(city.round, actor=city.secretary, at=AT)
    proposal = Proposal.objects.for_page().get()
    closes = window_of(proposal).closes_at

    def file_(at):
        return services.file_objection(
            proposal=proposal, text="Ada.", files=[], actor=city.author, at=at
        )

    results = at_once(lambda: file_(closes - (closes - AT) / 9), lambda: file_(closes))
    assert [isinstance(each, Objection) for each in results] == [True, False]
    doubled = at_once(lambda: file_(AT), lambda: file_(AT))
    assert not any(isinstance(each, Objection) for each in doubled)
    objection = Objection.objects.get()

    answers = at_once(
        *(
            lambda actor=actor, upheld=upheld: services.answer_objection(
                objection=objection, upheld=upheld, answer="Ya.", actor=actor, at=AT
            )
            for actor, upheld in ((city.secretary, True), (second, False))
        )
    )

    assert sum(isinstance(each, Objection) for each in answers) == 1
    proposal.refresh_from_db()
    assert proposal.has_passed == Objection.objects.get().is_upheld

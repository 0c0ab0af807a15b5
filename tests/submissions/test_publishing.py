"""Making the result of the check known: nobody hears of it before."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from competitions.models import Announcement, Round
from core.models import AuditEntry
from notifications.models import Message
from submissions import services
from submissions.models import (
    MachineCheck,
    Proposal,
    ProposalState,
    Screening,
    ScreeningResult,
    ScreeningState,
)
from submissions.publication import announcement_text, publication_of
from submissions.services import Verdict
from submissions.services import publishing as publishing_services
from tests.factories.screening import decide, publish
from tests.factories.submissions import ProposalFactory, ScreeningFactory
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db
REFUSED = Verdict(is_met=False, reason_code="UMUR_KURANG", note="Baru enam bulan.")


def submitted(city, **fields) -> Proposal:
    return ProposalFactory(
        round=city.round,
        institution=city.institution,
        state=ProposalState.SUBMITTED,
        **fields,
    )


def states(round) -> dict[str, str]:
    return dict(Proposal.objects.filter(round=round).values_list("title", "state"))


def test_result_moves_tells_and_announces_as_one_act(city):
    for title, refused in (("Antre", {}), ("Loket", {"umur": REFUSED})):
        decide(submitted(city, title=title), city.secretary, at=AT, **refused)
    submitted(city, title="Nanti")

    result = publish(
        city.round, actor=city.secretary, at=AT, kept_reason="Menunggu surat."
    )

    assert states(city.round) == {
        "Antre": ProposalState.SCREENED_PASSED,
        "Loket": ProposalState.SCREENED_FAILED,
        "Nanti": ProposalState.SUBMITTED,
    }
    assert (result.passed, result.failed, len(result.kept_back)) == (1, 1, 1)
    assert Announcement.objects.get() == result.announcement
    assert result.announcement.is_published(AT)
    entry = AuditEntry.objects.get(action="screening.published")
    assert (entry.actor, entry.reason) == (city.secretary, "Menunggu surat.")
    told = Message.objects.filter(kind="proposal.screened")
    assert {each.recipient_id for each in told} == {city.author.pk, city.head.pk}
    assert told.count() == 4
    assert any("Baru enam bulan." in each.body_text for each in told)
    assert services.tell_results(at=AT) == 0
    with pytest.raises(services.NotPublishable):
        publish(city.round, actor=city.secretary, at=AT)


def test_what_changed_since_it_was_looked_at_is_not_published(city):
    proposal = submitted(city)
    decide(proposal, city.secretary, at=AT)
    seen = publication_of(city.round).digest
    services.take_back_screening(
        proposal=proposal, reason="Keliru.", actor=city.secretary, at=AT
    )
    decide(proposal, city.secretary, at=AT, umur=REFUSED)

    with pytest.raises(services.ResultChanged):
        services.publish_screening(
            round=city.round,
            expected=seen,
            number="",
            issued_date=AT.date(),
            title="Hasil",
            body="Hasil",
            kept_reason="",
            actor=city.secretary,
            at=AT,
        )

    assert not ScreeningResult.objects.exists()
    assert not Announcement.objects.exists()
    proposal.refresh_from_db()
    assert proposal.is_submitted


@pytest.mark.parametrize("reason", ["", "  "])
def test_leftovers_need_a_reason_and_nothing_needs_a_result(city, reason):
    submitted(city)
    with pytest.raises(services.NotPublishable):  # nothing is decided at all
        publish(city.round, actor=city.secretary, at=AT, kept_reason="Ada.")
    decide(submitted(city), city.secretary, at=AT)

    with pytest.raises(services.NotPublishable):
        publish(city.round, actor=city.secretary, at=AT, kept_reason=reason)

    assert not ScreeningResult.objects.exists()


def test_late_decision_is_published_singly_and_told(city):
    decide(submitted(city, title="Antre"), city.secretary, at=AT)
    late = submitted(city, title="Nanti")
    with pytest.raises(services.NotPublishable):
        services.publish_one(proposal=late, actor=city.secretary, at=AT)
    publish(city.round, actor=city.secretary, at=AT, kept_reason="Menunggu.")
    Message.objects.all().delete()
    decide(late, city.secretary, at=AT, umur=REFUSED)
    assert not Message.objects.exists()

    services.publish_one(proposal=late, actor=city.secretary, at=AT)

    assert states(city.round)["Nanti"] == ProposalState.SCREENED_FAILED
    assert Message.objects.filter(kind="proposal.screened").count() == 2
    assert AuditEntry.objects.filter(action="screening.published_singly").exists()
    with pytest.raises(services.NotPublishable):
        services.publish_one(proposal=late, actor=city.secretary, at=AT)


def test_of_many_the_clock_tells_and_one_failure_silences_nobody(city, monkeypatch):
    monkeypatch.setattr(publishing_services, "TOLD_AT_ONCE", 1)
    first, second = submitted(city), submitted(city)
    for each in (first, second):
        decide(each, city.secretary, at=AT)
    publish(city.round, actor=city.secretary, at=AT)
    assert not Message.objects.exists()
    told = publishing_services.notices.proposal_screened

    def fail_once(screening, *, at):
        if screening.proposal_id == first.pk:
            raise RuntimeError
        told(screening, at=at)

    with monkeypatch.context() as patch:
        patch.setattr(publishing_services.notices, "proposal_screened", fail_once)
        assert services.tell_results(at=AT + timedelta(minutes=1)) == 1
    assert services.tell_results(at=AT + timedelta(minutes=2)) == 1
    assert services.tell_results(at=AT + timedelta(minutes=3)) == 0
    assert Message.objects.filter(kind="proposal.screened").count() == 4


def test_first_wording_names_the_figures_and_who_passed(city):
    decide(submitted(city, title="Antre\nCepat"), city.secretary, at=AT)
    decide(submitted(city, title="Rahasia"), city.secretary, at=AT, umur=REFUSED)

    text = announcement_text(city.round, publication_of(city.round))

    assert "1. Antre Cepat (" in text
    assert "Rahasia" not in text


def test_findings_are_kept_and_looked_at_anew(city):
    ready = city.proposal(state=ProposalState.SUBMITTED)
    bare = submitted(city)

    assert services.refresh_findings(round=city.round, at=AT) == 0

    found = {each.proposal_id: each for each in MachineCheck.objects.all()}
    assert found[ready.pk].not_met == 0
    assert found[bare.pk].not_met == 3
    assert set(found[bare.pk].outcomes) == {"umur", "isian", "surat", "kuota"}


def test_submission_keeps_its_findings(city):
    proposal = city.proposal()
    services.submit_proposal(proposal=proposal, actor=city.head, at=AT)

    assert MachineCheck.objects.get().not_met == 0
    assert MachineCheck.objects.get().checked_at == AT


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "draft", "passed": True}, "decided_unless_draft"),
        ({"passed": None}, "decided_unless_draft"),
        ({"published_at": None}, "published_at_when_published"),
        ({"state": "confirmed", "published_at": None}, "confirmed_by_somebody"),
    ],
)
def test_decision_is_whole_or_not_there(fields, constraint):
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        ScreeningFactory(**fields)


def test_nobody_confirms_their_own_decision():
    screening = ScreeningFactory()

    with (
        pytest.raises(DatabaseError, match="confirmed_by_another"),
        transaction.atomic(),
    ):
        Screening.objects.update(confirmed_by=screening.decided_by)


def test_states_move_as_the_table_says_and_the_result_stays(city):
    ScreeningFactory()
    with pytest.raises(DatabaseError), transaction.atomic():
        Screening.objects.update(state=ScreeningState.CONFIRMED, published_at=None)
    decide(submitted(city), city.secretary, at=AT)
    publish(city.round, actor=city.secretary, at=AT)
    for change in (
        lambda: ScreeningResult.objects.update(passed=9),
        lambda: ScreeningResult.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Round.objects.get(pk=city.round.pk).screening_four_eyes == "none"


def test_kept_back_says_why(city):
    decide(submitted(city), city.secretary, at=AT)
    result = publish(city.round, actor=city.secretary, at=AT)

    with (
        pytest.raises(DatabaseError, match="kept_back_says_why"),
        transaction.atomic(),
    ):
        ScreeningResult.objects.create(
            round=ProposalFactory().round,
            announcement=result.announcement,
            passed=0,
            failed=0,
            kept_back=["KIPP-X"],
            published_by=city.secretary,
            published_at=AT,
        )

"""Giving a submitted proposal back to be corrected until a moment."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.models import AuditEntry
from notifications.models import Message
from submissions import fingerprints, services
from submissions.dossier import load_dossier
from submissions.models import (
    Answer,
    Correction,
    Evidence,
    EvidenceLink,
    MachineCheck,
    Proposal,
    Screening,
    SectionNote,
    StatementLetter,
)
from submissions.services import HeaderDraft
from submissions.services import correcting as correcting_services
from tests.factories.screening import decide
from tests.submissions.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def closing(city):
    return city.stage.closes_at


@pytest.fixture
def submitted(city):
    return services.submit_proposal(
        proposal=city.proposal(title="Antre Cepat"), actor=city.head, at=AT
    )


def ask(city, proposal, closing, **fields):
    values = {
        "note": "Lengkapi bukti waktu tunggu.",
        "parts": {"kebaruan": "Tulis angka sebelum dan sesudah."},
        "due_at": closing + timedelta(days=5),
        "at": closing + timedelta(days=1),
    }
    return services.ask_correction(
        proposal=proposal, actor=city.secretary, **(values | fields)
    )


def digest_of(proposal) -> str:
    row = Proposal.objects.for_page().get(pk=proposal.pk)
    return fingerprints.fingerprint(fingerprints.content_of(load_dossier(row)))


def test_author_writes_and_sends_again_after_the_closing(city, submitted, closing):
    decide(submitted, city.secretary, at=closing + timedelta(hours=1))
    first = submitted.receipt_number

    correction = ask(city, submitted, closing)

    proposal = Proposal.objects.for_page().get()
    assert (proposal.is_returned, proposal.is_editable) == (True, True)
    assert Screening.objects.get().is_draft
    (note,) = SectionNote.objects.all()
    assert (note.part, note.by_secretariat) == ("kebaruan", True)
    assert Message.objects.filter(kind="correction.asked").count() == 2
    later = closing + timedelta(days=3)
    assert load_dossier(proposal).is_open(later)
    services.save_answer(
        proposal=proposal,
        section=city.section,
        text="Dari sembilan hari menjadi satu hari.",
        base_version=1,
        actor=city.author,
        at=later,
    )
    services.submit_proposal(proposal=proposal, actor=city.head, at=later)

    correction.refresh_from_db()
    proposal.refresh_from_db()
    assert (correction.state, correction.submitted) == ("sent", [])
    assert proposal.is_submitted
    assert proposal.receipt_number != first
    assert proposal.innovation_id == submitted.innovation_id
    assert MachineCheck.objects.get().checked_at == later
    assert services.lapse_corrections(at=later + timedelta(days=9)) == 0


@pytest.mark.parametrize("is_endorsing", [False, True])
def test_without_sending_what_was_submitted_counts_word_for_word(
    city, submitted, closing, is_endorsing
):
    before = digest_of(submitted)
    assert before == submitted.digest
    ask(city, submitted, closing)
    during = closing + timedelta(days=2)
    proposal = Proposal.objects.for_page().get()
    services.save_answer(
        proposal=proposal,
        section=city.section,
        text="Kalimat yang tidak pernah dikirim.",
        base_version=1,
        actor=city.author,
        at=during,
    )
    services.save_header(
        proposal=proposal,
        draft=HeaderDraft(
            title="Judul Lain",
            track=proposal.track,
            category=proposal.category,
            values=proposal.header,
        ),
        base_version=proposal.header_version,
        actor=city.author,
        at=during,
    )
    for letter in StatementLetter.objects.all():
        services.remove_letter(letter=letter, actor=city.author, at=during)
    for evidence in Evidence.objects.all():
        services.remove_evidence(evidence=evidence, actor=city.author, at=during)
    links = EvidenceLink.objects.count()
    if is_endorsing:
        Proposal.objects.update(state="endorsing")
    assert digest_of(submitted) != before

    due = closing + timedelta(days=5)
    assert services.lapse_corrections(at=due) == 0  # somebody may just be sending
    assert services.lapse_corrections(at=due + timedelta(minutes=2)) == 1

    proposal = Proposal.objects.for_page().get()
    assert digest_of(proposal) == before
    assert (proposal.title, proposal.state) == ("Antre Cepat", "submitted")
    assert proposal.submitted_at == AT
    assert proposal.receipt_number == submitted.receipt_number
    assert EvidenceLink.objects.count() == links
    assert Answer.objects.get(section=city.section).version > 2
    texts = Answer.objects.get(section=city.section).events.values_list("text")
    assert ("Kalimat yang tidak pernah dikirim.",) in texts
    correction = Correction.objects.get()
    assert (correction.has_lapsed, correction.submitted) == (True, [])
    assert Message.objects.filter(kind="correction.lapsed").count() == 2
    assert AuditEntry.objects.get(action="correction.lapsed").actor is None
    assert services.lapse_corrections(at=due + timedelta(days=1)) == 0


def test_nothing_is_written_once_the_time_is_over(city, submitted, closing):
    ask(city, submitted, closing)
    proposal = Proposal.objects.for_page().get()

    with pytest.raises(services.SubmissionClosed):
        services.submit_proposal(
            proposal=proposal, actor=city.head, at=closing + timedelta(days=5)
        )

    assert Correction.objects.open().exists()


def test_one_that_cannot_be_restored_waits_and_is_logged(
    city, submitted, closing, monkeypatch, caplog
):
    ask(city, submitted, closing)
    monkeypatch.setattr(correcting_services.fingerprints, "fingerprint", lambda _c: "x")

    assert services.lapse_corrections(at=closing + timedelta(days=6)) == 0

    assert "could not be ended" in caplog.text
    assert Correction.objects.open().exists()
    assert Proposal.objects.get().is_returned


def test_reminders_go_out_once_at_each_offset(city, submitted, closing):
    due = closing + timedelta(days=5)
    ask(city, submitted, closing)
    moments = [due - timedelta(hours=hours) for hours in (80, 71, 70, 23, 2, -1)]

    told = [services.remind_of_corrections(at=at) for at in moments]

    assert told == [0, 2, 0, 2, 2, 0]
    near = Message.objects.filter(kind="correction.near")
    assert set(near.values_list("expires_at", flat=True)) == {due}


@pytest.mark.parametrize("days", [-60, 0, 1])
def test_due_moment_lies_ahead_and_after_the_closing(city, submitted, closing, days):
    due = closing + timedelta(days=days)
    with pytest.raises(services.CorrectionNotPossible):
        ask(city, submitted, closing, due_at=due, at=closing + timedelta(days=1))

    assert Proposal.objects.get().is_submitted


def test_only_a_submitted_proposal_goes_back_and_withdrawal_ends_it(
    city, submitted, closing
):
    ask(city, submitted, closing)
    with pytest.raises(services.CorrectionNotPossible):
        ask(city, submitted, closing)

    services.withdraw_proposal(
        proposal=submitted,
        reason="Tidak sempat.",
        actor=city.head,
        at=closing + timedelta(days=2),
    )

    assert Correction.objects.get().state == "ended"


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "sent"}, "ended_at_unless_open"),
        ({"due_at": AT}, "due_later"),
        ({"note": ""}, "says_what"),
    ],
)
def test_correction_is_whole(city, submitted, closing, fields, constraint):
    ask(city, submitted, closing)

    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        Correction.objects.update(**fields)


def test_one_correction_runs_at_a_time_and_never_opens_again(city, submitted, closing):
    correction = ask(city, submitted, closing)
    correction.pk = None
    with pytest.raises(DatabaseError, match="one_open"), transaction.atomic():
        correction.save(force_insert=True)
    Correction.objects.update(state="ended", ended_at=AT)

    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.update(state="open", ended_at=None)


def test_page_asks_what_and_until_when(client, live_city):
    city = live_city
    proposal = services.submit_proposal(
        proposal=city.proposal(), actor=city.head, at=city.stage.opens_at
    )
    path = reverse("submissions:proposal_correct", args=[proposal.code])
    client.force_login(city.secretary)

    empty = client.post(path, {"note": "", "due_at": "besok"})
    early = client.post(path, {"note": "Lengkapi.", "due_at": "1 Feb 2022"})
    done = client.post(
        path,
        {"note": "Lengkapi.", "due_at": "1 Feb 2099, 16.00", "at_kebaruan": "Angka?"},
    )
    client.force_login(city.author)
    page = client.get(proposal.get_absolute_url())

    assert sorted(empty.context["form"].errors) == ["due_at", "note"]
    assert list(early.context["form"].errors) == ["due_at"]
    assert done.status_code == 302
    assert SectionNote.objects.get().text == "Angka?"
    assert "1 Februari 2099" in page.content.decode()

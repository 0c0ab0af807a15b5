from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from core.models import AuditEntry
from documents import numbering, periodic, services, tasks
from documents.models import MAX_ATTEMPTS, IssuedDocument, NumberSequence
from tests.factories.accounts import GovernmentFactory, UserFactory
from tests.factories.documents import (
    MOMENT,
    TEMPLATE,
    BatchFactory,
    IssuedDocumentFactory,
)

LATER = MOMENT + timedelta(days=10)


@pytest.fixture
def started(monkeypatch):
    """Catch the renderings that are handed to the worker."""
    pks = []
    monkeypatch.setattr(tasks.render_document, "delay", pks.append)
    return pks


class GaveUpError(Exception):
    """What went wrong after a paper was issued."""


def issue_and_give_up(government):
    issue(government)
    raise GaveUpError


def issue(government, **changes):
    details = {
        "kind": "certificate",
        "subject_key": "award:1",
        "title": "Piagam Penghargaan",
        "template": TEMPLATE,
        "values": {"holder": "Dinas Kependudukan"},
        "issued_date": date(2022, 6, 10),
        "at": MOMENT,
    }
    return services.issue_document(government=government, **(details | changes))


@pytest.mark.django_db
def test_issued_document_has_number_code_and_audit_entry(
    started, django_capture_on_commit_callbacks
):
    tegal = GovernmentFactory(code="33.76")

    with django_capture_on_commit_callbacks(execute=True):
        document = issue(tegal, number_pattern="{seq:03}/PGM/{year}")

    assert document.number == "001/PGM/2022"
    assert document.year == 2022
    assert len(document.code) == 16
    assert started == [document.pk]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.scope) == ("document.issued", "33.76")


@pytest.mark.django_db
def test_issuing_again_gives_the_valid_document_and_no_new_number():
    tegal = GovernmentFactory()

    first, again = issue(tegal), issue(tegal)

    assert first == again
    assert NumberSequence.objects.get().last == 1


@pytest.mark.django_db
def test_issuing_after_a_revocation_makes_the_next_version():
    tegal = GovernmentFactory()
    first = issue(tegal)
    services.revoke_document(
        document=first, actor=UserFactory(), reason="Salah nama.", at=LATER
    )

    second = issue(tegal)

    assert (second.version, second.number) == (2, "000.8/002/KIPP/2022")
    assert second.code != first.code


@pytest.mark.django_db
def test_typed_number_is_kept_and_passed_by_later():
    tegal = GovernmentFactory()
    typed = issue(tegal, number="000.8/001/KIPP/2022")

    given = issue(tegal, subject_key="award:2")

    assert typed.number == "000.8/001/KIPP/2022"
    assert given.number == "000.8/002/KIPP/2022"


@pytest.mark.django_db
def test_failure_after_issuing_leaves_nothing(
    started, django_capture_on_commit_callbacks
):
    tegal = GovernmentFactory()

    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(GaveUpError),
        transaction.atomic(),
    ):
        issue_and_give_up(tegal)

    assert not IssuedDocument.objects.exists()
    assert not NumberSequence.objects.exists()
    assert not AuditEntry.objects.exists()
    assert started == []


@pytest.mark.django_db(transaction=True)
def test_document_asked_for_by_many_at_once_is_issued_once(started):
    tegal = GovernmentFactory()

    def ask(_turn):
        try:
            return issue(tegal).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        pks = set(threads.map(ask, range(16)))

    assert len(pks) == IssuedDocument.objects.count() == 1
    assert NumberSequence.objects.get().last == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_of_documents_issued_at_once_have_no_gap_and_no_double(started):
    tegal = GovernmentFactory()

    def ask(turn):
        try:
            return issue(tegal, subject_key=f"award:{turn}").number
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        numbers = sorted(threads.map(ask, range(40)))

    assert numbers == [f"000.8/{seq:03}/KIPP/2022" for seq in range(1, 41)]


@pytest.mark.django_db
def test_document_stands_when_the_broker_is_away(
    monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(pk):
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.render_document, "delay", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        document = issue(GovernmentFactory())

    assert IssuedDocument.objects.to_render().get() == document


@pytest.mark.django_db
def test_sweep_starts_what_has_no_file(started):
    waiting = IssuedDocumentFactory()
    IssuedDocumentFactory(attempts=MAX_ATTEMPTS)
    IssuedDocumentFactory(rendered_at=MOMENT, file="documents/x.pdf", sha256="0" * 64)
    IssuedDocumentFactory(state="revoked", ended_at=MOMENT)

    periodic.sweep_documents()

    assert started == [waiting.pk]


@pytest.mark.django_db
def test_revoked_document_keeps_when_why_and_who():
    document = IssuedDocumentFactory()
    actor = UserFactory()

    services.revoke_document(
        document=document, actor=actor, reason=" Data palsu. ", at=LATER
    )

    document.refresh_from_db()
    assert document.is_revoked
    assert (document.ended_at, document.end_reason) == (LATER, "Data palsu.")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.reason) == (
        "document.revoked",
        actor,
        "Data palsu.",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_revoking_without_a_reason_is_refused(reason):
    document = IssuedDocumentFactory()

    with pytest.raises(services.ReasonMissingError):
        services.revoke_document(
            document=document, actor=UserFactory(), reason=reason, at=LATER
        )

    document.refresh_from_db()
    assert document.is_valid


@pytest.mark.django_db
def test_revoking_twice_is_refused():
    document = IssuedDocumentFactory(
        state="revoked", ended_at=MOMENT, end_reason="Salah nama."
    )

    with pytest.raises(services.DocumentNotValidError):
        services.revoke_document(
            document=document, actor=UserFactory(), reason="Lagi.", at=LATER
        )


@pytest.mark.django_db
def test_replacement_is_a_new_paper_and_the_old_one_names_it():
    old = issue(GovernmentFactory(), is_public=True)

    new = services.replace_document(
        document=old,
        values={"holder": "Disdukcapil"},
        actor=UserFactory(),
        reason="Salah nama.",
        at=LATER,
        issued_date=date(2022, 6, 20),
    )

    old.refresh_from_db()
    assert (old.is_replaced, old.replaced_by, old.end_reason) == (
        True,
        new,
        "Salah nama.",
    )
    assert (new.version, new.number, new.is_public, new.title) == (
        2,
        "000.8/002/KIPP/2022",
        True,
        old.title,
    )
    assert AuditEntry.objects.filter(action="document.replaced").count() == 1


@pytest.mark.django_db
def test_failure_in_replacing_leaves_the_old_paper_valid(monkeypatch):
    old = issue(GovernmentFactory())
    monkeypatch.setattr(numbering, "take_numbers", lambda *args, **options: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        services.replace_document(
            document=old,
            values={},
            actor=UserFactory(),
            reason="Salah nama.",
            at=LATER,
            issued_date=date(2022, 6, 20),
        )

    old.refresh_from_db()
    assert old.is_valid


@pytest.mark.django_db
def test_batch_is_opened_with_an_audit_entry():
    tegal = GovernmentFactory()
    actor = UserFactory()

    batch = services.create_batch(
        government=tegal, title="Piagam", subject_key="round:1", actor=actor, at=MOMENT
    )

    assert (batch.created_by, batch.created_at) == (actor, MOMENT)
    assert AuditEntry.objects.get().action == "batch.created"


@pytest.mark.django_db
def test_retry_starts_only_the_failed_ones_of_those_given(
    started, django_capture_on_commit_callbacks
):
    batch = BatchFactory()
    failed = IssuedDocumentFactory(batch=batch, attempts=MAX_ATTEMPTS, error="Galat")
    IssuedDocumentFactory(batch=batch)
    IssuedDocumentFactory(attempts=MAX_ATTEMPTS, error="Galat")

    with django_capture_on_commit_callbacks(execute=True):
        count = services.retry_documents(
            documents=batch.issueddocument_set.all(), actor=UserFactory(), at=LATER
        )

    failed.refresh_from_db()
    assert (count, started) == (1, [failed.pk])
    assert (failed.attempts, failed.error) == (0, "")
    assert AuditEntry.objects.get().action == "document.retried"

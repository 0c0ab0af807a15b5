"""What stored papers can never be."""

import pytest
from django.db import IntegrityError, InternalError, NotSupportedError, connection
from django.db.models import F

from documents.models import IssuedDocument, NumberSequence
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    LeaderFactory,
    SecretariatFactory,
)
from tests.factories.documents import MOMENT, BatchFactory, IssuedDocumentFactory

REFUSED = (IntegrityError, InternalError, NotSupportedError)
pytestmark = pytest.mark.django_db


def update(document, **changes):
    IssuedDocument.objects.filter(pk=document.pk).update(**changes)


def rendered(**details):
    return IssuedDocumentFactory(
        rendered_at=MOMENT, file="documents/2022/a.pdf", sha256="a" * 64, **details
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "999"},
        {"code": "0" * 16},
        {"values": {"holder": "Orang lain"}},
        {"title": "Piagam lain"},
        {"template": "lain.html"},
        {"issued_at": None},
        {"subject_key": "award:0"},
        {"kind": "receipt"},
        {"year": 2023},
        {"version": 9},
    ],
)
def test_what_the_paper_says_cannot_change(changes):
    document = IssuedDocumentFactory()

    with pytest.raises(REFUSED):
        update(document, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"file": "documents/2022/b.pdf"},
        {"sha256": "b" * 64},
        {"rendered_at": None},
    ],
)
def test_file_of_a_rendered_paper_cannot_change(changes):
    document = rendered()

    with pytest.raises(REFUSED):
        update(document, **changes)


def test_paper_cannot_be_deleted():
    document = IssuedDocumentFactory()

    with pytest.raises(REFUSED):
        document.delete()


def test_paper_cannot_be_deleted_by_sql():
    IssuedDocumentFactory()

    with pytest.raises(REFUSED), connection.cursor() as cursor:
        cursor.execute("DELETE FROM documents_issueddocument")


@pytest.mark.parametrize("ended", ["revoked", "replaced"])
def test_ended_paper_cannot_be_valid_again(ended):
    document = IssuedDocumentFactory(state=ended, ended_at=MOMENT)

    with pytest.raises(REFUSED):
        update(document, state="issued", ended_at=None)


def test_revoked_paper_has_the_moment_it_ended():
    document = IssuedDocumentFactory()

    with pytest.raises(IntegrityError):
        update(document, state="revoked")


def test_rendered_paper_has_a_file():
    document = IssuedDocumentFactory()

    with pytest.raises(IntegrityError):
        update(document, rendered_at=MOMENT)


def test_only_a_replaced_paper_names_another():
    old, new = IssuedDocumentFactory.create_batch(2)

    with pytest.raises(IntegrityError):
        update(old, replaced_by=new)


def test_one_valid_paper_per_subject():
    IssuedDocumentFactory(subject_key="award:1")

    with pytest.raises(IntegrityError):
        IssuedDocumentFactory(subject_key="award:1", version=2)


def test_one_paper_per_version():
    IssuedDocumentFactory(subject_key="award:1", state="revoked", ended_at=MOMENT)

    with pytest.raises(IntegrityError):
        IssuedDocumentFactory(subject_key="award:1")


def test_one_paper_per_number_and_year():
    tegal = GovernmentFactory()
    IssuedDocumentFactory(government=tegal, number="001")
    IssuedDocumentFactory(number="001")
    IssuedDocumentFactory(government=tegal, number="001", year=2023)

    with pytest.raises(IntegrityError):
        IssuedDocumentFactory(government=tegal, number="001")


def test_one_sequence_per_government_kind_and_year():
    tegal = GovernmentFactory()
    NumberSequence.objects.create(government=tegal, kind="receipt", year=2022)

    with pytest.raises(IntegrityError):
        NumberSequence.objects.create(government=tegal, kind="receipt", year=2022)


def test_history_keeps_what_happened_but_no_attempts():
    document = IssuedDocumentFactory()

    update(document, attempts=F("attempts") + 1, error="Galat")
    update(document, state="revoked", ended_at=MOMENT)

    labels = document.events.order_by("pgh_id").values_list("pgh_label", "state")
    assert list(labels) == [("insert", "issued"), ("update", "revoked")]


def test_papers_are_visible_to_the_secretariat_of_their_government_only():
    tegal, magelang = GovernmentFactory.create_batch(2)
    document = IssuedDocumentFactory(government=tegal)
    batch = BatchFactory(government=tegal)
    people = {
        "own secretariat": SecretariatFactory(government=tegal),
        "other secretariat": SecretariatFactory(government=magelang),
        "leader": LeaderFactory(government=tegal),
        "author": AuthorFactory(institution=InstitutionFactory(government=tegal)),
    }

    seen = {
        role: (
            list(IssuedDocument.objects.visible_to(person)),
            list(type(batch).objects.visible_to(person)),
        )
        for role, person in people.items()
    }

    nothing = ([], [])
    assert seen == {
        "own secretariat": ([document], [batch]),
        "other secretariat": nothing,
        "leader": nothing,
        "author": nothing,
    }

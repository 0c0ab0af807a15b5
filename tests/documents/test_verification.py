import pytest
from django.urls import reverse
from django.utils import translation

from documents import verification
from tests.factories.documents import MOMENT, IssuedDocumentFactory

pytestmark = pytest.mark.django_db
CODE = "7K3M9QXT4B2C8DEF"
FACTS = [
    ("Nomor", "001/PGM/2022"),
    ("Dokumen", "Piagam Penghargaan"),
    ("Diberikan kepada", "Dinas Kependudukan"),
    ("Tanggal terbit", "10 Juni 2022"),
    ("Diterbitkan oleh", "Pemerintah Kota Tegal"),
    ("Kode verifikasi", "7K3M-9QXT-4B2C-8DEF"),
]


def document(**details):
    return IssuedDocumentFactory(code=CODE, number="001/PGM/2022", **details)


def values(rows):
    return [value for _label, value in rows]


def test_valid_paper_shows_what_it_says_and_no_more(django_assert_num_queries):
    document()

    with django_assert_num_queries(1):
        verdict = verification.verify(CODE)

    assert (verdict.variant, verdict.is_known, verdict.is_valid) == ("ok", True, True)
    assert values(verdict.rows) == values(FACTS)
    assert "Pemerintah Kota Tegal" in verdict.text


def test_paper_without_a_file_yet_is_valid():
    assert document().rendered_at is None
    assert verification.verify(CODE).is_valid


def test_revoked_paper_says_when_and_why():
    document(state="revoked", ended_at=MOMENT, end_reason="Data palsu.")

    verdict = verification.verify(CODE)

    assert (verdict.variant, verdict.is_known, verdict.is_valid) == ("bad", True, False)
    assert "10 Juni 2022" in verdict.text
    assert values(verdict.rows) == [*values(FACTS), "Data palsu."]


def test_replaced_paper_leads_to_the_newer_one(django_assert_num_queries):
    newer = IssuedDocumentFactory()
    document(
        state="replaced", ended_at=MOMENT, end_reason="Salah nama.", replaced_by=newer
    )

    with django_assert_num_queries(1):
        verdict = verification.verify(CODE)

    assert (verdict.variant, verdict.is_valid) == ("bad", False)
    assert verdict.replacement_code == newer.code


def test_replaced_paper_does_not_lead_to_one_that_is_not_public():
    newer = IssuedDocumentFactory(is_public=False)
    document(state="replaced", ended_at=MOMENT, replaced_by=newer)

    assert verification.verify(CODE).replacement_code == ""


@pytest.mark.parametrize("code", ["", "0" * 16])
def test_unknown_code_is_not_called_false(code):
    verdict = verification.verify(code)

    assert (verdict.variant, verdict.is_known, verdict.rows) == ("mute", False, [])


def test_paper_that_is_not_public_is_unknown():
    document(is_public=False)

    assert not verification.verify(CODE).is_known


def test_later_edit_of_a_name_does_not_change_the_answer():
    paper = document()
    paper.government.name = "Pemerintah Lain"
    paper.government.save()

    assert values(verification.verify(CODE).rows) == values(FACTS)


@pytest.mark.parametrize(
    ("kind", "words"),
    [("juror", "This certificate is valid"), ("minutes", "This document is valid")],
)
def test_paper_is_called_what_it_is(kind, words):
    document(kind=kind)

    with translation.override("en"):
        assert verification.verify(CODE).title == words


def test_unsigned_paper_says_that_no_signature_is_kept(client):
    document(is_public=True)

    with translation.override("en"):
        page = client.get(reverse("documents:verify_code", args=[CODE]))

    assert "may be signed by hand" in page.content.decode()

"""Files taken in and handed out."""

import pytest

from submissions.models import Evidence, StatementLetter
from tests.factories.accounts import AuthorFactory, InstitutionFactory
from tests.factories.submissions import EvidenceFactory, tiny_pdf
from tests.submissions.browsing import UPLOAD, content_of, section_url, upload, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(live_city):
    return live_city


@pytest.fixture
def as_author(client, city):
    client.force_login(city.author)
    return client


@pytest.fixture
def draft(city):
    return city.proposal(title="Pulang Bawa Akta")


def test_evidence_is_taken_and_listed(as_author, draft):
    path = url("evidence_create", draft.code, "kebaruan")

    answer = as_author.post(path, {"file": upload()}, headers=UPLOAD)

    assert answer.json() == {"state": "stored", "url": section_url(draft)}
    page = as_author.get(section_url(draft))
    assert [each["label"] for each in page.context["files"]] == ["bukti.pdf"]


def test_hostile_evidence_is_refused_and_the_page_keeps_everything(as_author, draft):
    path = url("evidence_create", draft.code, "kebaruan")

    page = as_author.post(path, {"file": upload(content=b"<html>")})
    answer = as_author.post(path, {"file": upload(content=b"<html>")}, headers=UPLOAD)

    assert (page.status_code, answer.status_code) == (422, 422)
    assert page.context["form"]["text"].value() == page.context["part"].text
    assert list(answer.json()["errors"]) == ["file"]
    assert not Evidence.objects.exists()


def test_who_signs_in_again_lands_on_a_page(as_author, draft):
    for name, args in [
        ("evidence_create", [draft.code, "kebaruan"]),
        ("proposal_send", [draft.code]),
    ]:
        assert as_author.get(url(name, *args)).status_code == 302


def test_file_is_handed_out_so_that_nothing_runs(as_author, draft):
    evidence = EvidenceFactory(proposal=draft)

    answer = as_author.get(url("evidence_file", evidence.key))

    assert content_of(answer).startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("content_type", "disposition", "policy"),
    [
        ("image/png", "inline", "sandbox"),
        ("application/octet-stream", "attachment", "sandbox"),
        ("text/html", "attachment", "sandbox"),
    ],
)
def test_all_but_pdf_stay_in_a_sandbox(
    as_author, draft, content_type, disposition, policy
):
    evidence = EvidenceFactory(proposal=draft, content_type=content_type)

    answer = as_author.get(url("evidence_file", evidence.key))

    assert answer["Content-Disposition"].startswith(disposition)
    assert answer["Content-Security-Policy"].endswith(policy)
    assert content_of(answer)


def test_file_of_another_institution_is_unknown(client, city, draft):
    evidence = EvidenceFactory(proposal=draft)
    client.force_login(
        AuthorFactory(institution=InstitutionFactory(government=city.government))
    )

    assert client.get(url("evidence_file", evidence.key)).status_code == 404
    assert client.post(url("evidence_delete", evidence.key)).status_code == 404


def test_secretariat_reads_a_file_but_does_not_delete_it(client, city, draft):
    evidence = EvidenceFactory(proposal=draft)
    client.force_login(city.secretary)

    answer = client.get(url("evidence_file", evidence.key))

    assert content_of(answer)
    assert client.post(url("evidence_delete", evidence.key)).status_code == 403


def test_letter_is_uploaded_replaced_and_deleted(as_author, draft):
    letters = url("letter_list", draft.code)
    StatementLetter.objects.all().delete()

    for text in ("satu", "dua"):
        answer = as_author.post(
            letters,
            {
                "kind": "implementasi",
                "implementasi-file": upload(content=tiny_pdf(text)),
            },
        )
        assert answer.status_code == 302
    letter = StatementLetter.objects.get()
    as_author.post(url("evidence_delete", letter.key))

    assert not StatementLetter.objects.exists()


def test_letter_refuses_a_word_file_and_an_unknown_kind(as_author, draft):
    letters = url("letter_list", draft.code)
    word = upload("surat.docx", b"PK\x03\x04" + b"x" * 50)

    page = as_author.post(letters, {"kind": "implementasi", "implementasi-file": word})

    assert page.status_code == 422
    assert page.context["bound"].errors
    assert as_author.post(letters, {"kind": "lain"}).status_code == 404


def test_letter_template_is_filled_in(as_author, draft):
    page = as_author.get(url("letter_template", draft.code, "implementasi"))

    text = page.content.decode()
    assert "Pulang Bawa Akta" in text
    assert "2 Maret 2020" in text

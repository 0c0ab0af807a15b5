"""Pages to sign papers and to keep what was signed elsewhere."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents import limits, queries, services
from documents.models import SignedCopy
from tests.documents import signers
from tests.documents.test_signed_uploads import signed
from tests.factories.accounts import GovernmentFactory, SecretariatFactory
from tests.factories.documents import MOMENT, BatchFactory, IssuedDocumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(client, signing_portal):
    client.force_login(signing_portal.person)
    return signing_portal.person


def list_url(portal, query=""):
    path = reverse("documents:signing_list", args=[portal.government.slug])
    return f"{path}{query}"


def form(portal, **details):
    signatory = portal.government.signatory_set.get()
    return {
        "way": f"keyfile:{portal.key}",
        "signatory": str(signatory.key),
        "passphrase": signers.PASSPHRASE,
        **details,
    }


def rendered(portal, **details):
    """A paper as if it had its file; it is not read."""
    return IssuedDocumentFactory(
        government=portal.government,
        rendered_at=MOMENT,
        file="documents/2022/a.pdf",
        sha256="a" * 64,
        **details,
    )


def numbers(response):
    return [paper.number for paper in response.context["page"].object_list]


@pytest.mark.parametrize("count", [1, 3])
def test_signing_list_query_count(
    client, secretary, signing_portal, django_assert_num_queries, count
):
    for _ in range(count):
        rendered(signing_portal)
    client.get(list_url(signing_portal))

    # user, roles, government, signatories, count, page, unread, juror
    with django_assert_num_queries(8):
        response = client.get(list_url(signing_portal))

    assert len(numbers(response)) == count


def test_list_holds_what_can_be_signed(client, secretary, signing_portal):
    waiting = rendered(signing_portal)
    batch = BatchFactory(government=signing_portal.government)
    ordered = rendered(signing_portal, batch=batch)
    rendered(signing_portal, state="revoked", ended_at=MOMENT)
    IssuedDocumentFactory(government=signing_portal.government)
    done = rendered(signing_portal)
    SignedCopy.objects.create(
        document=done,
        sequence=1,
        way="key",
        file="b.pdf",
        size=1,
        sha256="b" * 64,
        signatures=[{"signer": "Fulan"}],
        kept_by=secretary,
        kept_at=MOMENT,
    )

    unsigned = client.get(list_url(signing_portal))
    of_batch = client.get(list_url(signing_portal, f"?berkas={batch.code}"))
    with_one = client.get(list_url(signing_portal, "?sudah=1"))
    odd = client.get(list_url(signing_portal, "?sudah=x"))
    of_kind = client.get(list_url(signing_portal, "?jenis=receipt"))

    assert numbers(unsigned) == [ordered.number, waiting.number]
    assert numbers(of_batch) == [ordered.number]
    assert numbers(with_one) == [done.number]
    assert numbers(odd) == numbers(unsigned)
    assert numbers(of_kind) == []


def test_chosen_papers_are_signed_and_the_others_not(client, secretary, signing_portal):
    chosen, left = signing_portal.paper(), signing_portal.paper()

    page = client.post(
        list_url(signing_portal), form(signing_portal, dokumen=[chosen.code])
    )

    assert page.status_code == 200
    assert page.context["report"].signed == [chosen]
    assert numbers(page) == [left.number]
    assert signers.PASSPHRASE not in page.content.decode()
    file = client.get(reverse("documents:document_file", args=[chosen.code]))
    copy = chosen.signed_copies.get()
    assert b"".join(file.streaming_content) == queries.bytes_of(copy)
    assert file["ETag"] == f'"{copy.sha256}"'
    original = client.get(reverse("documents:document_original", args=[chosen.code]))
    assert b"".join(original.streaming_content) == queries.bytes_of(chosen)


def test_all_of_a_batch_are_signed_by_the_script_but_what_failed(
    client, secretary, signing_portal
):
    batch = BatchFactory(government=signing_portal.government)
    good = signing_portal.paper(batch=batch)
    bad = signing_portal.paper(batch=batch)
    data = form(signing_portal, semua="1", lewati=[bad.code])

    answer = client.post(
        list_url(signing_portal, f"?berkas={batch.code}"),
        data,
        headers={"X-Requested-With": "sign"},
    )

    assert answer.json() == {
        "state": "signed",
        "message": "",
        "signed": 1,
        "left": 0,
        "failed": [],
    }
    assert (good.signed_copies.count(), bad.signed_copies.count()) == (1, 0)


def test_paper_of_another_government_cannot_be_chosen(
    client, secretary, signing_portal
):
    foreign = IssuedDocumentFactory(
        government=GovernmentFactory(),
        rendered_at=MOMENT,
        file="documents/2022/a.pdf",
        sha256="a" * 64,
    )

    page = client.post(
        list_url(signing_portal), form(signing_portal, dokumen=[foreign.code])
    )

    assert page.status_code == 422
    assert not SignedCopy.objects.exists()


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"passphrase": ""}, "passphrase"),
        ({"way": "keyfile:../x"}, "way"),
        ({"signatory": "x"}, "signatory"),
        ({"dokumen": []}, "__all__"),
    ],
)
def test_incomplete_form_signs_nothing(
    client, secretary, signing_portal, details, field
):
    document = rendered(signing_portal)
    data = form(signing_portal, dokumen=[document.code]) | details

    page = client.post(list_url(signing_portal), data)

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert signers.PASSPHRASE not in page.content.decode()


@pytest.mark.parametrize("nik", ["", "123", "33760101018000012", "33760101018000ab"])
def test_nik_is_asked_for_by_the_service_alone(
    client, secretary, signing_portal, settings, nik
):
    settings.SIGNING_SERVICE_URL = "http://127.0.0.1:9"
    document = rendered(signing_portal)
    data = form(signing_portal, dokumen=[document.code], way="service:", nik=nik)

    page = client.post(list_url(signing_portal), data)

    assert page.status_code == 422
    assert "nik" in page.context["form"].errors


def test_guessing_passphrases_is_stopped(
    client, secretary, signing_portal, monkeypatch
):
    monkeypatch.setattr(limits, "MISSES", 2)
    document = rendered(signing_portal)
    data = form(signing_portal, dokumen=[document.code], passphrase="salah")

    answers = [client.post(list_url(signing_portal), data) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 422]


def test_second_tab_is_told_that_it_was_signed(client, secretary, signing_portal):
    document = signing_portal.paper()
    data = form(signing_portal, dokumen=[document.code])
    client.post(list_url(signing_portal), data)

    again = client.post(list_url(signing_portal), data)

    assert again.status_code == 422
    assert SignedCopy.objects.count() == 1


# Uploads ---------------------------------------------------------------------------


def upload(client, document, content):
    file = SimpleUploadedFile("a.pdf", content, "application/pdf")
    url = reverse("documents:document_sign", args=[document.code])
    return client.post(url, {"file": file})


def test_signed_file_is_uploaded_shown_and_downloaded(
    client, secretary, signing_portal
):
    document = signing_portal.paper()
    content = signed(queries.bytes_of(document))

    kept = upload(client, document, content)
    page = client.get(kept.url)

    assert kept.status_code == 302
    assert "H. Fulan, S.H." in page.content.decode()
    assert [told.variant for told in page.context["signatures"]] == ["ok"]
    file = client.get(reverse("documents:document_file", args=[document.code]))
    assert b"".join(file.streaming_content) == content


def test_foreign_file_is_refused_beside_the_field(client, secretary, signing_portal):
    document = signing_portal.paper()

    page = upload(client, document, queries.bytes_of(document))
    nothing = client.post(reverse("documents:document_sign", args=[document.code]))

    assert (page.status_code, nothing.status_code) == (422, 422)
    assert "file" in page.context["form"].errors
    assert not SignedCopy.objects.exists()


def test_ended_paper_offers_no_signing_and_takes_none(
    client, secretary, signing_portal
):
    document = rendered(signing_portal)
    services.revoke_document(
        document=document, actor=secretary, reason="Keliru.", at=MOMENT
    )
    url = reverse("documents:document_sign", args=[document.code])

    page = client.get(url)
    posted = client.post(url)

    assert (page.status_code, posted.status_code) == (200, 403)
    assert not page.context["may_sign"]


def test_secretariat_of_another_government_finds_nothing(client, signing_portal):
    document = rendered(signing_portal)
    client.force_login(SecretariatFactory())

    for name in ("document_sign", "document_original"):
        url = reverse(f"documents:{name}", args=[document.code])
        assert client.get(url).status_code == 404
    assert client.get(list_url(signing_portal)).status_code == 404

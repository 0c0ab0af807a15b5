"""Pages of one paper and of numbers: what they show, what they do, who is told no."""

from hashlib import sha256
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from core.models import AuditEntry
from documents import tasks
from documents.models import MAX_ATTEMPTS, IssuedDocument, NumberPattern
from documents.services import Order, issue_documents
from tests.factories.accounts import GovernmentFactory, SecretariatFactory
from tests.factories.documents import (
    MOMENT,
    TEMPLATE,
    BatchFactory,
    IssuedDocumentFactory,
)

pytestmark = pytest.mark.django_db
VALUES = {
    "holder": "Dinas Kesehtan",
    "texts": {"id": ["Dinas Kesehtan", "lain"]},
    "number": 7,
    "public": [["Diberikan kepada", "Dinas Kesehtan"], ["Penghargaan", "Juara I"]],
}


@pytest.fixture
def tegal():
    return GovernmentFactory()


@pytest.fixture
def secretary(client, tegal):
    person = SecretariatFactory(government=tegal)
    client.force_login(person)
    return person


def issued(government, batch=None, **changes):
    details = {"kind": "certificate", "template": TEMPLATE, "is_public": True}
    (paper,) = issue_documents(
        government=government,
        orders=[Order("award:1", "Juara I Dinas Kesehtan", VALUES)],
        issued_date=MOMENT.date(),
        at=MOMENT,
        batch=batch,
        **(details | changes),
    )
    return paper


def url(name, *args):
    return reverse(f"documents:{name}", args=args)


# One paper ----------------------------------------------------------------------------


def test_page_tells_what_became_of_a_paper(client, secretary, tegal):
    paper = issued(tegal)
    client.post(url("document_revoke", paper.code), {"reason": "Data palsu."})

    response = client.get(paper.get_absolute_url())

    rows = list(AuditEntry.objects.filter(target_id=str(paper.pk)).order_by("pk"))
    assert [each.action for each in rows] == ["document.issued", "document.revoked"]
    text = response.content.decode()
    assert "Dinas Kesehtan" in text
    assert text.count("Data palsu.") == 2  # as its state, and in its history
    assert paper.code_grouped in text
    assert url("document_replace", paper.code) not in text
    assert url("document_revoke", paper.code) not in text


def test_page_query_count(client, secretary, tegal, django_assert_num_queries):
    paper = issued(tegal)
    client.get(paper.get_absolute_url())

    # user, roles, paper, what it replaced, its signed file, history; unread, juror
    with django_assert_num_queries(8):
        client.get(paper.get_absolute_url())


def test_one_failed_paper_is_made_again(
    client, secretary, tegal, monkeypatch, django_capture_on_commit_callbacks
):
    started = []
    monkeypatch.setattr(tasks.render_document, "delay", started.append)
    failed, other = IssuedDocumentFactory.create_batch(
        2, government=tegal, attempts=MAX_ATTEMPTS, error="Galat"
    )

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url("document_retry", failed.code))

    assert response["Location"] == failed.get_absolute_url()
    assert started == [failed.pk]
    other.refresh_from_db()
    assert other.has_render_failed
    assert (
        url("document_retry", other.code)
        in client.get(url("document_list")).content.decode()
    )


# Replacing ----------------------------------------------------------------------------


def correction(**changes):
    return {
        "line_0": "Dinas Kesehatan",
        "line_1": "Juara I",
        "reason": "Salah ketik.",
    } | changes


def test_corrected_paper_takes_the_place_of_the_old_one(client, secretary, tegal):
    batch = BatchFactory(government=tegal)
    old = issued(tegal, batch)

    response = client.post(url("document_replace", old.code), correction())

    old.refresh_from_db()
    new = old.replaced_by
    assert response["Location"] == new.get_absolute_url()
    assert new.values == {
        "holder": "Dinas Kesehatan",
        "texts": {"id": ["Dinas Kesehatan", "lain"]},
        "number": 7,
        "public": [["Diberikan kepada", "Dinas Kesehatan"], ["Penghargaan", "Juara I"]],
    }
    assert (new.title, new.batch, new.issued_date) == (
        "Juara I Dinas Kesehatan",
        batch,
        old.issued_date,
    )
    assert (old.state, old.end_reason) == ("replaced", "Salah ketik.")
    entry = AuditEntry.objects.get(action="document.corrected")
    assert (entry.actor, entry.changes) == (
        secretary,
        {"Diberikan kepada": ["Dinas Kesehtan", "Dinas Kesehatan"]},
    )
    shown = client.get(old.get_absolute_url()).content.decode()
    assert new.get_absolute_url() in shown


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"reason": " "}, {"reason"}),
        ({"line_0": ""}, {"line_0"}),
        ({"line_0": "x" * 301}, {"line_0"}),
        ({"line_0": "Dinas Kesehtan"}, {"__all__"}),
        ({"number": "187"}, {"number"}),
        ({"number": "x" * 81}, {"number"}),
    ],
)
def test_correction_with_a_mistake_changes_nothing(
    client, secretary, tegal, changes, fields
):
    old = issued(tegal)
    IssuedDocumentFactory(government=tegal, number="187", year=old.year)

    response = client.post(url("document_replace", old.code), correction(**changes))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == fields
    assert IssuedDocument.objects.filter(kind="certificate").count() == 2
    old.refresh_from_db()
    assert old.is_valid


def test_second_press_finds_the_paper_replaced(client, secretary, tegal):
    old = issued(tegal)
    client.post(url("document_replace", old.code), correction())

    again = client.post(url("document_replace", old.code), correction())

    assert again.status_code == 403
    assert IssuedDocument.objects.count() == 2


def test_typed_number_stands_on_the_new_paper(client, secretary, tegal):
    old = issued(tegal)

    client.post(url("document_replace", old.code), correction(number=" B/12/2022 "))

    old.refresh_from_db()
    assert old.replaced_by.number == "B/12/2022"


@pytest.mark.parametrize("kind", ["receipt", "minutes", "feedback"])
def test_what_was_received_or_decided_is_not_corrected(client, secretary, tegal, kind):
    paper = issued(tegal, kind=kind)

    assert client.get(url("document_replace", paper.code)).status_code == 403


# The list -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "count"), [("2022", 1), ("2021", 0), ("", 1), ("x", 0), ("20222", 0)]
)
def test_list_is_narrowed_by_year(client, secretary, tegal, year, count):
    issued(tegal)

    response = client.get(url("document_list"), {"tahun": year})

    assert response.status_code == 200
    shown = response.context["page"].object_list
    assert len(shown) == count or response.context["filter"].form.errors


def test_list_leads_to_the_numbers(client, secretary, tegal):
    page = client.get(url("document_list")).content.decode()

    assert url("number_list", tegal.slug) in page


# Numbers ------------------------------------------------------------------------------


def test_numbers_of_every_kind_are_shown(client, secretary, tegal):
    issued(tegal)

    rows = client.get(url("number_list", tegal.slug)).context["rows"]

    examples = {row.kind: row.example for row in rows}
    assert examples.keys() == set(IssuedDocument.Kind.values)
    assert examples["certificate"].startswith("000.8/")
    assert not any(row.is_own for row in rows)


def test_pattern_is_set_and_dropped(client, secretary, tegal):
    address = url("number_edit", tegal.slug, "receipt")

    client.post(address, {"pattern": " {seq:04}/{unit}/{year} ", "unit": "OR"})
    own = NumberPattern.objects.get()
    shown = client.get(url("number_list", tegal.slug)).context["rows"]
    client.post(address, {"pattern": "x", "bawaan": "1"})

    assert (own.government, own.kind, own.pattern) == (
        tegal,
        "receipt",
        "{seq:04}/{unit}/{year}",
    )
    assert [row.kind for row in shown if row.is_own] == ["receipt"]
    assert not NumberPattern.objects.exists()
    assert [each.action for each in AuditEntry.objects.order_by("pk")] == [
        "number_pattern.set",
        "number_pattern.dropped",
    ]


@pytest.mark.parametrize("pattern", ["", "{year}", "{seq}{x}", "{seq.__class__}"])
def test_mistaken_pattern_is_told_and_not_kept(client, secretary, tegal, pattern):
    address = url("number_edit", tegal.slug, "receipt")

    refused = client.post(address, {"pattern": pattern})
    tried = client.get(address, {"pattern": pattern}, headers={"HX-Request": "true"})

    assert refused.status_code == 422
    assert "pattern" in refused.context["form"].errors
    assert tried.status_code == 200
    assert b"<strong" not in tried.content
    assert not NumberPattern.objects.exists()


def test_example_is_written_while_one_types(client, secretary, tegal):
    address = url("number_edit", tegal.slug, "receipt")
    tried = {"pattern": "B/{seq:05}/{kind}"}

    part = client.get(address, tried, headers={"HX-Request": "true"}).content.decode()
    whole = client.get(address, tried).content.decode()

    assert "B/00001/TT" in part
    assert "<html" not in part
    assert "B/00001/TT" in whole
    assert 'value="B/{seq:05}/{kind}"' in whole


def test_unknown_kind_is_not_found(client, secretary, tegal):
    assert client.get(url("number_edit", tegal.slug, "kwitansi")).status_code == 404


# A file whose bytes changed --------------------------------------------------------


@pytest.mark.parametrize("damage", ["one byte", "missing"])
def test_damaged_file_is_not_handed_out_but_told_and_logged(
    client, signing_portal, caplog, damage
):
    paper = signing_portal.paper()
    client.force_login(paper.government.membership_set.get().user)
    address = reverse("documents:document_file", args=[paper.code])
    whole = client.get(address)
    stored = Path(paper.file.path)
    if damage == "missing":
        stored.unlink()
    else:
        content = bytearray(stored.read_bytes())
        content[500] ^= 1
        stored.write_bytes(content)

    with translation.override("en"):
        response = client.get(address)

    assert sha256(b"".join(whole.streaming_content)).hexdigest() == paper.sha256
    assert response.status_code == 403
    assert "damaged in storage" in response.content.decode()
    assert paper.sha256 in caplog.text

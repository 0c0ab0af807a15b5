"""The ZIP of a batch."""

import csv
import hashlib
import io
import tracemalloc
from datetime import timedelta
from zipfile import ZIP_STORED, ZipFile

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from documents import archives, queries
from documents.models import IssuedDocument, SignedCopy
from tests.factories.accounts import (
    GovernmentFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.documents import MOMENT, BatchFactory, IssuedDocumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    return BatchFactory(government=GovernmentFactory(), title="Piagam KIPP 2022")


def paper(batch, content=b"%PDF-1.7 piagam", **details):
    document = IssuedDocumentFactory(
        batch=batch, government=batch.government, **details
    )
    document.file.save(f"{document.code}.pdf", ContentFile(content), save=False)
    document.sha256 = hashlib.sha256(content).hexdigest()
    document.rendered_at = MOMENT
    document.save()
    return document


def address(batch):
    return reverse("documents:batch_archive", kwargs={"key": batch.code})


def fetch(client, batch):
    response = client.get(address(batch))
    return response, b"".join(response)


def test_archive_holds_the_valid_papers_and_a_list(client, batch):
    client.force_login(SecretariatFactory(government=batch.government))
    first = paper(
        batch,
        b"%PDF-1.7 satu",
        number="000.8/001/KIPP/2022",
        values={"public": [["Diberikan kepada", "Dinas Kesehatan / Puskesmas"]]},
    )
    paper(batch, number="002", state="revoked", ended_at=MOMENT)
    IssuedDocumentFactory(batch=batch, government=batch.government, number="003")
    paper(BatchFactory(government=batch.government), number="004")

    response, content = fetch(client, batch)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert "Piagam KIPP 2022.zip" in response["Content-Disposition"]
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        name = "000.8-001-KIPP-2022 Dinas Kesehatan - Puskesmas.pdf"
        assert archive.namelist() == [name, archives.MANIFEST]
        assert archive.read(name) == b"%PDF-1.7 satu"
        assert archive.getinfo(name).compress_type == ZIP_STORED
        text = archive.read(archives.MANIFEST).decode("utf-8-sig")
    head, line = csv.reader(io.StringIO(text), delimiter=";")
    assert head[0] == "Nomor"
    assert line == [
        first.number,
        first.title,
        "Dinas Kesehatan / Puskesmas",
        name,
        first.sha256,
        "",
    ]


def test_archive_has_the_same_bytes_at_every_download(client, batch):
    client.force_login(SecretariatFactory(government=batch.government))
    for turn in range(3):
        paper(batch, f"%PDF-1.7 {turn}".encode(), number=f"00{turn}")

    first = fetch(client, batch)[1]
    with time_machine.travel(timezone.now() + timedelta(minutes=9), tick=False):
        again = fetch(client, batch)[1]
    client.cookies["django_language"] = "en"
    in_english = fetch(client, batch)[1]

    assert first == again == in_english


def test_papers_of_the_same_name_are_kept_apart(batch):
    for kind in ("certificate", "juror"):
        paper(batch, kind=kind, number="001", subject_key=f"{kind}:1")

    with ZipFile(io.BytesIO(whole(batch))) as archive:
        names = archive.namelist()

    assert names == [
        "001 Dinas Kependudukan.pdf",
        "001 Dinas Kependudukan (2).pdf",
        archives.MANIFEST,
    ]


@pytest.mark.parametrize("fate", ["missing", "altered"])
def test_file_that_is_not_as_it_was_issued_is_told_and_left_out(batch, fate):
    lost, kept = paper(batch, number="001"), paper(batch, number="002")
    default_storage.delete(lost.file.name)
    if fate == "altered":
        default_storage.save(lost.file.name, ContentFile(b"%PDF-1.7 palsu"))

    with ZipFile(io.BytesIO(whole(batch))) as archive:
        names = archive.namelist()
        manifest = archive.read(archives.MANIFEST).decode("utf-8-sig")

    assert names == [f"{kept.number} Dinas Kependudukan.pdf", archives.MANIFEST]
    _head, of_lost, of_kept = csv.reader(io.StringIO(manifest), delimiter=";")
    assert (of_lost[0], of_lost[3:5]) == (lost.number, ["", ""])
    assert of_lost[5]
    assert (of_kept[4], of_kept[5]) == (kept.sha256, "")


def test_signed_file_is_given_instead_of_the_unsigned_one(batch):
    document = paper(batch, number="001")
    content = b"%PDF-1.7 piagam bertanda tangan"
    copy = SignedCopy(
        document=document,
        sequence=1,
        way=SignedCopy.Way.UPLOADED,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        signatures=[{"name": "Wali Kota"}],
        kept_by=UserFactory(),
        kept_at=MOMENT,
    )
    copy.file.save("a-signed.pdf", ContentFile(content))

    with ZipFile(io.BytesIO(whole(batch))) as archive:
        name, manifest = archive.namelist()

        assert archive.read(name) == content
        assert copy.sha256 in archive.read(manifest).decode()


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x", "CON", "…", "a\x00b"])
def test_no_path_leads_out_of_the_archive(batch, name):
    paper(batch, number=name.replace("\x00", "|"))

    with ZipFile(io.BytesIO(whole(batch))) as archive:
        (path, _manifest) = archive.namelist()

    assert not path.startswith((".", "/"))
    assert not set(path) & set('/\\:|<>"*?')


def test_memory_does_not_grow_with_the_batch(batch):
    content = b"%PDF-1.7 " + bytes(300_000)
    for turn in range(30):
        paper(batch, content, number=f"{turn:03}")
    papers = ready(batch)
    size = 0

    tracemalloc.start()
    try:
        for piece in archives.zipped(papers, {}):
            size += len(piece)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert size > 30 * 300_000
    assert most < 3_000_000


@pytest.mark.parametrize("count", [1, 3])
def test_archive_query_count(client, batch, django_assert_num_queries, count):
    client.force_login(SecretariatFactory(government=batch.government))
    for turn in range(count):
        paper(batch, number=f"{turn:03}")

    with django_assert_num_queries(5):  # user, roles, batch, papers, signed copies
        fetch(client, batch)


def ready(batch):
    papers = IssuedDocument.objects.filter(batch=batch).ready().for_list()
    return papers.select_related("government").order_by("number", "pk")


def whole(batch):
    papers = ready(batch)
    return b"".join(archives.zipped(papers, queries.newest_files(papers)))

"""Files that come in piece by piece."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from documents.models import Leftover
from documents.periodic import sweep_files
from kipp_portal import retention
from submissions import services
from submissions.models import Evidence, PartialUpload, StatementLetter, UploadPiece
from tests.factories.accounts import AuthorFactory
from tests.factories.submissions import tiny_pdf
from tests.submissions.browsing import UPLOAD, kept_bytes, url
from tests.submissions.conftest import make_city

MIB = services.MAX_PIECE


@pytest.fixture
def city(live_city):
    return live_city


@pytest.fixture
def draft(city):
    return city.proposal(title="Pulang Bawa Akta")


@pytest.fixture
def author(client, city):
    client.force_login(city.author)
    return client


def begin(client, draft, size, name="bukti.pdf"):
    return client.post(
        url("upload_begin", draft.code), {"name": name, "size": size}, headers=UPLOAD
    )


def send(client, state, content, offset):
    return client.post(
        state["url"],
        content,
        content_type="application/octet-stream",
        headers=UPLOAD | {"Upload-Offset": str(offset)},
    )


def in_pieces(client, state, content, size=200):
    offset = state["offset"]
    while offset < len(content):
        offset = send(client, state, content[offset : offset + size], offset).json()[
            "offset"
        ]


def finish(client, draft, state, **more):
    return client.post(
        url("evidence_create", draft.code, "kebaruan"),
        {"unggahan": state["key"], **more},
        headers=UPLOAD,
    )


@pytest.mark.django_db
def test_pieces_become_the_file_and_go(author, draft):
    content = tiny_pdf("panjang")
    state = begin(author, draft, len(content), name="../a.html").json()
    half = len(content) // 2

    assert send(author, state, content[:half], 0).json()["offset"] == half
    assert author.get(state["url"]).json()["offset"] == half  # after a reload
    assert send(author, state, content[half:], half).json()["offset"] == len(content)
    answer = finish(author, draft, state)

    assert answer.json()["state"] == "stored"
    stored = Evidence.objects.latest("pk")
    assert kept_bytes(stored) == content
    assert stored.name == "a.html.pdf"
    assert not UploadPiece.objects.exists()
    # The answer was lost and the form sent again: the same answer, no second file.
    assert finish(author, draft, state).json() == answer.json()
    assert Evidence.objects.filter(sha256=stored.sha256).count() == 1
    # Nothing of the pieces stays in storage.
    sweep_files()
    assert not Leftover.objects.exists()
    assert default_storage.listdir("unggahan")[1] == []


@pytest.mark.django_db
def test_wrong_pieces_are_refused_and_say_where_it_stands(author, draft):
    state = begin(author, draft, 1000).json()
    send(author, state, b"a" * 400, 0)

    late = send(author, state, b"a" * 400, 0)
    ahead = send(author, state, b"a" * 100, 900)
    beyond = send(author, state, b"a" * 601, 400)
    nothing = send(author, state, b"", 400)
    large = send(author, state, b"a" * (MIB + 1), 400)
    form = author.post(state["url"], {"a": "b"}, headers={"Upload-Offset": "400"})

    refused = (late, ahead, beyond, large)
    assert [each.status_code for each in refused] == [409, 409, 409, 413]
    assert {each.json()["offset"] for each in (late, ahead, beyond)} == {400}
    # Without content there is no type either.
    assert [nothing.status_code, form.status_code] == [415, 415]
    assert UploadPiece.objects.count() == 1


@pytest.mark.django_db
def test_form_refuses_what_is_not_whole_foreign_or_hostile(author, client, draft, city):
    state = begin(author, draft, 1000).json()
    send(author, state, b"a" * 400, 0)

    half = finish(author, draft, state)
    gone = finish(author, draft, {"key": "x"})
    send(author, state, b"<" * 600, 400)
    hostile = finish(author, draft, state)
    colleague = AuthorFactory(institution=city.institution)
    client.force_login(colleague)
    foreign = finish(client, draft, state)
    looked = client.get(state["url"])
    sent = send(client, state, b"a", 1000)
    cancelled = client.post(url("upload_cancel", state["key"]))

    for answer in (half, gone, hostile, foreign):
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == ["file"]
    assert {looked.status_code, sent.status_code, cancelled.status_code} == {404}


@pytest.mark.django_db
def test_letter_comes_in_pieces_too(author, draft):
    StatementLetter.objects.all().delete()
    content = tiny_pdf("surat")
    state = begin(author, draft, len(content), name="surat.pdf").json()
    in_pieces(author, state, content)

    answer = author.post(
        url("letter_list", draft.code),
        {"kind": "implementasi", "unggahan": state["key"]},
        headers=UPLOAD,
    )

    assert answer.json()["state"] == "stored"
    assert kept_bytes(StatementLetter.objects.get()) == content


@pytest.mark.django_db
def test_sizes_and_numbers_have_limits(author, draft, monkeypatch):
    too_large, empty, no_number = (
        begin(author, draft, size) for size in (50 * MIB, 0, "-5")
    )
    monkeypatch.setattr("submissions.services.uploading.MAX_UPLOADS", 2)
    ok = [begin(author, draft, 100).status_code for _n in range(2)]
    many = begin(author, draft, 100)

    for answer in (too_large, empty, no_number, many):
        assert answer.status_code == 422
        assert answer.json()["errors"]["file"][0].endswith(".")
    assert ok == [201, 201]


@pytest.mark.django_db
def test_cancelled_and_forgotten_uploads_leave_nothing(
    author, draft, django_capture_on_commit_callbacks
):
    states = [begin(author, draft, 1000).json() for _n in range(2)]
    for state in states:
        send(author, state, b"a" * 400, 0)

    with django_capture_on_commit_callbacks(execute=True):
        author.post(url("upload_cancel", states[0]["key"]))
        PartialUpload.objects.update(expires_at=timezone.now() - timedelta(hours=1))
        assert author.get(states[1]["url"]).status_code == 404
        counts = retention.run(at=timezone.now())

    assert counts["stalled_uploads"] == 1
    assert not PartialUpload.objects.exists()
    assert default_storage.listdir("unggahan")[1] == []


@pytest.mark.django_db
def test_offset_never_passes_the_size_and_pieces_stand_once(author, draft):
    state = begin(author, draft, 1000).json()
    send(author, state, b"a" * 400, 0)
    upload = PartialUpload.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        PartialUpload.objects.update(offset=1001)
    with pytest.raises(IntegrityError), transaction.atomic():
        UploadPiece.objects.create(upload=upload, offset=0, size=1, file="x")


@pytest.mark.django_db(transaction=True)
def test_two_senders_of_one_piece_leave_one():
    city = make_city(at=None)
    draft = city.proposal()
    upload = services.begin_upload(
        proposal=draft,
        name="a.pdf",
        size=300,
        max_bytes=1000,
        actor=city.author,
        at=timezone.now(),
    )
    refused = []

    def work():
        try:
            services.add_piece(
                upload=upload, offset=0, content=b"a" * 100, at=timezone.now()
            )
        except services.PieceNotTaken as refusal:
            refused.append(refusal.offset)
        finally:
            connection.close()

    threads = [Thread(target=work) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == [100] * 5
    upload.refresh_from_db()
    assert (upload.offset, upload.pieces.count()) == (100, 1)
    assert len(default_storage.listdir("unggahan")[1]) == 1

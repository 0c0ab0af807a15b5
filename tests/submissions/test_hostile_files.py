"""Hostile files, sent by an author: refused plainly or made harmless."""

import re
from io import BytesIO
from time import monotonic

import pikepdf
import pytest
from PIL import Image

from core.cleaning import clean_file_name
from submissions.models import Evidence
from tests.documents import hostile, hostile_more
from tests.submissions.browsing import UPLOAD, content_of, kept_bytes, upload, url

pytestmark = pytest.mark.django_db

REFUSED = {**hostile.HARMFUL, **hostile_more.REFUSED}
TYPES = {
    "application/pdf",
    "image/jpeg",
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@pytest.fixture
def send(client, live_city):
    """Send a file to a section that takes every kind; give the answer."""
    section = live_city.section
    section.evidence_types = ["pdf", "image", "xlsx", "docx"]
    section.evidence_max_files = 200
    section.save(update_fields=["evidence_types", "evidence_max_files"])
    draft = live_city.proposal(title="Pulang Bawa Akta")
    Evidence.objects.all().delete()
    path = url("evidence_create", draft.code, section.code)
    client.force_login(live_city.author)
    return lambda content, name: client.post(
        path, {"file": upload(name, content)}, headers=UPLOAD
    )


def test_there_are_enough_of_them():
    assert len(REFUSED) + len(hostile_more.HARMLESS) + len(hostile_more.NAMES) >= 60


def test_what_acts_hides_or_bursts_is_refused_in_a_plain_sentence(send):
    for name, (content, called) in REFUSED.items():
        begun = monotonic()

        answer = send(content, called)

        assert answer.status_code == 422, name
        said = " ".join(answer.json()["errors"]["file"])
        assert said.endswith("."), name
        assert not re.search(r"Error|Exception|Traceback|qpdf|<", said), (name, said)
        assert monotonic() - begun < 8, name
    assert not Evidence.objects.exists()


def test_what_is_taken_has_lost_its_harm(send, client):
    for name, (content, called, marks) in hostile_more.HARMLESS.items():
        Evidence.objects.all().delete()
        assert all(mark in content for mark in marks), name

        answer = send(content, called)

        assert answer.status_code == 200, (name, answer.content)
        stored = Evidence.objects.get()
        kept = kept_bytes(stored)
        assert not any(mark in kept for mark in marks), name
        assert stored.name.endswith((".pdf", ".jpg", ".png", ".docx", ".xlsx")), name
        assert_readable(stored.content_type, kept)
        served = client.get(url("evidence_file", stored.key))
        assert_never_run(served)
        assert content_of(served) == kept


def assert_readable(content_type, content):
    if content_type == "application/pdf":
        with pikepdf.open(BytesIO(content)) as document:
            assert len(document.pages) == 1
    elif content_type.startswith("image/"):
        with Image.open(BytesIO(content)) as image:
            image.load()
            assert not image.getexif()
            assert getattr(image, "n_frames", 1) == 1


def assert_never_run(answer):
    assert answer["Content-Type"] in TYPES
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer["Cache-Control"].startswith("private")
    inline = answer["Content-Disposition"].startswith("inline")
    assert inline == (
        answer["Content-Type"] in {"application/pdf", "image/jpeg", "image/png"}
    )
    if answer["Content-Type"] != "application/pdf":
        assert answer["Content-Security-Policy"].endswith("sandbox")


def test_names_lead_nobody_astray(send, client):
    for name, kept in hostile_more.NAMES.items():
        assert clean_file_name(name, ".pdf") == kept

    assert send(hostile.pdf(), "surat\u202e\0 \u2013 é.pdf.html").status_code == 200
    stored = Evidence.objects.get()
    served = client.get(url("evidence_file", stored.key))

    header = served["Content-Disposition"]
    assert content_of(served)
    assert header.startswith('inline; filename="surat')
    assert header.isascii()
    assert "filename*=utf-8''surat%20%E2%80%93%20%C3%A9.pdf.html.pdf" in header
    assert "surat" not in stored.file.name


def test_type_and_name_that_the_browser_claims_count_for_nothing(send, client):
    assert send(hostile.picture("PNG"), "halaman.html").status_code == 200

    stored = Evidence.objects.get()

    assert (stored.name, stored.content_type) == ("halaman.html.png", "image/png")


def test_section_takes_only_what_its_rule_says(send, live_city):
    section = live_city.section
    section.evidence_types = ["pdf"]
    section.save(update_fields=["evidence_types"])

    for content, name in (
        (hostile.xlsx(), "a.xlsx"),
        (hostile.docx(), "a.docx"),
        (hostile.picture("PNG"), "a.png"),
    ):
        assert send(content, name).status_code == 422
    assert not Evidence.objects.exists()


def test_pages_are_counted(send, live_city, client):
    def three(document):
        for _n in range(2):
            document.add_blank_page(page_size=(20, 20))

    send(hostile.pdf(three), "a.pdf")

    assert Evidence.objects.get().pages == 3

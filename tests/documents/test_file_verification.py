"""What everybody is told about a file they drop: genuine, altered, unknown."""

import re
from datetime import UTC, datetime
from gzip import compress
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from documents import limits, pdf, queries, services
from documents.models import IssuedDocument
from documents.signing import reading
from tests.documents import signers
from tests.documents.test_signed_uploads import signed
from tests.documents.test_signing import flipped
from tests.factories.documents import MOMENT

pytestmark = pytest.mark.django_db
PAGE = 50 * 1024


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def paper(signing_portal):
    return signing_portal.paper()


def drop(browser, content, name="piagam.pdf"):
    upload = SimpleUploadedFile(name, content, "application/pdf")
    return browser.post(reverse("documents:verify_file"), {"berkas": upload})


def told(response):
    file = response.context["file"]
    return response.context["verdict"].title, file.is_known, len(file.signatures)


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


def test_issued_file_is_told_to_be_exactly_that(browser, paper):
    response = drop(browser, queries.bytes_of(paper))

    assert response.status_code == 200
    assert told(response) == ("This certificate is valid", True, 0)
    assert "exactly the one" in response.context["verdict"].text
    assert paper.number in response.content.decode()
    assert response.context["file"].sha256 == paper.sha256
    assert not response.cookies


def test_signed_copy_tells_who_signed(browser, signing_portal, paper):
    content = signed(queries.bytes_of(paper))
    keep(signing_portal, paper, content)

    response = drop(browser, content)
    older = drop(browser, queries.bytes_of(paper))
    by_code = browser.get(reverse("documents:verify_code", args=[paper.code]))

    assert told(response) == ("This certificate is valid", True, 1)
    (signature,) = response.context["file"].signatures
    assert (signature.variant, signature.signer) == ("ok", "H. Fulan, S.H.")
    assert "newer file" in older.context["verdict"].text
    assert by_code.context["verdict"].signatures == [signature]
    assert "H. Fulan, S.H." in by_code.content.decode()


def keep(portal, paper, content):
    services.keep_signed_upload(
        document=paper, content=content, actor=portal.person, at=datetime.now(UTC)
    )


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("revoked", "This certificate was revoked"),
        ("replaced", "This certificate was replaced"),
    ],
)
def test_ended_document_is_told_so_whatever_the_file(browser, paper, state, title):
    content = queries.bytes_of(paper)
    IssuedDocument.objects.update(state=state, ended_at=MOMENT, end_reason="Keliru.")

    response = drop(browser, content)

    assert told(response) == (title, True, 0)
    assert "Keliru." in response.content.decode()


def test_signed_file_with_one_changed_byte_is_altered(browser, signing_portal, paper):
    content = signed(queries.bytes_of(paper))
    keep(signing_portal, paper, content)

    response = drop(browser, flipped(content, len(content) // 4))

    assert told(response)[:2] == ("This file was altered", False)
    assert response.context["verdict"].variant == "bad"
    assert paper.number in response.content.decode()
    assert "in force" not in response.context["verdict"].text


def test_padding_of_a_signature_counts_as_a_change_too(browser, signing_portal, paper):
    """No signature covers its own padding, yet it is not the kept file any more."""
    content = signed(queries.bytes_of(paper))
    keep(signing_portal, paper, content)
    padding = content.rindex(b"00000000>")

    response = drop(browser, flipped(content, padding))

    assert told(response)[:2] == ("This file was altered", False)


def of_the_code_in(place):
    """A forged paper that bears the code in one place only."""

    def forge(paper):
        page = {
            "text": f"<p>kode {paper.code_grouped}</p>",
            "keywords": f"<meta name=keywords content={paper.code}>",
            "link": f"<a href='https://x.example/verifikasi/{paper.code}'>x</a>",
        }[place]
        out = BytesIO()
        with pikepdf.open(BytesIO(pdf.render_html(f"<h1>Juara I</h1>{page}"))) as file:
            file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()

    return forge


@pytest.mark.parametrize(
    "forge",
    [
        *map(of_the_code_in, ["text", "keywords", "link"]),
        lambda paper: queries.bytes_of(paper)[:-400],  # damaged
        lambda paper: queries.bytes_of(paper) + b"\n",
    ],
)
def test_file_that_bears_a_code_and_is_another_is_altered(browser, paper, forge):
    response = drop(browser, forge(paper))

    assert told(response)[:2] == ("This file was altered", False)


def test_signature_that_the_portal_does_not_keep_is_told_apart(browser, paper):
    stranger = signers.signer("Orang Asing", by="CA Asing")

    response = drop(browser, signed(queries.bytes_of(paper), stranger))

    assert told(response) == (
        "The document is genuine, a signature on it is not known",
        False,
        1,
    )
    assert response.context["file"].signatures[0].variant == "warn"


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (b"%PDF-1.7 tidak", "This file cannot be read"),
        (b"Bukan PDF", "This file cannot be read"),
    ],
)
def test_what_is_no_paper_of_ours_is_unknown(browser, content, title):
    assert told(drop(browser, content)) == (title, False, 0)


def test_foreign_pdf_is_unknown_and_its_signature_is_told(browser):
    foreign = pdf.render_html("<title>x</title><p>Undangan</p>")

    response = drop(browser, signed(foreign))

    assert told(response) == ("This file is not known", False, 1)


def test_locked_file_is_told_to_be_locked(browser):
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf.render_html("<p>x</p>"))) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="x", user="y"))

    assert told(drop(browser, out.getvalue()))[0] == "This file is locked"


def test_paper_that_answers_to_nobody_stays_unknown_as_a_file(browser, signing_portal):
    hidden = signing_portal.paper(is_public=False)

    response = drop(browser, queries.bytes_of(hidden))

    assert told(response) == ("This file is not known", False, 0)
    assert hidden.number not in response.content.decode()


# Limits ----------------------------------------------------------------------------


def test_nothing_of_the_file_is_kept(browser, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    content = b"%PDF-1.7" + b"x" * (3 * 1024 * 1024)  # Django would use a file

    response = drop(browser, content)

    assert response.status_code == 200
    assert response["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    media = Path(settings.MEDIA_ROOT)
    assert not media.exists() or not list(media.rglob("*.pdf"))


@pytest.mark.parametrize(
    ("files", "words"),
    [({}, "Choose a PDF"), ({"berkas": SimpleUploadedFile("a.pdf", b"")}, "is empty")],
)
def test_nothing_chosen_is_asked_again(browser, files, words):
    response = browser.post(reverse("documents:verify_file"), files)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_file_too_large_is_refused_unread(browser):
    response = drop(browser, b"%PDF-" + b"x" * (reading.MOST_BYTES + 20_000))

    assert response.status_code == 422
    (error,) = response.context["file_form"].errors["berkas"]
    assert "larger than 8 MB" in error


def test_unknown_files_are_limited_and_known_ones_are_free(browser, paper, monkeypatch):
    monkeypatch.setattr(limits, "MISSES", 2)
    known = queries.bytes_of(paper)

    free = {drop(browser, known).status_code for _ in range(4)}
    misses = [drop(browser, b"%PDF-1").status_code for _ in range(3)]
    other = browser.get(reverse("documents:verify_code", args=[paper.code]))

    assert (free, misses) == ({200}, [200, 200, 429])
    assert other.status_code == 200


def test_machine_at_its_limit_asks_for_patience(browser, monkeypatch):
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    with reading._desk, reading._desk:
        response = drop(browser, b"%PDF-1.7")

    assert (response.status_code, response["Retry-After"]) == (503, "60")


def test_file_that_unfolds_without_end_takes_nothing_down():
    bomb = pikepdf.new()
    bomb.add_blank_page()
    zeros = bytes(40_000_000)
    bomb.pages[0].Contents = bomb.make_stream(zeros)
    out = BytesIO()
    bomb.save(out)

    found = reading.read(out.getvalue(), at=MOMENT)

    assert found.state in {"read", "broken", "heavy"}
    assert found.signatures == ()


def test_file_that_takes_too_long_counts_for_several(browser, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    monkeypatch.setattr(limits, "MISSES", 8)

    answers = [drop(browser, b"%PDF-1").status_code for _ in range(2)]

    assert answers == [200, 429]


def test_opened_by_address_it_leads_to_the_question(browser):
    response = browser.get(reverse("documents:verify_file"))

    assert (response.status_code, response.url) == (302, reverse("documents:verify"))


def test_file_name_is_shown_harmless(browser):
    response = drop(browser, b"%PDF-1.7", name="<script>alert(1)</script>.pdf")

    assert b"<script>alert" not in response.content


# Weight ----------------------------------------------------------------------------

_ASSETS = re.compile(
    r"(?:href|src)=\"/static/([^\"#?]+)[\"#?]|url\(['\"]?\.\./([^'\")]+)['\"]?\)"
)


def weight(html, seen=None):
    """Bytes over the line: the page and all that it loads, packed as it is sent."""
    seen = set() if seen is None else seen
    total = len(compress(html, 6))
    for found in _ASSETS.finditer(html.decode()):
        path = found[1] or found[2]
        if path in seen or "italic" in path:  # loaded where something is in italics
            continue
        seen.add(path)
        content = Path(finders.find(path)).read_bytes()
        if path.endswith(".css"):
            total += weight(content, seen)
        elif path.endswith((".js", ".svg")):
            total += len(compress(content, 6))
        else:
            total += len(content)
    return total


def test_pages_load_under_fifty_kibibytes_with_everything(
    browser, signing_portal, paper
):
    content = signed(queries.bytes_of(paper))
    keep(signing_portal, paper, content)

    pages = [
        browser.get(reverse("documents:verify")),
        browser.get(reverse("documents:verify_code", args=[paper.code])),
        drop(browser, content),
    ]

    for page in pages:
        assert b"<style" not in page.content
        assert 30_000 < weight(page.content) < PAGE


def test_file_is_not_called_altered_while_ours_is_damaged(browser, signing_portal):
    paper = signing_portal.paper()
    content = signed(queries.bytes_of(paper))
    Path(paper.file.path).write_bytes(b"%PDF-1.7 rusak")

    response = drop(browser, content)

    assert told(response)[0] == "This file cannot be compared now"

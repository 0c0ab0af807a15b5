import subprocess
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Event

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from documents import pdf, rendering, signals
from documents.models import MAX_ATTEMPTS
from tests.factories.documents import MOMENT, IssuedDocumentFactory


@pytest.fixture
def rendered_signals():
    heard = []

    def hear(sender, document, **kwargs):
        heard.append((document.pk, document.is_rendered))

    signals.document_rendered.connect(hear)
    yield heard
    signals.document_rendered.disconnect(hear)


def render(document):
    return rendering.render(document_id=document.pk, at=MOMENT)


def read(document):
    document.refresh_from_db()
    with document.file.open("rb") as file:
        return file.read()


def stored_files():
    try:
        return default_storage.listdir("documents/2022")[1]
    except FileNotFoundError:
        return []


@pytest.mark.django_db
def test_document_gets_its_file_once(rendered_signals):
    document = IssuedDocumentFactory()

    first = render(document)
    content = read(document)
    second = render(document)

    document.refresh_from_db()
    assert (first, second) == (True, False)
    assert document.rendered_at == MOMENT
    assert document.sha256 == sha256(content).hexdigest()
    assert document.attempts == 1
    assert len(stored_files()) == 1
    assert rendered_signals == [(document.pk, True)]


@pytest.mark.django_db
def test_printed_text_and_qr_code_lead_to_the_verification_page(tmp_path, settings):
    settings.BASE_URL = "https://kipp.tegalkota.example"
    document = IssuedDocumentFactory(code="7K3M9QXT4B2C8DEF")
    render(document)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(read(document))

    text = run("pdftotext", "-layout", paper, "-")
    run("pdftoppm", "-r", "150", "-png", "-singlefile", paper, tmp_path / "paper")
    qr = run("zbarimg", "--quiet", "--raw", tmp_path / "paper.png")

    assert document.number in text
    assert "Dinas Kependudukan dan Pencatatan Sipil" in text
    assert "10 Juni 2022" in text
    assert "7K3M-9QXT-4B2C-8DEF, kipp.tegalkota.example/verifikasi/" in text
    assert qr.strip() == "https://kipp.tegalkota.example/verifikasi/7K3M9QXT4B2C8DEF/"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.django_db
def test_fonts_are_embedded(tmp_path):
    document = IssuedDocumentFactory()
    render(document)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(read(document))

    fonts = run("pdffonts", paper).splitlines()[2:]

    assert fonts
    assert all("Plus-Jakarta-Sans" in font and " yes yes " in font for font in fonts)


@pytest.mark.django_db
def test_failure_is_kept_and_shown_and_given_up_after_some_attempts():
    document = IssuedDocumentFactory(values={"asset": "file:///etc/passwd"})

    for _ in range(MAX_ATTEMPTS + 2):
        render(document)

    document.refresh_from_db()
    assert document.attempts == MAX_ATTEMPTS
    assert document.error.startswith("AssetRefusedError")
    assert document.has_render_failed
    assert stored_files() == []


@pytest.mark.django_db
def test_document_that_ended_before_it_had_a_file_gets_none():
    document = IssuedDocumentFactory(state="revoked", ended_at=MOMENT)

    assert not render(document)
    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_worker_killed_while_rendering_leaves_the_document_as_it_was(monkeypatch):
    document = IssuedDocumentFactory()
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "render_html", kill)
        with pytest.raises(Killed):
            render(document)
    document.refresh_from_db()
    unrendered = (document.rendered_at, document.file.name, stored_files())

    render(document)

    document.refresh_from_db()
    assert unrendered == (None, "", [])
    assert document.is_rendered
    assert len(stored_files()) == 1


@pytest.mark.django_db(transaction=True)
def test_worker_killed_after_storing_leaves_one_noted_file(monkeypatch):
    document = IssuedDocumentFactory()
    signals.document_rendered.connect(kill)
    try:
        with pytest.raises(Killed):
            render(document)
    finally:
        signals.document_rendered.disconnect(kill)
    document.refresh_from_db()
    assert document.rendered_at is None

    render(document)

    assert sha256(read(document)).hexdigest() == document.sha256


@pytest.mark.django_db(transaction=True)
def test_document_that_kills_its_worker_is_not_tried_for_ever(monkeypatch):
    document = IssuedDocumentFactory()
    deaths = 0
    monkeypatch.setattr(pdf, "render_html", kill)

    for _ in range(MAX_ATTEMPTS + 2):
        try:
            render(document)
        except Killed:
            deaths += 1

    assert deaths == MAX_ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_two_workers_render_a_document_once(monkeypatch, rendered_signals):
    document = IssuedDocumentFactory()
    begun, may_end = Event(), Event()
    made = []

    def slow(text):
        made.append(text)
        begun.set()
        may_end.wait(10)
        return b"%PDF-1.7 paper"

    monkeypatch.setattr(pdf, "render_html", slow)

    def work():
        try:
            return render(document)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(work)
        begun.wait(10)
        second = threads.submit(work)
        may_end.set()
        outcome = [first.result(), second.result()]

    assert outcome == [True, False]
    assert len(made) == len(rendered_signals) == len(stored_files()) == 1


class Killed(BaseException):
    """Ends a worker at once, as a signal would."""


def kill(*args, **kwargs):
    raise Killed

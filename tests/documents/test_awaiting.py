"""Papers that somebody waits for: the worker draws them, and in any case they come."""

import ast
import threading
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings as portal
from django.core.cache import cache
from kombu.exceptions import OperationalError

from documents import composing, pdf, services, tasks

MATTER = composing.Matter("<html lang=id><title>Konsep</title><h1>Konsep</h1>")


@pytest.fixture
def drawers(monkeypatch):
    """The threads that have drawn something, in that order."""
    found = []
    draw = pdf.render_html

    def note(text, *, variant=pdf.VARIANT):
        found.append(threading.current_thread().name)
        return draw(text, variant=variant)

    monkeypatch.setattr(pdf, "render_html", note)
    return found


def work_on(monkeypatch, take):
    """Let `take` do what the broker would do with a message."""
    told = []

    def delay(key):
        told.append(key)
        take(key)

    monkeypatch.setattr(tasks.answer_awaited, "delay", delay)
    return told


def in_a_worker(key):
    def work():
        with suppress(pdf.AssetRefusedError):  # Celery logs it
            tasks.answer_awaited.run(key)

    threading.Thread(target=work, name="worker").start()


def test_worker_draws_it_and_nothing_of_it_stays(settings, monkeypatch, drawers):
    settings.PAPER_PATIENCE = 20
    told = work_on(monkeypatch, in_a_worker)

    content = services.compose_awaited(MATTER)

    assert content.startswith(b"%PDF-1.7")
    assert drawers == ["worker"]
    assert [cache.get(told[0]), composing.made(told[0])] == [None, None]


def test_without_a_worker_it_is_drawn_here_and_a_late_one_does_nothing(
    settings, monkeypatch, drawers
):
    settings.PAPER_PATIENCE = 0.1
    told = work_on(monkeypatch, lambda key: None)

    assert services.compose_awaited(MATTER).startswith(b"%PDF-1.7")
    tasks.answer_awaited.run(told[0])

    assert drawers == ["MainThread"]


def test_worker_that_dies_over_it_leaves_nobody_waiting(settings, monkeypatch, drawers):
    settings.PAPER_PATIENCE = 0.1
    monkeypatch.setattr(composing, "SECONDS", 0.5)
    work_on(monkeypatch, composing.claim)

    assert services.compose_awaited(MATTER).startswith(b"%PDF-1.7")

    assert drawers == ["MainThread"]


def test_without_a_broker_it_is_drawn_here(settings, monkeypatch, drawers):
    def fail(key):
        raise OperationalError

    settings.PAPER_PATIENCE = 20
    work_on(monkeypatch, fail)

    assert services.compose_awaited(MATTER).startswith(b"%PDF-1.7")

    assert drawers == ["MainThread"]


def test_without_a_cache_nobody_is_told(settings, monkeypatch, drawers):
    settings.PAPER_PATIENCE = 20
    monkeypatch.setattr(composing, "put", lambda key, matter: False)
    told = work_on(monkeypatch, in_a_worker)

    assert services.compose_awaited(MATTER).startswith(b"%PDF-1.7")

    assert (told, drawers) == ([], ["MainThread"])


def test_what_a_worker_cannot_draw_fails_where_somebody_waits(settings, monkeypatch):
    settings.PAPER_PATIENCE = 20
    work_on(monkeypatch, in_a_worker)

    with pytest.raises(pdf.AssetRefusedError):
        services.compose_awaited(
            composing.Matter('<html lang=id><img src="file:///etc/passwd" alt="">')
        )


def test_draft_gets_its_watermark_from_the_worker(settings, monkeypatch, drawers):
    settings.PAPER_PATIENCE = 20
    work_on(monkeypatch, in_a_worker)
    draft = composing.Matter(MATTER.html, draft="id")

    with pikepdf.open(BytesIO(services.compose_awaited(draft))) as paper:
        assert "/Watermark" in paper.pages[0].Resources.XObject
    assert set(drawers) == {"worker"}


def test_no_page_draws_a_paper_itself():
    """Whatever answers a request hands its papers over."""
    drawing = {"render_html", "compose"}
    found = [
        f"{path.parent.parent.name}/{path.name}: {node.attr}"
        for path in Path(portal.BASE_DIR).glob("*/views/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in drawing
    ]

    assert found == []

"""Papers wait while people wait, and not for ever."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone

from core import rush
from core.middleware import RequestTimeMiddleware
from core.requests import waited
from documents.models import IssuedDocument
from documents.tasks import render_document
from tests.factories.documents import IssuedDocumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet():
    cache.delete(rush.KEY)
    yield
    cache.delete(rush.KEY)


@pytest.fixture
def renders(monkeypatch):
    monkeypatch.setattr(
        "documents.rendering.render_document", lambda document: b"%PDF-1.7"
    )

    def render(**values):
        paper = IssuedDocumentFactory(**values)
        render_document(paper.pk)
        return IssuedDocument.objects.get(pk=paper.pk).rendered_at is not None

    return render


def ask(rf, lay):
    token = waited.set(lay)
    try:
        RequestTimeMiddleware(lambda _request: HttpResponse())(rf.get("/"))
    finally:
        waited.reset(token)


def test_paper_is_made_at_once_while_nobody_waits(rf, renders):
    ask(rf, timedelta(milliseconds=99))

    assert renders(issued_at=timezone.now())


def test_paper_waits_while_people_wait(rf, renders):
    ask(rf, timedelta(milliseconds=100))

    assert not renders(issued_at=timezone.now())


def test_paper_waits_ten_minutes_at_most(rf, renders):
    ask(rf, timedelta(seconds=3))

    assert renders(issued_at=timezone.now() - timedelta(minutes=10, seconds=1))


def test_no_attempt_is_counted_for_waiting(rf, renders):
    ask(rf, timedelta(seconds=3))
    renders(issued_at=timezone.now())

    assert IssuedDocument.objects.get().attempts == 0

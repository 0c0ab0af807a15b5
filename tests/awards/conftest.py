import pytest
from django.utils import translation

from tests.factories.submissions import tiny_pdf


@pytest.fixture(autouse=True)
def _in_english():
    """Read refusals as they stand in the code, whatever the catalogue says."""
    with translation.override("en"):
        yield


@pytest.fixture
def quick_papers(monkeypatch):
    """Papers of one empty page: real ones take a second each."""
    monkeypatch.setattr(
        "documents.rendering.render_document", lambda document: tiny_pdf(document.code)
    )

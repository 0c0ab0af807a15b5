from pathlib import Path

import pytest
from django.core import mail


@pytest.fixture(autouse=True)
def notice_templates(settings):
    """Let notices be written from the templates beside these tests."""
    engine = settings.TEMPLATES[0]
    folders = [Path(__file__).parent / "templates", *engine["DIRS"]]
    settings.TEMPLATES = [engine | {"DIRS": folders}]
    mail.outbox = []

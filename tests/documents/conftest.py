from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def paper_templates(settings):
    """Let documents be made of the templates beside these tests."""
    engine = settings.TEMPLATES[0]
    folders = [Path(__file__).parent / "templates", *engine["DIRS"]]
    settings.TEMPLATES = [engine | {"DIRS": folders}]

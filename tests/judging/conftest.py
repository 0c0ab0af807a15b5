import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english(settings):
    """Read refusals as they stand in the code, whatever the catalogue says."""
    settings.LANGUAGE_CODE = "en"  # what papers speak
    with translation.override("en"):
        yield

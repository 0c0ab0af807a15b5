import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    """Read refusals as they stand in the code, whatever the catalogue says."""
    with translation.override("en"):
        yield

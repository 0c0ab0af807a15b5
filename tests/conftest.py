"""What every test stands on.

Database and broker are started by `kipp_portal.settings_test`: pytest-django reads
settings before it reads this file. Workers of pytest-xdist inherit the addresses.
"""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_traces(settings, tmp_path):
    """Keep files and cached values of one test from the next one and from the demo."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MAIL_SINK_DIR = tmp_path / "mail"
    cache.clear()

"""Pages of the portal as a whole: home, dashboard, help, health."""

from kipp_portal.views.dashboard import dashboard
from kipp_portal.views.failing import server_error
from kipp_portal.views.health import healthz, readyz
from kipp_portal.views.personal_data import personal_data, personal_data_file
from kipp_portal.views.public import (
    csrf_failure,
    help_page,
    home,
    language_choose,
    privacy,
)

__all__ = [
    "csrf_failure",
    "dashboard",
    "healthz",
    "help_page",
    "home",
    "language_choose",
    "personal_data",
    "personal_data_file",
    "privacy",
    "readyz",
    "server_error",
]

"""Settings of the tests: the portal's own, quicker where safety is not tried."""

import os

from kipp_portal import embedded

embedded.provide(test=True)  # sets the addresses that the next line reads

from kipp_portal.settings import *  # noqa: E402, F403  the settings under test

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Each worker of pytest-xdist has a cache of its own; the broker has number 0.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CACHES["default"]["LOCATION"] = f"{REDIS_URL}/{2 + WORKER}"
PAPER_PATIENCE = 0  # no worker takes papers
# The rule is tried where it is meant; elsewhere people sign in with less.
SECOND_FACTOR_REQUIRED = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

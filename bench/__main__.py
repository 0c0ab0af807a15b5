"""`python -m bench`, with the settings and services of the tests."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp_portal.settings_test")
django.setup()

from bench.run import main  # noqa: E402  it imports models

sys.exit(main())

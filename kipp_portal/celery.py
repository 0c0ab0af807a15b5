"""The Celery application.

Tasks live in each app's `tasks.py`; those that only the clock starts in `periodic.py`.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp_portal.settings")

app = Celery("kipp_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")

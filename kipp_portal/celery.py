"""The Celery application.

Tasks live in each app's `tasks.py`; those that only the clock starts in `periodic.py`.
"""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp_portal.settings")

app = Celery("kipp_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")


@worker_ready.connect
def take_up_papers(**_of_signal: object) -> None:
    """Go on at once with the papers that a killed worker left."""
    app.send_task("documents.periodic.sweep_documents")

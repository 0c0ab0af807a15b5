from django.conf import settings
from django.utils.crypto import get_random_string
from kombu import Connection

from core.periodic import note_beat
from documents.tasks import inspect_file, render_document
from kipp_portal.tasks import build_export
from notifications.tasks import deliver_message


def test_mails_and_clock_do_not_wait_behind_papers():
    """Of what lies in the line the worker takes out first what cannot wait."""
    tasks = [build_export, render_document, inspect_file, deliver_message, note_beat]

    with (
        Connection(settings.CELERY_BROKER_URL) as link,
        link.SimpleQueue(f"uji-{get_random_string(8)}") as line,
    ):
        for task in tasks:
            line.put(task.name, priority=task.priority)
        taken = []
        for _task in tasks:
            message = line.get(timeout=5)
            message.ack()
            taken.append(message.payload)

    assert taken == [
        deliver_message.name,
        note_beat.name,
        build_export.name,
        render_document.name,
        inspect_file.name,
    ]

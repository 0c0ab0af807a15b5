"""Papers that somebody waits for at the screen, and that are not issued.

They too are drawn by the worker: a second of a whole core in a web process is a hundred
pages late. Who waits is answered in any case: where no worker begins in time, or none
can be told, the paper is drawn on the spot.
"""

import secrets
import time

from celery import current_task
from django.conf import settings
from kombu.exceptions import OperationalError

from documents import composing, tasks

# How often is looked whether it is there.
STEP = 0.05


def compose_awaited(matter: composing.Matter) -> bytes:
    """Have a PDF made, and wait for it. Raises AssetRefusedError as compose does."""
    # A worker that waits for a worker may wait for itself.
    if current_task or not settings.PAPER_PATIENCE:
        return composing.compose(matter)
    key = f"documents.paper:{secrets.token_urlsafe(16)}"
    if not composing.put(key, matter):
        return composing.compose(matter)
    try:
        tasks.answer_awaited.delay(key)
    except OperationalError:  # the broker is away
        return composing.compose(matter)
    try:
        return _awaited(key) or composing.compose(matter)
    finally:
        composing.take_away(key)


def _awaited(key: str) -> bytes:
    """What the worker makes, or nothing if it is to be made here after all."""
    begun = time.monotonic()
    while (waited := time.monotonic() - begun) < composing.SECONDS:
        content = composing.made(key)
        if content is not None:
            return content
        if waited > settings.PAPER_PATIENCE and composing.claim(key):
            return b""
        time.sleep(STEP)
    return b""

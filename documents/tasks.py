from time import monotonic

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from core import rush
from core.background import AWAITED, BULKY, LENGTHY, enqueue
from documents import composing, inspecting, rendering

# So many workers go through one batch together; fewer take turns at it.
LANES = 4
# So many seconds of a batch are done before other work has its turn.
SLICE = 5
# PostgreSQL is back some seconds after it died; else the sweep finds the papers.
_AWAY = {
    "autoretry_for": (OperationalError, InterfaceError),
    "default_retry_delay": 3,
    "max_retries": 10,
}


@shared_task(priority=LENGTHY, soft_time_limit=110, time_limit=120, **_AWAY)
def render_document(document_id: int) -> None:
    """Render one paper if it has no file yet; in a rush it is left to the sweep."""
    now = timezone.now()
    since = rendering.waiting_since(document_id)
    if since and rush.lets_start(since, now):
        rendering.render(document_id=document_id, at=now)


@shared_task(priority=BULKY, soft_time_limit=110, time_limit=120, **_AWAY)
def render_batch(batch_id: int) -> None:
    """Render papers of a batch for a while, then stand at the end of the queue again.

    Ends when nobody can do more, or in a rush, which is left to the sweep.
    """
    end = monotonic() + SLICE
    since = rendering.ordered_at(batch_id)
    while monotonic() < end:
        now = timezone.now()
        if not rush.lets_start(since, now):
            return
        if not rendering.render_next(batch_id=batch_id, at=now):
            return
    enqueue(render_batch, batch_id)


@shared_task(priority=AWAITED, soft_time_limit=50, time_limit=60)
def answer_awaited(key: str) -> None:
    """Make the paper that somebody waits for, unless it is being made already."""
    composing.answer(key)


@shared_task(priority=LENGTHY, soft_time_limit=80, time_limit=90)
def inspect_file(key: str) -> None:
    """Scan and draw one stored file if it still waits."""
    inspecting.inspect(key=key)

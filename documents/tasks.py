from celery import shared_task
from django.utils import timezone

from core import rush
from core.background import LENGTHY
from documents import inspecting, rendering


@shared_task(priority=LENGTHY, soft_time_limit=110, time_limit=120)
def render_document(document_id: int) -> None:
    """Render one paper if it has no file yet; in a rush it is left to the sweep."""
    now = timezone.now()
    since = rendering.waiting_since(document_id)
    if since and rush.lets_start(since, now):
        rendering.render(document_id=document_id, at=now)


@shared_task(priority=LENGTHY, soft_time_limit=80, time_limit=90)
def inspect_file(key: str) -> None:
    """Scan and draw one stored file if it still waits."""
    inspecting.inspect(key=key)

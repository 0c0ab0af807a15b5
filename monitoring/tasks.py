"""What services start."""

from celery import shared_task
from django.utils import timezone

from core.background import LENGTHY
from monitoring import sending


@shared_task(priority=LENGTHY, soft_time_limit=220, time_limit=240)
def send_broadcast(broadcast_id: int) -> int:
    """Write to all whom a broadcast has not reached yet; may run twice, or at once."""
    return sending.send(broadcast_id=broadcast_id, at=timezone.now())

from celery import shared_task
from django.utils import timezone

from notifications import delivering


@shared_task(soft_time_limit=80, time_limit=90)
def deliver_message(delivery_id: int) -> None:
    """Hand one delivery to its channel if it is still due."""
    delivering.deliver(delivery_id=delivery_id, at=timezone.now())

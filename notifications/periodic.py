"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from notifications.models import Delivery
from notifications.tasks import deliver_email

SWEEP_SIZE = 500


@shared_task(soft_time_limit=50, time_limit=60)
def sweep_deliveries() -> None:
    """Start again what is due: retries, and what the broker or a worker lost."""
    due = Delivery.objects.due(timezone.now()).order_by("next_attempt_at", "pk")
    for delivery_id in due.values_list("pk", flat=True)[:SWEEP_SIZE]:
        deliver_email.delay(delivery_id)

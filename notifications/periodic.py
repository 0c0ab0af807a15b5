"""What the clock starts."""

import logging
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from notifications import digests, services
from notifications.models import Delivery
from notifications.tasks import deliver_message

logger = logging.getLogger(__name__)

SWEEP_SIZE = 500


@shared_task(soft_time_limit=50, time_limit=60)
def sweep_deliveries() -> None:
    """Start again what is due: retries, and what the broker or a worker lost."""
    due = Delivery.objects.due(timezone.now()).on_their_own()
    for delivery_id in due.order_by("next_attempt_at", "pk").values_list(
        "pk", flat=True
    )[:SWEEP_SIZE]:
        deliver_message.delay(delivery_id)


@shared_task(soft_time_limit=280, time_limit=290)
def write_digests() -> None:
    """Write the digests that are due, one person at a time."""
    at = timezone.now()
    people = digests.waiting(at).order_by("message__recipient").distinct()
    for recipient_id in list(people.values_list("message__recipient", flat=True)):
        try:
            services.write_digest(recipient_id=recipient_id, at=at)
        except Exception:  # one person's digest must not keep the others waiting
            logger.exception("The digest of person %s was not written", recipient_id)


@shared_task(soft_time_limit=280, time_limit=290)
def read_bounces() -> None:
    """Read the reports about mails that came back, if there is a folder for them."""
    if settings.BOUNCE_DIR:
        services.read_bounces(directory=Path(settings.BOUNCE_DIR), at=timezone.now())

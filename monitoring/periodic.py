"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from monitoring import services


@shared_task(soft_time_limit=50, time_limit=60)
def sweep_broadcasts() -> int:
    """Begin with broadcasts that can no longer be called back; go on with others."""
    return services.start_broadcasts(at=timezone.now())

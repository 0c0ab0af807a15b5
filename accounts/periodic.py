"""What the clock starts for accounts."""

from celery import shared_task
from django.utils import timezone

from accounts import services


@shared_task(soft_time_limit=60, time_limit=90)
def forget_kept_forms() -> int:
    """Delete what was typed and never sent again, after a day."""
    return services.forget_kept_forms(at=timezone.now())

"""What only the clock starts."""

from celery import shared_task
from django.utils import timezone

from competitions import services


@shared_task(time_limit=240, soft_time_limit=200)
def send_event_reminders() -> int:
    """Remind people of the events of the next day; give how many were told."""
    return services.remind_of_events(at=timezone.now())

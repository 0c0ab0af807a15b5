"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from submissions import services


@shared_task(soft_time_limit=220, time_limit=240)
def send_deadline_reminders() -> int:
    """Remind those who have not submitted; may run late, twice, or at once."""
    return services.remind_of_deadlines(at=timezone.now())

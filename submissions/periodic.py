"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from submissions import services


@shared_task(soft_time_limit=220, time_limit=240)
def send_deadline_reminders() -> int:
    """Remind those who have not submitted; may run late, twice, or at once."""
    return services.remind_of_deadlines(at=timezone.now())


@shared_task(soft_time_limit=220, time_limit=240)
def check_links() -> int:
    """Have the links of evidence checked that are due; unique for each link and day."""
    return services.check_due_links(at=timezone.now())


@shared_task(soft_time_limit=220, time_limit=240)
def tend_corrections() -> int:
    """Remind of running corrections, and end those whose time is over."""
    now = timezone.now()
    reminded = services.remind_of_corrections(at=now)
    return reminded + services.lapse_corrections(at=now)


@shared_task(soft_time_limit=220, time_limit=240)
def tell_screening_results() -> int:
    """Tell the institutions that do not know their published result yet."""
    return services.tell_results(at=timezone.now())

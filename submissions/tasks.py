from celery import shared_task
from django.utils import timezone

from core.background import LENGTHY
from submissions import link_checking


@shared_task(priority=LENGTHY, soft_time_limit=100, time_limit=110)
def check_link(check_id: int) -> None:
    """Call up one address of evidence if it still waits."""
    link_checking.check(check_id=check_id, at=timezone.now())

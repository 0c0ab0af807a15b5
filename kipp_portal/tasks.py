from celery import shared_task
from django.utils import timezone

from core.background import LENGTHY
from kipp_portal import exporting


@shared_task(priority=LENGTHY, soft_time_limit=540, time_limit=580)
def build_export(export_id: int) -> None:
    """Make one copy of a person's data if it still waits."""
    exporting.build(export_id=export_id, at=timezone.now())

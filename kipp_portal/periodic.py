"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from accounts import services as accounts_services
from accounts.models import DataExport
from kipp_portal import retention
from kipp_portal.tasks import build_export

SWEEP_SIZE = 50


@shared_task(soft_time_limit=50, time_limit=60)
def sweep_exports() -> None:
    """Start again the copies of data that the broker or a worker lost."""
    waiting = DataExport.objects.filter(state=DataExport.State.PENDING)
    for export_id in waiting.order_by("pk").values_list("pk", flat=True)[:SWEEP_SIZE]:
        build_export.delay(export_id)


@shared_task(soft_time_limit=270, time_limit=300)
def tend_data_requests() -> None:
    """Remind of requests whose term is near, and settle withdrawals that ran out."""
    now = timezone.now()
    accounts_services.remind_of_data_requests(at=now)
    accounts_services.settle_withdrawals(at=now)


@shared_task(soft_time_limit=1700, time_limit=1800)
def forget_what_is_due() -> None:
    """Take away what is no longer needed; a run that was cut off goes on tomorrow."""
    retention.run(at=timezone.now())

"""What the clock starts."""

from celery import shared_task

from documents import files
from documents.models import Inspection, IssuedDocument, Leftover
from documents.tasks import LANES, inspect_file, render_batch, render_document

SWEEP_SIZE = 500
# What a minute can draw; more would only pile up before the worker.
INSPECTED_AT_ONCE = 50


@shared_task(soft_time_limit=50, time_limit=60)
def sweep_documents() -> None:
    """Start again what has no file: retries, and what the broker or a worker lost."""
    waiting = IssuedDocument.objects.to_render()
    alone = waiting.filter(batch=None).order_by("issued_at", "pk")
    for document_id in alone.values_list("pk", flat=True)[:SWEEP_SIZE]:
        render_document.delay(document_id)
    batches = waiting.exclude(batch=None).order_by("batch")
    for batch_id in batches.values_list("batch", flat=True).distinct():
        for _lane in range(LANES):
            render_batch.delay(batch_id)


@shared_task(soft_time_limit=50, time_limit=60)
def sweep_files() -> None:
    """Delete bytes that nothing is made of, and look again at files that wait."""
    for leftover in Leftover.objects.order_by("pk").values_list("pk", flat=True)[
        :SWEEP_SIZE
    ]:
        files.clear(leftover)
    waiting = Inspection.objects.waiting().order_by("pk")
    for key in waiting.values_list("key", flat=True)[:INSPECTED_AT_ONCE]:
        inspect_file.delay(key)

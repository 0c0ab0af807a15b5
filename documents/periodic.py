"""What the clock starts."""

from celery import shared_task

from documents.models import IssuedDocument
from documents.tasks import render_document

SWEEP_SIZE = 500


@shared_task(soft_time_limit=50, time_limit=60)
def sweep_documents() -> None:
    """Start again what has no file: retries, and what the broker or a worker lost."""
    waiting = IssuedDocument.objects.to_render().order_by("issued_at", "pk")
    for document_id in waiting.values_list("pk", flat=True)[:SWEEP_SIZE]:
        render_document.delay(document_id)

from celery import shared_task
from django.utils import timezone

from documents import rendering


@shared_task(soft_time_limit=110, time_limit=120)
def render_document(document_id: int) -> None:
    """Render one paper if it has no file yet."""
    rendering.render(document_id=document_id, at=timezone.now())

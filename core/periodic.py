from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

LAST_BEAT_KEY = "core:last-beat"


@shared_task(soft_time_limit=10, time_limit=20)
def note_beat() -> None:
    """Note that the clock and a worker are alive; /readyz reads it."""
    cache.set(LAST_BEAT_KEY, timezone.now().isoformat(), timeout=3600)

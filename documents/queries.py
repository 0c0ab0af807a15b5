"""Reads that span rows."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from documents.models import MAX_ATTEMPTS, Batch, IssuedDocument


@dataclass(frozen=True)
class BatchProgress:
    """How far a batch is."""

    total: int
    done: int
    failed: int
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def waiting(self) -> int:
        """How many the portal is still working on."""
        return self.total - self.done - self.failed

    @property
    def is_running(self) -> bool:
        return self.waiting > 0

    @property
    def minutes_left(self) -> int | None:
        """How long the rest takes at the pace so far; None before there is a pace."""
        if self.done < 2 or self.first_at is None or self.last_at is None:
            return None
        pace = (self.last_at - self.first_at) / (self.done - 1)
        return max(1, math.ceil(pace * self.waiting / timedelta(minutes=1)))


def batch_progress(batch: Batch) -> BatchProgress:
    """Count the papers of `batch`; papers ended before they had a file do not count."""
    is_rendered = Q(rendered_at__isnull=False)
    has_failed = Q(rendered_at=None, attempts__gte=MAX_ATTEMPTS)
    counts = (
        IssuedDocument.objects.filter(batch=batch)
        .filter(is_rendered | Q(state=IssuedDocument.State.ISSUED))
        .aggregate(
            total=Count("pk"),
            done=Count("pk", filter=is_rendered),
            failed=Count("pk", filter=has_failed),
            first_at=Min("rendered_at"),
            last_at=Max("rendered_at"),
        )
    )
    return BatchProgress(**counts)

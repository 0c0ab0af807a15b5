"""Reads that span rows."""

import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import (
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from core.models import AuditEntry
from documents.models import (
    MAX_ATTEMPTS,
    Batch,
    IssuedDocument,
    IssuedDocumentQuerySet,
    SignedCopy,
)

logger = logging.getLogger(__name__)
# So many papers made last tell how fast a batch goes.
PACE_OF = 60
# The sweep comes each minute: who waits longer should know.
STUCK_AFTER = timedelta(minutes=3)


class FileDamaged(Exception):
    """The file of a paper is missing from storage, or its bytes are other ones."""


@dataclass(frozen=True)
class BatchProgress:
    """How far a batch is."""

    total: int
    done: int
    failed: int
    pace: timedelta | None = None
    is_stuck: bool = False

    @property
    def waiting(self) -> int:
        """How many the portal is still working on."""
        return self.total - self.done - self.failed

    @property
    def is_running(self) -> bool:
        return self.waiting > 0

    @property
    def seconds_left(self) -> int | None:
        """How long the rest takes at the present pace; None before there is one."""
        if self.pace is None or not self.is_running:
            return None
        return max(1, math.ceil(self.pace * self.waiting / timedelta(seconds=1)))

    @property
    def minutes_left(self) -> int | None:
        """The same where it is so long that nobody counts seconds."""
        seconds = self.seconds_left
        return math.ceil(seconds / 60) if seconds and seconds > 90 else None


def batch_progress(batch: Batch, at: datetime) -> BatchProgress:
    """Count the papers of `batch`; papers ended before they had a file do not count."""
    is_rendered = Q(rendered_at__isnull=False)
    has_failed = Q(rendered_at=None, attempts__gte=MAX_ATTEMPTS)
    papers = IssuedDocument.objects.filter(batch=batch)
    counts = papers.filter(
        is_rendered | Q(state=IssuedDocument.State.ISSUED)
    ).aggregate(
        total=Count("pk"),
        done=Count("pk", filter=is_rendered),
        failed=Count("pk", filter=has_failed),
    )
    # The last ones tell the pace: before them it may have stood still for a night.
    newest = papers.filter(is_rendered).order_by("-rendered_at")
    found = newest.values_list("rendered_at", flat=True)[:PACE_OF]
    last = [moment for moment in found if moment]
    latest = last[0] if last else batch.created_at
    return BatchProgress(
        **counts,
        pace=(last[0] - last[-1]) / (len(last) - 1) if len(last) > 1 else None,
        is_stuck=counts["total"] > counts["done"] + counts["failed"]
        and at - latest > STUCK_AFTER,
    )


def history_of(document: IssuedDocument) -> QuerySet[AuditEntry]:
    """What was noted of a paper, the latest first."""
    return AuditEntry.objects.filter(
        target_type=document._meta.label_lower, target_id=str(document.pk)
    ).order_by("-at", "-pk")


def newest_copy(document: IssuedDocument) -> SignedCopy | None:
    """The signed file that people get; none while the paper is not signed."""
    return document.signed_copies.order_by("-sequence").first()


def newest_files(documents: Iterable[IssuedDocument]) -> dict[int, SignedCopy]:
    """The newest signed file of each paper that has one, by the paper's key."""
    copies = SignedCopy.objects.filter(document__in=documents)
    newest = copies.order_by("document_id", "-sequence").distinct("document_id")
    return {copy.document_id: copy for copy in newest}


def having_signatures(
    documents: IssuedDocumentQuerySet, count: int
) -> IssuedDocumentQuerySet:
    """Keep the papers whose newest file has `count` signatures; none is 0."""
    newest = SignedCopy.objects.filter(document=OuterRef("pk")).order_by("-sequence")
    length = Func(
        "signatures", function="jsonb_array_length", output_field=IntegerField()
    )
    signed = Coalesce(Subquery(newest.values_list(length)[:1]), 0)
    return documents.alias(signature_count=signed).filter(
        Exact(F("signature_count"), count)
    )


def bytes_of(kept: IssuedDocument | SignedCopy) -> bytes:
    """The file of a paper as it was issued, or a signed one, with the bytes it had.

    Raises FileDamaged if they are other ones now, or gone: whoever reads a file of a
    paper reads the one that was kept, or none.
    Source: rule DOC-03 in docs/rules.md.
    """
    try:
        # Not the file that this object may have opened before: what lies there now.
        with kept.file.storage.open(kept.file.name or "") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        content = b""
    if sha256(content).hexdigest() != kept.sha256:
        logger.error(
            "File %s is missing or not as it was kept (SHA-256 %s). Restore it from a "
            "backup.",
            kept.file.name,
            kept.sha256,
        )
        raise FileDamaged(kept.file.name)
    return content

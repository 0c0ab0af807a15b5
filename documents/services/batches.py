"""Ordering papers together, and having failed ones made again."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Government, User
from core import audit
from documents.models import Batch, IssuedDocument
from documents.services.issuing import start_rendering


def create_batch(
    *, government: Government, title: str, subject_key: str, actor: User, at: datetime
) -> Batch:
    """Open a batch, under which documents are then issued."""
    with transaction.atomic():
        batch = Batch.objects.create(
            government=government,
            title=title,
            subject_key=subject_key,
            created_by=actor,
            created_at=at,
        )
        audit.record(
            "batch.created", actor=actor, target=batch, at=at, scope=government.code
        )
    return batch


def retry_documents(
    *, documents: QuerySet[IssuedDocument], actor: User, at: datetime
) -> int:
    """Have those of `documents` made again that failed; give how many there are."""
    with transaction.atomic():
        failed = list(
            IssuedDocument.objects.render_failed()
            .filter(pk__in=documents.values("pk"))
            .select_for_update(of=("self",))
            .select_related("government", "batch")
            .order_by("pk")
        )
        IssuedDocument.objects.filter(pk__in=[each.pk for each in failed]).update(
            attempts=0, error=""
        )
        groups = defaultdict(list)
        for document in failed:
            groups[document.government.code, document.batch].append(document)
        for (scope, batch), group in groups.items():
            audit.record_each(
                "document.retried",
                actor=actor,
                changes_of={document: {} for document in group},
                at=at,
                scope=scope,
            )
            start_rendering(group, batch)
    return len(failed)

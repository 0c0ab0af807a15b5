"""Issuing, ending and retrying papers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Government, User
from core import audit
from core.background import enqueue
from core.errors import DomainError
from documents import numbering, tasks
from documents.models import (
    Batch,
    DocumentState,
    IssuedDocument,
    NumberSequence,
)

NUMBER_PATTERN = "{seq:03}/{kind}/{year}"


class DocumentNotValidError(DomainError):
    """Only a valid paper can be revoked or replaced."""


class ReasonMissingError(DomainError):
    """A paper is ended with a reason or not at all."""


def issue_document(
    *,
    government: Government,
    kind: str,
    subject_key: str,
    title: str,
    template: str,
    values: Mapping[str, Any],
    issued_date: date,
    at: datetime,
    number: str | None = None,
    number_pattern: str = NUMBER_PATTERN,
    is_public: bool = False,
    batch: Batch | None = None,
) -> IssuedDocument:
    """Issue a paper about `subject_key`, or give the valid one there is.

    `values` must be plain JSON; they are all that the template will ever see (see
    IssuedDocument for those with a meaning). A `number` typed by a person is kept as
    it is, otherwise the next one of the government, kind and year of `issued_date` is
    written by `number_pattern`. The file follows in the background.
    """
    with transaction.atomic():
        # Who asks for the same paper at the same moment waits here for the first one.
        sequence = numbering.lock_sequence(
            government=government, kind=kind, year=issued_date.year
        )
        papers = IssuedDocument.objects.filter(kind=kind, subject_key=subject_key)
        newest = papers.order_by("-version").first()
        if newest and newest.is_valid:
            return newest
        document = IssuedDocument.objects.create(
            government=government,
            kind=kind,
            subject_key=subject_key,
            version=newest.version + 1 if newest else 1,
            number=number or _next_number(sequence, number_pattern),
            year=issued_date.year,
            title=title,
            template=template,
            values=dict(values),
            is_public=is_public,
            batch=batch,
            issued_at=at,
            issued_date=issued_date,
        )
        audit.record(
            "document.issued",
            actor=batch.created_by if batch else None,
            target=document,
            at=at,
            scope=government.code,
            changes={"kind": kind, "number": document.number},
        )
        enqueue(tasks.render_document, document.pk)
    return document


def _next_number(sequence: NumberSequence, pattern: str) -> str:
    """Take the next number, passing by those that somebody typed."""
    kind, year = sequence.kind, sequence.year
    while True:
        seq = numbering.next_of(sequence)
        number = numbering.write_number(pattern, seq=seq, kind=kind, year=year)
        taken = IssuedDocument.objects.filter(
            government=sequence.government_id, kind=kind, year=year, number=number
        )
        if not taken.exists():
            return number


def revoke_document(
    *, document: IssuedDocument, actor: User, reason: str, at: datetime
) -> IssuedDocument:
    """End the validity of a paper; the verification page shows when and why.

    Raises DocumentNotValidError if it is not valid any more, ReasonMissingError
    without a reason.
    """
    with transaction.atomic():
        ended = _end(document, DocumentState.REVOKED, reason, at)
        _record_end("document.revoked", ended, actor, at)
    return ended


def replace_document(
    *,
    document: IssuedDocument,
    values: Mapping[str, Any],
    actor: User,
    reason: str,
    at: datetime,
    issued_date: date,
    title: str | None = None,
    template: str | None = None,
    number: str | None = None,
    number_pattern: str = NUMBER_PATTERN,
    batch: Batch | None = None,
) -> IssuedDocument:
    """Issue a new paper in place of a valid one and give the new one.

    What is not said anew is taken over from the old paper, but for its number: a
    number names one paper only. Raises as revoke_document does.
    """
    with transaction.atomic():
        ended = _end(document, DocumentState.REPLACED, reason, at)
        new = issue_document(
            government=ended.government,
            kind=ended.kind,
            subject_key=ended.subject_key,
            title=title or ended.title,
            template=template or ended.template,
            values=values,
            issued_date=issued_date,
            at=at,
            number=number,
            number_pattern=number_pattern,
            is_public=ended.is_public,
            batch=batch,
        )
        ended.replaced_by = new
        ended.save(update_fields=["replaced_by"])
        _record_end("document.replaced", ended, actor, at, replaced_by=new.number)
    return new


def _end(
    document: IssuedDocument, state: DocumentState, reason: str, at: datetime
) -> IssuedDocument:
    locked = (
        IssuedDocument.objects.select_for_update(of=("self",))
        .select_related("government")
        .get(pk=document.pk)
    )
    if not locked.is_valid:
        raise DocumentNotValidError(_("This document is no longer valid."))
    if not reason.strip():
        raise ReasonMissingError(_("Write why this document is no longer valid."))
    locked.state = state
    locked.ended_at = at
    locked.end_reason = reason.strip()
    locked.save(update_fields=["state", "ended_at", "end_reason"])
    return locked


def _record_end(
    action: str, document: IssuedDocument, actor: User, at: datetime, **changes: str
) -> None:
    audit.record(
        action,
        actor=actor,
        target=document,
        at=at,
        scope=document.government.code,
        reason=document.end_reason,
        changes=changes,
    )


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
            .select_related("government")
            .order_by("pk")
        )
        for document in failed:
            document.attempts = 0
            document.error = ""
            document.save(update_fields=["attempts", "error"])
            audit.record(
                "document.retried",
                actor=actor,
                target=document,
                at=at,
                scope=document.government.code,
            )
            enqueue(tasks.render_document, document.pk)
    return len(failed)

"""Issuing papers, one or many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import Government, User
from core import audit
from core.background import enqueue
from documents import numbering, tasks
from documents.models import Batch, IssuedDocument

# Rows of one INSERT.
AT_ONCE = 500


@dataclass(frozen=True)
class Order:
    """One of many papers: what it is about, and what it says.

    `number` is one that a person typed, or empty for the next one.
    """

    subject_key: str
    title: str
    values: Mapping[str, Any]
    number: str = ""


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
    number: str = "",
    number_pattern: str | None = None,
    is_public: bool = False,
    batch: Batch | None = None,
    actor: User | None = None,
) -> IssuedDocument:
    """Issue a paper about `subject_key`, or give the valid one there is.

    See `issue_documents`.
    """
    (document,) = issue_documents(
        government=government,
        kind=kind,
        orders=[Order(subject_key, title, values, number)],
        template=template,
        issued_date=issued_date,
        at=at,
        number_pattern=number_pattern,
        is_public=is_public,
        batch=batch,
        actor=actor,
    )
    return document


def issue_documents(
    *,
    government: Government,
    kind: str,
    orders: Sequence[Order],
    template: str,
    issued_date: date,
    at: datetime,
    number_pattern: str | None = None,
    is_public: bool = False,
    batch: Batch | None = None,
    actor: User | None = None,
) -> list[IssuedDocument]:
    """Issue a paper for each of `orders`, in their order; a valid one is given again.

    The `values` must be plain JSON; they are all that the template will ever see (see
    IssuedDocument for those with a meaning). A number typed by a person is kept as it
    is, the others are the next ones of the government, kind and year of `issued_date`,
    written as the government has set, else by `number_pattern`, else as the kind has
    it from the start. The files follow in the background.

    Raises NumberTaken for a typed number that another paper has.
    Source: rules DOC-01 and DOC-04 in docs/rules.md.
    """
    with transaction.atomic():
        # Who asks for the same paper at the same moment waits here for the first one.
        sequence = numbering.lock_sequence(
            government=government, kind=kind, year=issued_date.year
        )
        newest = _newest(kind, [order.subject_key for order in orders])
        due = [
            order
            for order in orders
            if (paper := newest.get(order.subject_key)) is None or not paper.is_valid
        ]
        typed = [order.number for order in due if order.number]
        if typed:
            numbering.refuse_taken(sequence, typed)
        given = iter(
            numbering.take_numbers(
                sequence,
                count=len(due) - len(typed),
                day=issued_date,
                default=number_pattern,
                typed=typed,
            )
        )
        made = [
            IssuedDocument(
                government=government,
                kind=kind,
                subject_key=order.subject_key,
                version=_version_after(newest.get(order.subject_key)),
                number=order.number or next(given),
                year=issued_date.year,
                title=order.title,
                template=template,
                values=dict(order.values),
                is_public=is_public,
                batch=batch,
                issued_at=at,
                issued_date=issued_date,
            )
            for order in due
        ]
        IssuedDocument.objects.bulk_create(made, batch_size=AT_ONCE)
        audit.record_each(
            "document.issued",
            actor=actor or (batch.created_by if batch else None),
            changes_of={
                document: {"kind": kind, "number": document.number} for document in made
            },
            at=at,
            scope=government.code,
        )
        start_rendering(made, batch)
    newest |= {document.subject_key: document for document in made}
    return [newest[order.subject_key] for order in orders]


def start_rendering(documents: Sequence[IssuedDocument], batch: Batch | None) -> None:
    """Have files made once the transaction has committed.

    Many papers of a batch need no message each: some workers go through them together.
    """
    if batch and len(documents) > tasks.LANES:
        for _lane in range(tasks.LANES):
            enqueue(tasks.render_batch, batch.pk)
        return
    for document in documents:
        enqueue(tasks.render_document, document.pk)


def _newest(kind: str, subject_keys: Sequence[str]) -> dict[str, IssuedDocument]:
    papers = IssuedDocument.objects.filter(kind=kind, subject_key__in=subject_keys)
    return {paper.subject_key: paper for paper in papers.order_by("version")}


def _version_after(newest: IssuedDocument | None) -> int:
    return newest.version + 1 if newest else 1

"""Revoking papers and putting others in their place."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.errors import DomainError
from documents import correcting
from documents.models import Batch, DocumentState, IssuedDocument
from documents.services.issuing import issue_document


class DocumentNotValidError(DomainError):
    """Only a valid paper can be revoked or replaced."""


class ReasonMissingError(DomainError):
    """A paper is ended with a reason or not at all."""


class NothingCorrectedError(DomainError):
    """A new paper says something else than the old one."""


def revoke_document(
    *, document: IssuedDocument, actor: User, reason: str, at: datetime
) -> IssuedDocument:
    """End the validity of a paper; the verification page shows when and why.

    Raises DocumentNotValidError if it is not valid any more, ReasonMissingError
    without a reason.
    Source: rule DOC-03 in docs/rules.md.
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
    number: str = "",
    number_pattern: str | None = None,
    batch: Batch | None = None,
) -> IssuedDocument:
    """Issue a new paper in place of a valid one and give the new one.

    What is not said anew is taken over from the old paper, but for its number: a
    number names one paper only. Raises as revoke_document and issue_documents do.
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
            actor=actor,
        )
        ended.replaced_by = new
        ended.save(update_fields=["replaced_by"])
        _record_end("document.replaced", ended, actor, at, replaced_by=new.number)
    return new


def correct_document(
    *,
    document: IssuedDocument,
    corrections: Mapping[str, str],
    actor: User,
    reason: str,
    at: datetime,
    number: str = "",
) -> IssuedDocument:
    """Replace a paper by one on which some of its public lines read otherwise.

    `corrections` maps the label of a line to its new text. The date stays, and the new
    one stands in the batch of the old one. Raises NothingCorrectedError where nothing
    would change, else as replace_document does.
    Source: rule DOC-05 in docs/rules.md.
    """
    changed = correcting.changed_lines(document.values, corrections)
    if not changed:
        raise NothingCorrectedError(
            _("Nothing is different. Change what is wrong on the document.")
        )
    with transaction.atomic():
        new = replace_document(
            document=document,
            values=correcting.corrected(document.values, changed),
            title=correcting.in_text(document.title, changed),
            actor=actor,
            reason=reason,
            at=at,
            issued_date=document.issued_date,  # it stands on the paper in words too
            number=number,
            batch=document.batch,
        )
        audit.record(
            "document.corrected",
            actor=actor,
            target=new,
            at=at,
            scope=document.government.code,
            reason=reason.strip(),
            changes={label: [old, text] for label, (old, text) in changed.items()},
        )
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

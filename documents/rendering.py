"""Giving an issued paper its file, once."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Government
from documents import codes, composing, pdf, signals
from documents.models import Batch, IssuedDocument, IssuedDocumentQuerySet

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Paper:
    """What a template may know of its document: nothing that can change later."""

    number: str
    title: str
    kind: str
    version: int
    code: str
    code_grouped: str
    issued_date: date
    issued_at: datetime


def waiting_since(document_id: int) -> datetime | None:
    """When the paper was issued, if it has no file and the portal still tries."""
    waiting = IssuedDocument.objects.to_render().filter(pk=document_id)
    return waiting.values_list("issued_at", flat=True).first()


def ordered_at(batch_id: int) -> datetime:
    """When the papers of a batch were ordered."""
    return Batch.objects.values_list("created_at", flat=True).get(pk=batch_id)


def render(*, document_id: int, at: datetime) -> bool:
    """Render and store one paper that has no file yet; tell whether it was done."""
    claimed = _claim(IssuedDocument.objects.filter(pk=document_id))
    return claimed is not None and _render(claimed, at)


def render_next(*, batch_id: int, at: datetime) -> bool:
    """Render a paper of a batch that nobody is at; tell whether there was one.

    Those tried before come last, so that workers never meet at the same paper and one
    that cannot be made keeps no other waiting.
    """
    papers = IssuedDocument.objects.filter(batch=batch_id).order_by("attempts", "pk")
    claimed = _claim(papers)
    if claimed is not None:
        _render(claimed, at)
    return claimed is not None


def _claim(papers: IssuedDocumentQuerySet) -> int | None:
    """Choose the first of `papers` that waits, and count the attempt.

    It is counted before it begins, so that a paper which kills its worker is not tried
    for ever.
    """
    with transaction.atomic():
        waiting = papers.to_render().select_for_update(skip_locked=True)
        document_id: int | None = waiting.values_list("pk", flat=True).first()
        if document_id is None:
            return None
        IssuedDocument.objects.filter(pk=document_id).update(attempts=F("attempts") + 1)
    return document_id


def _render(document_id: int, at: datetime) -> bool:
    """Make the file of a claimed paper; tell whether it was done.

    The row stays locked until the file is stored and noted: a second worker passes it
    by, and a worker that dies leaves the paper as it was.
    """
    with transaction.atomic():
        document = (
            IssuedDocument.objects.filter(
                pk=document_id, rendered_at=None, state=IssuedDocument.State.ISSUED
            )
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("government")
            .first()
        )
        if document is None:
            return False
        try:
            content = render_document(document)
        except Exception as error:  # whatever it is, the secretariat must see it
            logger.exception("Document %s was not rendered", document.pk)
            document.error = f"{type(error).__name__}: {error}"[:1000]
            document.save(update_fields=["error"])
            return False
        _store(document, content, at)
        signals.document_rendered.send(IssuedDocument, document=document)
    return True


def render_document(document: IssuedDocument) -> bytes:
    """Render the paper from its stored values alone."""
    with as_printed(document.government):
        matter = composing.matter_of(document.template, paper_context(document))
    return composing.compose(matter)


@contextmanager
def as_printed(government: Government) -> Iterator[None]:
    """Write in the language of papers and in the time of their government."""
    zone = ZoneInfo(government.time_zone)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(zone):
        yield


def paper_context(document: IssuedDocument) -> dict[str, Any]:
    """Give the template what it sees: the values, the paper, the way to verify it."""
    verify_url = verification_url(document)
    parts = urlsplit(verify_url)
    return {
        **document.values,
        "document": Paper(
            number=document.number,
            title=document.title,
            kind=document.kind,
            version=document.version,
            code=document.code,
            code_grouped=codes.grouped(document.code),
            issued_date=document.issued_date,
            issued_at=document.issued_at,
        ),
        "verify_url": verify_url,
        "verify_address": f"{parts.netloc}{reverse('documents:verify')}",
        "qr_svg": pdf.qr_svg(verify_url, _("QR code that opens the verification page")),
    }


def verification_url(document: IssuedDocument) -> str:
    """Give the whole address that verifies `document`."""
    path = reverse("documents:verify_code", kwargs={"code": document.code})
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def _store(document: IssuedDocument, content: bytes, at: datetime) -> None:
    document.sha256 = hashlib.sha256(content).hexdigest()
    # Named by its content: a worker thought dead can never write over another's file.
    name = f"{document.code}-{document.sha256[:12]}.pdf"
    document.file.save(name, ContentFile(content), save=False)
    document.rendered_at = at
    document.error = ""
    document.save(update_fields=["sha256", "file", "rendered_at", "error"])

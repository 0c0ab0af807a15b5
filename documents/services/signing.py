"""Signed files of papers: uploaded ones kept, and others made in the portal."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from core import audit
from core.dates import format_date
from core.errors import DomainError
from documents import queries, rendering
from documents.models import IssuedDocument, SignedCopy
from documents.signing import blocks, reading
from documents.signing.provider import Secret, Signer, SigningFailed, SigningProvider

# A press of the button is answered before proxies and people lose patience; what is
# left is signed by the next press.
SECONDS = 20.0


class NotSignableError(DomainError):
    """Only a valid paper that has its file, and is not signed yet, can be signed."""


class SignedFileRefusedError(DomainError):
    """A file that is not the paper with signatures and nothing else."""


@dataclass
class SigningReport:
    """What became of the papers that somebody chose to sign."""

    signed: list[IssuedDocument] = field(default_factory=list)
    failed: list[tuple[IssuedDocument, str]] = field(default_factory=list)
    left: list[IssuedDocument] = field(default_factory=list)
    # What would have failed in the same way with all that is left.
    refusal: SigningFailed | None = None


def keep_signed_upload(
    *, document: IssuedDocument, content: bytes, actor: User, at: datetime
) -> SignedCopy:
    """Keep a file that was signed elsewhere, beside the unsigned one.

    The same file a second time gives the copy there is; a file with one more signature
    on the newest copy becomes the newest.

    Raises NotSignableError, SignedFileRefusedError, and ReadingBusy while too many
    files are being read.
    Source: rule TTE-02 in docs/rules.md.
    """
    _refuse_unsignable(document)
    found = reading.read(content, at=at, issued=_bytes_of(document))
    _refuse_foreign(found)
    with transaction.atomic():
        locked = _locked(document)
        newest = queries.newest_copy(locked)
        digest = sha256(content).hexdigest()
        known = locked.signed_copies.filter(sha256=digest).first()
        if known is not None:
            return known
        if newest is not None and not content.startswith(_bytes_of(newest)):
            raise NotSignableError(
                _(
                    "Another signed file of this document is kept already. A further "
                    "signature is put on that one: download it, sign it, upload it."
                )
            )
        return _keep(
            locked,
            content,
            found,
            way=SignedCopy.Way.UPLOADED,
            actor=actor,
            at=at,
            action="document.signed_copy_uploaded",
        )


@sensitive_variables("secret")
def sign_document(
    *,
    document: IssuedDocument,
    signatures_before: int,
    provider: SigningProvider,
    key: str,
    signer: Signer,
    secret: Secret,
    actor: User,
    at: datetime,
) -> SignedCopy:
    """Sign a paper now; `signatures_before` is how many it had when it was chosen.

    The row stays locked while the provider signs: whoever presses twice, or revokes the
    paper meanwhile, comes before or after it.

    Raises NotSignableError, SigningFailed, ReadingBusy.
    Source: rule TTE-03 in docs/rules.md.
    """
    with transaction.atomic():
        locked = _locked(document)
        newest = queries.newest_copy(locked)
        present = len(newest.signatures) if newest else 0
        if present != signatures_before:
            raise NotSignableError(_("This document was signed meanwhile."))
        issued = _bytes_of(locked)
        signed = _signed(
            _bytes_of(newest) if newest else issued,
            number=present + 1,
            document=locked,
            provider=provider,
            key=key,
            signer=signer,
            secret=secret,
            at=at,
        )
        is_own = provider.way == SignedCopy.Way.KEY
        read = reading.read_own if is_own else reading.read
        found = read(signed, at=at, issued=issued)
        _refuse_foreign(found)
        return _keep(
            locked,
            signed,
            found,
            way=provider.way,
            actor=actor,
            at=at,
            action="document.signed",
        )


@sensitive_variables("secret")
def sign_documents(
    *,
    documents: Sequence[IssuedDocument],
    signatures_before: int,
    provider: SigningProvider,
    key: str,
    signer: Signer,
    secret: Secret,
    actor: User,
    at: datetime,
    clock: Callable[[], float] = time.monotonic,
) -> SigningReport:
    """Sign papers that have `signatures_before` each, as many as `SECONDS` allow.

    Each is signed for itself: what was signed stays, whatever becomes of the next. A
    wrong passphrase or a service that is away stops the rest.
    """
    report = SigningReport(left=list(documents))
    until = clock() + SECONDS
    try:
        provider.check(key=key, secret=secret)
    except SigningFailed as refusal:
        report.refusal = refusal
        return report
    while report.left and clock() < until:
        document = report.left[0]
        try:
            sign_document(
                document=document,
                signatures_before=signatures_before,
                provider=provider,
                key=key,
                signer=signer,
                secret=secret,
                actor=actor,
                at=at,
            )
        except SigningFailed as refusal:
            if refusal.stops_all:
                report.refusal = refusal
                break
            report.failed.append((document, refusal.message))
        except (NotSignableError, SignedFileRefusedError) as refusal:
            report.failed.append((document, refusal.message))
        except reading.ReadingBusy:
            break
        else:
            report.signed.append(document)
        del report.left[0]
    return report


@sensitive_variables("secret")
def _signed(
    content: bytes,
    *,
    number: int,
    document: IssuedDocument,
    provider: SigningProvider,
    key: str,
    signer: Signer,
    secret: Secret,
    at: datetime,
) -> bytes:
    with rendering.as_printed(document.government):
        block = blocks.draw(signer, provider.way, on=format_date(at))
    place = blocks.place_of(content, number=number)
    return provider.sign(
        content,
        block=block,
        place=place,
        field=blocks.field_name(number),
        contact=rendering.verification_url(document) if document.is_public else "",
        key=key,
        secret=secret,
    )


def _locked(document: IssuedDocument) -> IssuedDocument:
    # Who signs the same paper in another window waits here for the first one.
    locked = (
        IssuedDocument.objects.select_for_update(of=("self",), no_key=True)
        .select_related("government")
        .get(pk=document.pk)
    )
    _refuse_unsignable(locked)
    return locked


def _refuse_unsignable(document: IssuedDocument) -> None:
    if not document.is_valid:
        raise NotSignableError(
            _("This document is no longer valid: it cannot be signed.")
        )
    if not document.is_rendered:
        raise NotSignableError(
            _("This document is still being made. Try again in a minute.")
        )


def _bytes_of(kept: IssuedDocument | SignedCopy) -> bytes:
    try:
        return queries.bytes_of(kept)
    except queries.FileDamaged as error:
        raise NotSignableError(
            _(
                "The file of this document is damaged in storage: it cannot be signed. "
                "Ask the system admin to restore it from the backup."
            )
        ) from error


def _refuse_foreign(found: reading.Reading) -> None:
    if found.state == "locked":
        raise SignedFileRefusedError(
            _("This PDF is locked. Save it without a password, then upload it again.")
        )
    if not found.is_read:
        raise SignedFileRefusedError(
            _("This PDF cannot be read. Sign the downloaded document again.")
        )
    if found.sameness != "same":
        raise SignedFileRefusedError(_difference(found.sameness))
    if not found.signatures:
        raise SignedFileRefusedError(
            _(
                "This file carries no electronic signature. Sign the downloaded "
                "document first, then upload the signed file."
            )
        )
    if not all(signature.holds for signature in found.signatures):
        raise SignedFileRefusedError(
            _(
                "This file was changed after it was signed. Sign the downloaded "
                "document again."
            )
        )


def _difference(sameness: str) -> str:
    """Say in what a file differs from the paper it should be."""
    told = {
        "pages": _("This is another document: it has more or fewer pages."),
        "content": _("This is another document: its pages show something else."),
        "annotations": _("Notes or drawings were added to the document."),
        "attachments": _("Other files were attached to the document."),
        "actions": _("The document was given actions or layers."),
        "fields": _("Form fields were added to the document."),
        "block": _("The signature covers too much of the page."),
        "updates": _("More than a signature was added to the document."),
    }.get(sameness, _("This PDF cannot be compared with the document."))
    return told + " " + _("Download the document again and sign it unchanged.")


def _keep(
    document: IssuedDocument,
    content: bytes,
    found: reading.Reading,
    *,
    way: SignedCopy.Way,
    actor: User,
    at: datetime,
    action: str,
) -> SignedCopy:
    newest = queries.newest_copy(document)
    copy = SignedCopy(
        document=document,
        sequence=newest.sequence + 1 if newest else 1,
        way=way,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        signatures=[signature.as_json() for signature in found.signatures],
        kept_by=actor,
        kept_at=at,
    )
    name = f"{document.code}-{copy.sha256[:12]}-ttd.pdf"
    copy.file.save(name, ContentFile(content), save=False)
    written = copy.file.name or ""
    try:
        copy.save()
        audit.record(
            action,
            actor=actor,
            target=document,
            at=at,
            scope=document.government.code,
            changes={"signers": ", ".join(copy.signers), "sha256": copy.sha256},
        )
    except BaseException:  # storage knows no rollback
        copy.file.storage.delete(written)
        raise
    return copy

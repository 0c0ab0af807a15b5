"""What the portal answers about a file: the issued one, altered, or unknown.

The bytes decide: a file is what was issued, or it is not. Only for one that is not the
inside is read, to tell whose code it bears.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from documents import queries, verification
from documents.models import IssuedDocument, SignedCopy
from documents.signing import reading, wording
from documents.verification import Verdict

COST_OF_HEAVY = 10


@dataclass(frozen=True)
class FileVerdict:
    """An answer about a file, and what it was given about."""

    verdict: Verdict
    sha256: str
    size: int
    # Of the file itself; those of `verdict` are of the file that the portal keeps.
    signatures: list[wording.Told] = field(default_factory=list)
    # Whether the very bytes are kept in the portal.
    is_known: bool = False
    # How many misses it counts for: a file made to be heavy counts for several.
    cost: int = 1


def verify_file(content: bytes, *, at: datetime) -> FileVerdict:
    """Answer for a file, which is read and not kept.

    Raises ReadingBusy.
    Source: rule TTE-04 in docs/rules.md.
    """
    digest = sha256(content).hexdigest()
    known = _known(digest)
    if known is not None:
        verdict, signatures = known
        return FileVerdict(
            verdict, digest, len(content), signatures, is_known=True, cost=0
        )
    found = reading.read(content, at=at)
    document = _named_by(found)
    if document is None:
        verdict = _stranger(found)
    else:
        verdict = _compared(content, document, at=at, found=found)
    told = [wording.tell(signature) for signature in found.signatures]
    cost = COST_OF_HEAVY if found.state == "heavy" else 1
    return FileVerdict(verdict, digest, len(content), told, cost=cost)


def _known(digest: str) -> tuple[Verdict, list[wording.Told]] | None:
    """The answer for a file that is kept here: as issued, or signed."""
    documents = verification.public_documents()
    document = documents.filter(sha256=digest).first()
    if document is not None:
        note = (
            _("There is a newer file of it with an electronic signature.")
            if verification.signatures_of(document)
            else ""
        )
        return _exactly(verification.answer(document), note), []
    copy = SignedCopy.objects.filter(sha256=digest).first()
    if copy is None:
        return None
    document = documents.filter(pk=copy.document_id).first()
    if document is None:
        return None
    told = [wording.tell(reading.Signature.from_json(each)) for each in copy.signatures]
    return _exactly(verification.answer(document), ""), told


def _exactly(verdict: Verdict, note: str) -> Verdict:
    words = [
        verdict.text,
        _("The file is exactly the one that this portal keeps."),
        note,
    ]
    return replace(verdict, text=" ".join(filter(None, words)))


def _named_by(found: reading.Reading) -> IssuedDocument | None:
    """The paper whose code stands in the file."""
    documents = verification.public_documents().filter(code__in=found.codes)
    by_code = {document.code: document for document in documents}
    return next((by_code[code] for code in found.codes if code in by_code), None)


def _compared(
    content: bytes, document: IssuedDocument, *, at: datetime, found: reading.Reading
) -> Verdict:
    """The answer for a file with the code of `document` and other bytes."""
    try:
        if _is_signed_elsewhere(content, document, at=at, found=found):
            return _signed_elsewhere(document)
    except queries.FileDamaged:
        return replace(
            verification.answer(document),
            variant="mute",
            title=_("This file cannot be compared now"),
            text=_(
                "It bears the code of the document below, whose file in this portal is "
                "damaged. Compare what it says with the lines below, and tell the "
                "secretariat."
            ),
            is_altered=True,
        )
    return _altered(document)


def _is_signed_elsewhere(
    content: bytes, document: IssuedDocument, *, at: datetime, found: reading.Reading
) -> bool:
    """Whether it is the kept file, and on it signatures that nobody knows here."""
    if not document.is_rendered or not found.signatures:
        return False
    newest = queries.newest_copy(document)
    if newest is not None and not content.startswith(queries.bytes_of(newest)):
        return False
    issued = queries.bytes_of(document)
    compared = reading.read(content, at=at, issued=issued)
    return compared.sameness == "same" and all(
        signature.holds for signature in compared.signatures
    )


def _signed_elsewhere(document: IssuedDocument) -> Verdict:
    verdict = verification.answer(document)
    if not verdict.is_valid:
        return verdict
    return replace(
        verdict,
        variant="mute",
        title=_("The document is genuine, a signature on it is not known"),
        text=_(
            "Its content is the issued one. A signature was added that this portal "
            "does not keep: ask who gave you the file."
        ),
    )


def _altered(document: IssuedDocument) -> Verdict:
    return replace(
        verification.answer(document),
        variant="bad",
        title=_("This file was altered"),
        text=_(
            "It bears the code of the document below, but it is not the file that was "
            "issued. Do not rely on it: ask for the original."
        ),
        is_altered=True,
    )


def _stranger(found: reading.Reading) -> Verdict:
    if found.state == "locked":
        return Verdict(
            "mute",
            _("This file is locked"),
            _("Files of this portal have no password. It cannot be checked."),
        )
    if not found.is_read:
        return Verdict(
            "mute",
            _("This file cannot be read"),
            _("It is no PDF, or a damaged one, and none that this portal has issued."),
        )
    return Verdict(
        "mute",
        _("This file is not known"),
        _(
            "It is none of the documents that this portal answers for, and bears the "
            "code of none. If a code stands on it, type that code."
        ),
    )

"""Papers that are issued, and files that are kept."""

from documents.models.files import (
    INLINE_TYPES,
    Inspection,
    Leftover,
    SharedBytes,
    StoredFile,
)
from documents.models.numbers import NumberPattern, NumberSequence
from documents.models.papers import (
    CERTIFICATE_KINDS,
    DOCUMENT_MOVES,
    MAX_ATTEMPTS,
    Batch,
    BatchQuerySet,
    DocumentKind,
    DocumentState,
    IssuedDocument,
    IssuedDocumentQuerySet,
    file_name,
)
from documents.models.signatures import SignedCopy, signed_file_name

__all__ = [
    "CERTIFICATE_KINDS",
    "DOCUMENT_MOVES",
    "INLINE_TYPES",
    "MAX_ATTEMPTS",
    "Batch",
    "BatchQuerySet",
    "DocumentKind",
    "DocumentState",
    "Inspection",
    "IssuedDocument",
    "IssuedDocumentQuerySet",
    "Leftover",
    "NumberPattern",
    "NumberSequence",
    "SharedBytes",
    "SignedCopy",
    "StoredFile",
    "file_name",
    "signed_file_name",
]

"""Papers that are issued, and files that are kept."""

from documents.models.files import (
    INLINE_TYPES,
    Inspection,
    Leftover,
    SharedBytes,
    StoredFile,
)
from documents.models.papers import (
    DOCUMENT_MOVES,
    MAX_ATTEMPTS,
    Batch,
    BatchQuerySet,
    DocumentKind,
    DocumentState,
    IssuedDocument,
    IssuedDocumentQuerySet,
    NumberSequence,
    file_name,
)

__all__ = [
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
    "NumberSequence",
    "SharedBytes",
    "StoredFile",
    "file_name",
]

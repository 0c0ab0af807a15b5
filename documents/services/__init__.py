"""What people do with papers."""

from documents.numbering import NumberTaken, PatternMistaken
from documents.services.awaiting import compose_awaited
from documents.services.batches import create_batch, retry_documents
from documents.services.ending import (
    DocumentNotValidError,
    NothingCorrectedError,
    ReasonMissingError,
    correct_document,
    replace_document,
    revoke_document,
)
from documents.services.issuing import Order, issue_document, issue_documents
from documents.services.number_patterns import drop_pattern, set_pattern
from documents.services.signing import (
    NotSignableError,
    SignedFileRefusedError,
    SigningReport,
    keep_signed_upload,
    sign_document,
    sign_documents,
)

__all__ = [
    "DocumentNotValidError",
    "NotSignableError",
    "NothingCorrectedError",
    "NumberTaken",
    "Order",
    "PatternMistaken",
    "ReasonMissingError",
    "SignedFileRefusedError",
    "SigningReport",
    "compose_awaited",
    "correct_document",
    "create_batch",
    "drop_pattern",
    "issue_document",
    "issue_documents",
    "keep_signed_upload",
    "replace_document",
    "retry_documents",
    "revoke_document",
    "set_pattern",
    "sign_document",
    "sign_documents",
]

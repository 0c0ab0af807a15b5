"""Pages of papers: for everybody, and for the secretariat."""

from documents.views.batches import batch_archive, batch_detail
from documents.views.numbers import number_edit, number_list
from documents.views.papers import (
    document_detail,
    document_file,
    document_list,
    document_replace,
    document_retry,
    document_revoke,
)
from documents.views.serving import file_response
from documents.views.signing import document_original, document_sign, signing_list
from documents.views.verification import verify, verify_code, verify_file

__all__ = [
    "batch_archive",
    "batch_detail",
    "document_detail",
    "document_file",
    "document_list",
    "document_original",
    "document_replace",
    "document_retry",
    "document_revoke",
    "document_sign",
    "file_response",
    "number_edit",
    "number_list",
    "signing_list",
    "verify",
    "verify_code",
    "verify_file",
]

"""Uploads checked by what they contain, not by what they are called."""

from documents.uploads.checking import (
    EVIDENCE_TYPES,
    LETTER_TYPES,
    CheckedFile,
    UploadRefused,
    check_upload,
)

__all__ = [
    "EVIDENCE_TYPES",
    "LETTER_TYPES",
    "CheckedFile",
    "UploadRefused",
    "check_upload",
]

"""Which files are taken, and what becomes of them.

Source: rule EVD-02 in docs/rules.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.core.files.base import File
from django.utils.translation import gettext as _

from core.cleaning import clean_file_name
from core.numbers import file_size
from documents.uploads import scanning
from documents.uploads.images import clean_image
from documents.uploads.office import check_docx, check_xlsx
from documents.uploads.pdf import check_pdf
from documents.uploads.refusal import Safe, UploadRefused

__all__ = [
    "EVIDENCE_TYPES",
    "LETTER_TYPES",
    "CheckedFile",
    "FileType",
    "UploadRefused",
    "check_upload",
]


@dataclass(frozen=True)
class FileType:
    """A kind of file: how it begins, and the check that gives back safe content."""

    label: str
    extension: str
    content_type: str
    magic: bytes
    check: Callable[[bytes], Safe]

    def claims(self, content: bytes) -> bool:
        return content.startswith(self.magic)


PDF = FileType("PDF", ".pdf", "application/pdf", b"%PDF-", check_pdf)
JPEG = FileType("JPEG", ".jpg", "image/jpeg", b"\xff\xd8\xff", clean_image)
PNG = FileType("PNG", ".png", "image/png", b"\x89PNG\r\n\x1a\n", clean_image)
XLSX = FileType(
    "XLSX",
    ".xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"PK\x03\x04",
    check_xlsx,
)
DOCX = FileType(
    "DOCX",
    ".docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"PK\x03\x04",
    check_docx,
)
EVIDENCE_TYPES: Sequence[FileType] = (PDF, JPEG, PNG, XLSX, DOCX)
LETTER_TYPES: Sequence[FileType] = (PDF, JPEG, PNG)


@dataclass(frozen=True)
class CheckedFile:
    """An upload found harmless, or made so: images lose their hidden data."""

    name: str
    content: bytes
    content_type: str
    extension: str
    pages: int | None = None
    is_scanned: bool = True  # False while the virus scanner is away

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def check_upload(
    upload: File, *, max_bytes: int, types: Sequence[FileType]
) -> CheckedFile:
    """Check `upload` by size and content.

    Raises UploadRefused, saying in a plain sentence why and what helps.
    """
    size = upload.size or 0
    if size == 0:
        raise UploadRefused(_("This file is empty. Choose the file again."))
    if size > max_bytes:
        raise UploadRefused(
            _(
                "This file is %(size)s, and at most %(limit)s is taken. Make it "
                "smaller, or scan it at a lower resolution."
            )
            % {"size": file_size(size), "limit": file_size(max_bytes)}
        )
    upload.seek(0)
    content = upload.read()
    kind, safe = _checked(content, types)
    return CheckedFile(
        name=clean_file_name(upload.name or "", kind.extension),
        content=safe.content,
        content_type=kind.content_type,
        extension=kind.extension,
        pages=safe.pages,
        is_scanned=scanning.scan(content),
    )


def _checked(content: bytes, types: Sequence[FileType]) -> tuple[FileType, Safe]:
    """The kind of file it is, and its content made safe."""
    refusals = []
    # XLSX and DOCX begin alike: the one whose inside answers it is.
    for kind in types:
        if kind.claims(content):
            try:
                return kind, kind.check(content)
            except UploadRefused as error:
                refusals.append(error)
    if refusals:
        raise refusals[-1]
    raise UploadRefused(
        _("This kind of file is not taken. Save it as %(kinds)s, then upload it again.")
        % {"kinds": _list_of([kind.label for kind in types])}
    )


def _list_of(labels: Sequence[str]) -> str:
    *others, last = labels
    if not others:
        return last
    return _("%(others)s or %(last)s") % {"others": ", ".join(others), "last": last}

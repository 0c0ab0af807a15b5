"""Word and Excel files: those with macros, or that unfold too far, are refused."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from documents.uploads.refusal import UploadRefused

MAX_UNFOLDED = 100 * 1024 * 1024
MAX_PARTS = 5_000
MAX_CONTENT_TYPES = 1024 * 1024
_WORD = b"wordprocessingml.document.main+xml"
_EXCEL = b"spreadsheetml.sheet.main+xml"
_ACTING = ("vbaproject", "activex", "oleobject", "macrosheets")
_RUNNING = (".vbs", ".js", ".exe", ".dll", ".scr", ".bat", ".lnk")


def check_docx(content: bytes) -> bytes:
    """Give back a Word document without macros. Raises UploadRefused."""
    return _check(content, main="word/document.xml", declared=_WORD)


def check_xlsx(content: bytes) -> bytes:
    """Give back an Excel workbook without macros. Raises UploadRefused."""
    return _check(content, main="xl/workbook.xml", declared=_EXCEL)


def _check(content: bytes, *, main: str, declared: bytes) -> bytes:
    try:
        with ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            _check_size(parts)
            names = {part.filename for part in parts}
            kinds = _content_types(package, names)
    except (
        BadZipFile,
        RuntimeError,
        NotImplementedError,
        ValueError,
        OSError,
    ) as error:
        raise _unreadable() from error
    if any(_is_macro(name) for name in names) or b"macroEnabled" in kinds:
        raise UploadRefused(
            _("This file holds macros. Save it as DOCX, XLSX or PDF without macros.")
        )
    if main not in names or declared not in kinds:
        raise _unreadable()
    return content


def _check_size(parts: list[ZipInfo]) -> None:
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNFOLDED:
        raise UploadRefused(
            _("This file unfolds to more than is taken. Save it as PDF instead.")
        )


def _content_types(package: ZipFile, names: set[str]) -> bytes:
    name = "[Content_Types].xml"
    if name not in names:
        raise _unreadable()
    with package.open(name) as part:
        return part.read(MAX_CONTENT_TYPES)


def _is_macro(name: str) -> bool:
    plain = name.lower()
    return plain.endswith(_RUNNING) or any(word in plain for word in _ACTING)


def _unreadable() -> UploadRefused:
    return UploadRefused(
        _("This file cannot be read as Word or Excel. Save it as PDF, then upload it.")
    )

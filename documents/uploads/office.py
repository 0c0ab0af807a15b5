"""Word and Excel files: what acts, fetches or hides in them is refused.

The rest is packed anew, so that nothing stands before, between or after its parts.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import ParseError
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from documents.uploads.refusal import Safe, UploadRefused

MAX_UNFOLDED = 100 * 1024 * 1024
MAX_PARTS = 5_000
_WORD = b"wordprocessingml.document.main+xml"
_EXCEL = b"spreadsheetml.sheet.main+xml"
_ACTING = ("vbaproject", "vbadata", "activex", "oleobject", "macrosheets")
_RUNNING = (
    *(".vbs", ".js", ".jse", ".exe", ".dll", ".scr", ".bat", ".cmd", ".com", ".lnk"),
    *(".hta", ".wsf", ".ps1", ".msi", ".jar", ".zip", ".rar", ".7z", ".iso", ".docm"),
    *(".xlsm", ".htm", ".html", ".mht", ".mhtml", ".swf", ".chm"),
)
# Parts that fetch: other workbooks, databases, questions to the web.
_FETCHING = ("xl/externallinks/", "xl/connections", "xl/querytables/", "xl/model/")
_HARMLESS_LINKS = ("http://", "https://", "mailto:", "#")
_ENTITIES = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_SCRIPT = re.compile(rb"<script|\bon[a-z]+\s*=|javascript:", re.IGNORECASE)
# Fields and formulas that start a program or fetch from elsewhere.
_FIELD = re.compile(rb"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT)\b")
_FIELD_TEXT = re.compile(
    rb"<(?:\w+:)?instrText[^>]*>([^<]*)<|\b(?:\w+:)?instr=\"([^\"]*)\""
)
_FORMULA = re.compile(
    rb"<(?:\w+:)?f\b[^>]*>[^<]*"
    rb"(\|(?:'|&apos;)?[^<|\"]*!|WEBSERVICE|\bCALL\(|REGISTER\.ID)",
    re.IGNORECASE,
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_TIME = (1980, 1, 1, 0, 0, 0)


def check_docx(content: bytes) -> Safe:
    """Give back a Word document that does nothing. Raises UploadRefused."""
    return _check(content, main="word/document.xml", declared=_WORD)


def check_xlsx(content: bytes) -> Safe:
    """Give back an Excel workbook that does nothing. Raises UploadRefused."""
    return _check(content, main="xl/workbook.xml", declared=_EXCEL)


def _check(content: bytes, *, main: str, declared: bytes) -> Safe:
    try:
        with ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            _check_size(parts)
            _check_names([part.filename for part in parts])
            read = {part.filename: package.read(part) for part in _files(parts)}
    except (
        BadZipFile,
        RuntimeError,
        NotImplementedError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        raise _unreadable() from error
    kinds = read.get("[Content_Types].xml", b"")
    if b"macroEnabled" in kinds:
        raise _macros()
    if main not in read or declared not in kinds:
        raise _unreadable()
    for name, part in read.items():
        _check_part(name.lower(), part)
    return Safe(_packed(read))


def _files(parts: list[ZipInfo]) -> Iterator[ZipInfo]:
    return (part for part in parts if not part.is_dir())


def _check_size(parts: list[ZipInfo]) -> None:
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNFOLDED:
        raise UploadRefused(
            _("This file unfolds to more than is taken. Save it as PDF instead.")
        )


def _check_names(names: list[str]) -> None:
    plain = [name.lower() for name in names]
    if any(
        name.endswith(_RUNNING) or any(word in name for word in _ACTING)
        for name in plain
    ):
        raise _macros()
    if any(name.startswith(_FETCHING) for name in plain):
        raise _fetching()
    climbs = any(
        name.startswith("/") or "\\" in name or ".." in name.split("/")
        for name in names
    )
    # Two parts of one name: programs differ in which of them they read.
    if climbs or len(set(plain)) != len(plain):
        raise _unreadable()


def _check_part(name: str, content: bytes) -> None:
    if name.startswith("word/embeddings/") and name.endswith(".bin"):
        raise _macros()
    if not name.endswith((".xml", ".rels", ".svg", ".vml")):
        return
    text = _narrow(content)
    if _ENTITIES.search(text):
        raise _unreadable()
    if name.endswith(".rels"):
        _check_relations(text)
    elif name.endswith(".svg") and _SCRIPT.search(text):
        raise _macros()
    elif _FORMULA.search(text) or _FIELD.search(_fields(text)):
        raise _fetching()


def _narrow(content: bytes) -> bytes:
    """XML in UTF-16 as UTF-8, so that what is looked for is found in both."""
    if content.startswith(_WIDE):
        return content.decode("utf-16", errors="replace").encode()
    return content


def _fields(text: bytes) -> bytes:
    """The codes of all fields as one; a word may be split over several runs."""
    return b"".join(run or whole + b" " for run, whole in _FIELD_TEXT.findall(text))


def _check_relations(content: bytes) -> None:
    """Refuse what is fetched when the file is opened; links that are pressed stay."""
    try:
        relations = list(fromstring(content.decode("utf-8", errors="replace")))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise _unreadable() from error
    for relation in relations:
        kind = relation.get("Type", "").rsplit("/", 1)[-1].lower()
        if kind in {"afchunk", "oleobject", "vbaproject"}:
            raise _macros()
        if relation.get("TargetMode", "").lower() != "external":
            continue
        target = relation.get("Target", "").strip().lower()
        if kind != "hyperlink" or not target.startswith(_HARMLESS_LINKS):
            raise _fetching()


def _packed(parts: dict[str, bytes]) -> bytes:
    """Pack the parts anew; the same bytes for the same parts."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(ZipInfo(name, _TIME), content, ZIP_DEFLATED)
    return out.getvalue()


def _macros() -> UploadRefused:
    return UploadRefused(
        _("This file holds macros. Save it as DOCX, XLSX or PDF without macros.")
    )


def _fetching() -> UploadRefused:
    return UploadRefused(
        _(
            "This file fetches data from elsewhere when it is opened. Save it as PDF, "
            "then upload it."
        )
    )


def _unreadable() -> UploadRefused:
    return UploadRefused(
        _("This file cannot be read as Word or Excel. Save it as PDF, then upload it.")
    )

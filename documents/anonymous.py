"""Files without what tells whose they are: for readers who must not know it.

What is written on the paper stays; what programs, cameras and scanners note beside it
goes: authors, companies, paths, comments' names, signatures, places.
"""

import re
import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import pikepdf

from documents.uploads.pdf import dictionaries

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TIME = (1980, 1, 1, 0, 0, 0)
_NOTES_BESIDE = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
# Who signed: the picture of the signature stays on the page, as anything drawn there.
_OF_SIGNATURES = (
    *("/Contents", "/ByteRange", "/Cert", "/Name", "/Reason", "/Location"),
    *("/ContactInfo", "/M", "/Prop_Build"),
)
_REMARKS = frozenset(
    {
        *("/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/Ink"),
        *("/PolyLine", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut"),
        *("/Stamp", "/Caret", "/Popup", "/FileAttachment", "/Redact"),
    }
)
_JPEG_KEPT = {0xE0, 0xE2, 0xEE}  # how it is drawn: JFIF, colour profile, colour space
_PNG_NOTES = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
_PEOPLE = re.compile(
    rb"(\b(?:\w+:)?(?:author|initials|userName|userId|providerId|displayName|lastEdited"
    rb"By|url)=)(\"[^\"]*\"|'[^']*')"
)
_AUTHORS = re.compile(rb"(<(?:\w+:)?author>)[^<]*")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_EMPTY = {
    "docProps/core.xml": (
        b'<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="http://'
        b"schemas.openxmlformats.org/package/2006/metadata/core-properties"
        b'"/>'
    ),
    "docProps/app.xml": (
        b'<?xml version="1.0" encoding="UTF-8"?><Properties xmlns="http://'
        b'schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    ),
    "docProps/custom.xml": (
        b'<?xml version="1.0" encoding="UTF-8"?><Properties xmlns="http://'
        b'schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    ),
}


class NotAnonymous(Exception):
    """A file that cannot be read, so that nobody knows what it tells."""


def without_notes(content: bytes, content_type: str) -> bytes:
    """Give the same file without what stands beside its content.

    Raises NotAnonymous for one that cannot be read, or of a kind that is not known.
    """
    try:
        if content_type == "application/pdf":
            return _pdf(content)
        if content_type in (WORD, EXCEL):
            return _office(content)
        if content_type == "image/jpeg":
            return _jpeg(content)
        if content_type == "image/png":
            return _png(content)
    except (
        pikepdf.PdfError,
        BadZipFile,
        struct.error,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
    ) as error:
        raise NotAnonymous from error
    raise NotAnonymous


def _pdf(content: bytes) -> bytes:
    with pikepdf.open(BytesIO(content)) as pdf:
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        for held in dictionaries(pdf):
            _forget(held)
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and _is_photo(item):
                picture = _jpeg(item.read_raw_bytes())
                item.write(picture, filter=pikepdf.Name.DCTDecode)
        out = BytesIO()
        pdf.remove_unreferenced_resources()
        pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _forget(item: pikepdf.Dictionary) -> None:
    for name in _NOTES_BESIDE:
        if name in item:
            del item[name]
    if str(item.get("/Subtype", "")) in _REMARKS and "/T" in item:
        del item["/T"]
    if str(item.get("/Type", "")) == "/Sig" or "/ByteRange" in item:
        for name in _OF_SIGNATURES:
            if name in item:
                del item[name]


def _is_photo(stream: pikepdf.Stream) -> bool:
    kind = stream.stream_dict.get("/Filter")
    names = list(kind) if isinstance(kind, pikepdf.Array) else [kind]
    return [str(name) for name in names] == ["/DCTDecode"]


def _jpeg(content: bytes) -> bytes:
    """Leave out the segments in which cameras and programs write."""
    if content[:2] != b"\xff\xd8":
        raise ValueError
    kept, place = [b"\xff\xd8"], 2
    while place < len(content):
        if content[place] != 0xFF:
            raise ValueError
        kind = content[place + 1]
        if kind == 0xFF:  # idle bytes may stand before a segment
            place += 1
            continue
        if kind == 0xDA:  # the picture itself, to the end
            return b"".join([*kept, content[place:]])
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        is_note = kind == 0xFE or (0xE0 <= kind <= 0xEF and kind not in _JPEG_KEPT)
        if not is_note:
            kept.append(content[place : place + 2 + length])
        place += 2 + length
    raise ValueError


def _png(content: bytes) -> bytes:
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError
    kept, place = [content[:8]], 8
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, end = content[place + 4 : place + 8], place + 12 + length
        if kind not in _PNG_NOTES:
            kept.append(content[place:end])
        place = end
        if kind == b"IEND":
            return b"".join(kept)
    raise ValueError


def _office(content: bytes) -> bytes:
    out = BytesIO()
    with (
        ZipFile(BytesIO(content)) as package,
        ZipFile(out, "w", ZIP_DEFLATED) as packed,
    ):
        for part in package.infolist():
            if part.is_dir():
                continue
            inside = _office_part(part.filename, package.read(part))
            packed.writestr(ZipInfo(part.filename, _TIME), inside, ZIP_DEFLATED)
    return out.getvalue()


def _office_part(name: str, content: bytes) -> bytes:
    lower = name.lower()
    for place, empty in _EMPTY.items():
        if lower == place.lower():
            return empty
    if lower.endswith((".jpg", ".jpeg")):
        return _jpeg(content)
    if lower.endswith(".png"):
        return _png(content)
    if not lower.endswith(".xml"):
        return content
    if content.startswith(_WIDE):
        content = content.decode("utf-16").encode()
        content = re.sub(rb"encoding=[\"'][^\"']*[\"']", b'encoding="UTF-8"', content)
    return _AUTHORS.sub(rb"\1", _PEOPLE.sub(rb'\1""', content))

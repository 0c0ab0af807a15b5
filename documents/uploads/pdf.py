"""PDF files: those that can act, hide files or be locked are refused."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.unfolding import MAX_PAGES, MEBIBYTE
from documents.uploads.refusal import Safe, UploadRefused

# What all streams of a file together may unfold to, as far as anybody looks.
MAX_UNFOLDED = 256 * MEBIBYTE
# Names that make a PDF act by itself, or carry other files.
_ACTING = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMedia"})
_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Sound",
    }
)
# Harmless when pressed; not when the file does it by itself as it is opened.
_LEADING_OUT = frozenset({"/URI", "/GoToR"})
_BY_ITSELF = ("/OpenAction", "/AA")
_CARRYING = frozenset({"/EmbeddedFiles", "/EF", "/Ref"})
_HARMLESS_SCHEMES = ("http:", "https:", "mailto:", "tel:")
_DEEPEST = 60
# What another program would take the file for: then it is written anew.
_OTHER_FORMATS = re.compile(
    rb"PK\x03\x04|PK\x05\x06|<html|<script|<svg|<!doctype|<\?php|Rar!\x1a|7z\xbc\xaf",
    re.IGNORECASE,
)
_END = re.compile(rb"%%EOF[\s\x00]*\Z")


def check_pdf(content: bytes) -> Safe:
    """Give back a PDF that is only paper, and the number of its pages.

    One that another program could take for something else, or that goes on after its
    end, is written anew; any other keeps its bytes, and with them its signatures.

    Raises UploadRefused for one that is locked, runs scripts, starts programs, carries
    files, has no page or too many, or cannot be read.
    """
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise _locked()
            pages = _count(pdf)
            for item in dictionaries(pdf):
                _check(item)
            _check_streams(pdf)
            if _OTHER_FORMATS.search(content) or not _END.search(content):
                content = _written_anew(pdf)
    except pikepdf.PasswordError as error:
        raise _locked() from error
    except (
        pikepdf.PdfError,
        ValueError,
        TypeError,
        RecursionError,
        MemoryError,
    ) as error:
        raise UploadRefused(
            _("This PDF cannot be opened. Save or scan it again as PDF.")
        ) from error
    return Safe(content, pages)


def _count(pdf: pikepdf.Pdf) -> int:
    pages = len(pdf.pages)
    if pages == 0:
        raise UploadRefused(_("This PDF has no page. Save it again."))
    if pages > MAX_PAGES:
        raise UploadRefused(
            ngettext(
                "This PDF has %(pages)d pages, and at most %(limit)d is taken. Upload "
                "only the pages that matter.",
                "This PDF has %(pages)d pages, and at most %(limit)d are taken. Upload "
                "only the pages that matter.",
                MAX_PAGES,
            )
            % {"pages": pages, "limit": MAX_PAGES}
        )
    return pages


def _written_anew(pdf: pikepdf.Pdf) -> bytes:
    """The same paper and nothing beside it; the same bytes for the same paper."""
    out = BytesIO()
    pdf.save(out, deterministic_id=True, compress_streams=True)
    return out.getvalue()


def _locked() -> UploadRefused:
    return UploadRefused(
        _("This PDF is locked. Save it without a password, then upload it again.")
    )


def _check(item: pikepdf.Dictionary) -> None:
    keys = set(item.keys())
    if (
        keys & _ACTING
        or str(item.get("/S", "")) in _ACTIONS
        or _leads_astray(item)
        or any(_acts_by_itself(item.get(name)) for name in _BY_ITSELF)
    ):
        raise UploadRefused(
            _("This PDF holds a script or an action. Print it to PDF, then upload it.")
        )
    if keys & _CARRYING or str(item.get("/Type", "")) == "/EmbeddedFile":
        raise UploadRefused(
            _("This PDF carries other files inside. Upload those on their own.")
        )


def _leads_astray(item: pikepdf.Dictionary) -> bool:
    """Whether a link leads to a script or into somebody's machine."""
    if str(item.get("/S", "")) != "/URI":
        return False
    target = "".join(str(item.get("/URI", "")).split()).lower()
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", target)
    return scheme is not None and not target.startswith(_HARMLESS_SCHEMES)


def _acts_by_itself(found: object) -> bool:
    if not isinstance(found, pikepdf.Dictionary):
        return False
    actions = [found, *found.values()]
    return any(
        isinstance(each, pikepdf.Dictionary) and str(each.get("/S", "")) in _LEADING_OUT
        for each in actions
    )


def _check_streams(pdf: pikepdf.Pdf) -> None:
    left = MAX_UNFOLDED
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            if "/F" in item.stream_dict:  # its content stands in another file
                raise UploadRefused(
                    _("This PDF carries other files inside. Upload those on their own.")
                )
            left -= _unfolded(item, left)
            if left <= 0:
                raise UploadRefused(
                    _("This PDF unfolds to more than is taken. Scan it again as PDF.")
                )


def _unfolded(stream: pikepdf.Stream, most: int) -> int:
    """To how many bytes a stream unfolds; as many as `most` are looked at."""
    found = stream.stream_dict.get("/Filter")
    names = list(found) if isinstance(found, pikepdf.Array) else [found]
    content = stream.read_raw_bytes()
    for name in names:
        if str(name) not in {"/FlateDecode", "/Fl"}:
            break
        try:
            content = zlib.decompressobj().decompress(content, most)
        except zlib.error:
            break
    return len(content)


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Walk every dictionary; what is only referred to comes as its own object.

    Raises ValueError where they stand too deep in each other.
    """
    yield from _within(pdf.trailer, 0)
    for item in pdf.objects:
        yield from _within(item, 0)


def _within(item: object, depth: int) -> Iterator[pikepdf.Dictionary]:
    if depth > _DEEPEST:
        raise ValueError
    if isinstance(item, pikepdf.Stream):
        item = item.stream_dict
    if isinstance(item, pikepdf.Dictionary):
        yield item
        children = list(item.values())
    elif isinstance(item, pikepdf.Array):
        children = list(item)
    else:
        return
    for child in children:
        is_container = isinstance(child, pikepdf.Dictionary | pikepdf.Array)
        if is_container and not child.is_indirect:
            yield from _within(child, depth + 1)

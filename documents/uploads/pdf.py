"""PDF files: those that can act, hide files or be locked are refused."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import settings as qpdf

from documents.uploads.refusal import UploadRefused

MEBIBYTE = 1024 * 1024
# Names that make a PDF act by itself, or carry other files.
_ACTING = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMedia"})
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"}
)
_CARRYING = frozenset({"/EmbeddedFiles", "/EF"})
_DEEPEST = 60

# A file of kilobytes can unfold into gigabytes. Process-wide, set once at import.
qpdf.set_qpdf_limits(
    flate_max_memory=64 * MEBIBYTE,
    run_length_max_memory=64 * MEBIBYTE,
    png_max_memory=64 * MEBIBYTE,
    tiff_max_memory=64 * MEBIBYTE,
    dct_max_memory=128 * MEBIBYTE,
    doc_max_warnings=100,
    max_stream_filters=4,
    parser_max_nesting=100,
)


def check_pdf(content: bytes) -> bytes:
    """Give back a PDF that is only paper.

    Raises UploadRefused for one that is locked, runs scripts, starts programs, carries
    files, has no page or cannot be read.
    """
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise _locked()
            if len(pdf.pages) == 0:
                raise UploadRefused(_("This PDF has no page. Save it again."))
            for item in _dictionaries(pdf):
                _check(item)
    except pikepdf.PasswordError as error:
        raise _locked() from error
    except (pikepdf.PdfError, ValueError, RecursionError, MemoryError) as error:
        raise UploadRefused(
            _("This PDF cannot be opened. Save or scan it again as PDF.")
        ) from error
    return content


def _locked() -> UploadRefused:
    return UploadRefused(
        _("This PDF is locked. Save it without a password, then upload it again.")
    )


def _check(item: pikepdf.Dictionary) -> None:
    keys = set(item.keys())
    if keys & _ACTING or str(item.get("/S", "")) in _ACTIONS:
        raise UploadRefused(
            _("This PDF holds a script or an action. Print it to PDF, then upload it.")
        )
    if keys & _CARRYING or str(item.get("/Type", "")) == "/EmbeddedFile":
        raise UploadRefused(
            _("This PDF carries other files inside. Upload those on their own.")
        )


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Walk every dictionary; what is only referred to comes as its own object."""
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

"""What a file tells of itself: whether it opens, its pages, the codes it names."""

import re
import zlib
from io import BytesIO
from typing import Any

import pikepdf

from documents.unfolding import MAX_PAGES, MEBIBYTE

# A file may name the codes of others (a list of certificates); the first ones count.
MOST_CODES = 5
_CODE = rb"[0-9A-HJKMNP-TV-Z]{16}"
# The address of the QR code, and the two places where a PDF keeps its keywords. They
# stand in the file as plain text, and are found in one that nobody can open any more.
_WRITTEN = re.compile(
    rb"/verifikasi/(" + _CODE + rb")/"
    rb"|/Keywords\s*\((" + _CODE + rb")\)"
    rb"|pdf:Keywords(?:>|=\")(" + _CODE + rb")[<\"]"
)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
MOST_UNFOLDED = 64 * MEBIBYTE
_PRINTED = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}\b")


def look(content: bytes) -> dict[str, Any]:
    """Open a file: its state, its pages, and the codes in it, the likeliest first.

    The state is `read`, `locked` or `broken`; a broken file tells its codes, too.
    """
    codes = _written(content)
    pages, state = 0, "read"
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            pages = len(pdf.pages)
            if pdf.is_encrypted:
                state = "locked"
            elif not 0 < pages <= MAX_PAGES:
                state = "broken"
            else:
                codes += _in_keywords(pdf) + _in_links(pdf)
    except pikepdf.PasswordError:
        state = "locked"
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError, MemoryError):
        state = "broken"
    if not codes:
        codes = _printed(content) if state == "read" else _salvaged(content)
    return {
        "state": state,
        "pages": pages,
        "codes": list(dict.fromkeys(codes))[:MOST_CODES],
    }


def _written(content: bytes) -> list[str]:
    return [
        next(group for group in found.groups() if group).decode()
        for found in _WRITTEN.finditer(content)
    ]


def _salvaged(content: bytes) -> list[str]:
    """The codes in whatever part of a damaged file can still be unfolded."""
    found: list[str] = []
    left = MOST_UNFOLDED
    for packed in _STREAM.finditer(content):
        try:
            plain = zlib.decompressobj().decompress(packed[1], left)
        except zlib.error:
            continue
        found += _written(plain)
        left -= len(plain)
        if found or left <= 0:
            break
    return found


def _in_keywords(pdf: pikepdf.Pdf) -> list[str]:
    text = str(pdf.docinfo.get("/Keywords", ""))
    return re.findall(_CODE.decode(), text)


def _in_links(pdf: pikepdf.Pdf) -> list[str]:
    found = []
    for page in pdf.pages:
        for annotation in page.get("/Annots", pikepdf.Array()):
            action = annotation.get("/A", pikepdf.Dictionary())
            target = str(action.get("/URI", ""))
            found += _written(f"{target}/".encode())
    return found


def _printed(content: bytes) -> list[str]:
    """The codes in the text of the first and the last pages, as people read them."""
    import pypdfium2

    found: list[str] = []
    try:
        with pypdfium2.PdfDocument(content) as paper:
            last = len(paper) - 1
            for number in sorted({0, 1, max(0, last - 1), last} & set(range(last + 1))):
                text = paper[number].get_textpage().get_text_range()
                found += _PRINTED.findall(text)
    except (pypdfium2.PdfiumError, ValueError):
        return []
    return [code.replace("-", "") for code in found]

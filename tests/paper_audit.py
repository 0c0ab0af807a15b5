"""What every PDF of the portal must be: archival, tagged, readable, harmless."""

import ctypes
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from django.conf import settings
from pikepdf import Dictionary, Name

# Bytes a certificate may have; a batch of a thousand is sent and kept.
CERTIFICATE = 250 * 1024


def faults_of(content: bytes, html: str, *, size: int | None = None) -> list[str]:
    """Name all that is wrong with a PDF that was made of `html`."""
    with pikepdf.open(BytesIO(content)) as paper:
        faults = [
            *_archival(paper),
            *_named(paper),
            *_tagged(paper),
            *_fonts(paper),
            *_active(paper),
            *(["damaged"] if paper.check_pdf_syntax() else []),
        ]
        faults += _languages(paper, html)
    faults += _read_in_order(content, html)
    if size and len(content) > size:
        faults.append(f"{len(content)} bytes")
    return faults


def scanned(content: bytes) -> list[str]:
    """What the QR codes of a paper say, printed at 150 dpi."""
    with pypdfium2.PdfDocument(content) as document:
        pictures = [page.render(scale=150 / 72).to_pil() for page in document]
    found = [code for each in pictures for code in zxingcpp.read_barcodes(each)]
    return [code.text for code in found]


def _archival(paper: pikepdf.Pdf) -> Iterator[str]:
    with paper.open_metadata() as notes:
        if (notes.get("pdfaid:part"), notes.get("pdfaid:conformance")) != ("3", "A"):
            yield "is no PDF/A-3a"
    intents = [
        each
        for each in paper.Root.get("/OutputIntents", [])
        if each.S == Name.GTS_PDFA1 and "/DestOutputProfile" in each
    ]
    if len(intents) != 1:
        yield "has no colour profile"
    if paper.is_encrypted:
        yield "is locked"


def _named(paper: pikepdf.Pdf) -> Iterator[str]:
    if not str(paper.Root.get("/Lang", "")):
        yield "has no language"
    title = str(paper.docinfo.get("/Title", ""))
    with paper.open_metadata() as notes:
        if not title or notes.get("dc:title") != title:
            yield "has no title, or two"
    if not paper.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "shows the name of its file and not its title"


def elements_of(paper: pikepdf.Pdf) -> list[tuple[str, Dictionary]]:
    """The elements of the structure tree in their order, each with its kind."""
    found = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, Dictionary) and "/S" in node:
            found.append((str(node.S), node))
            walk(node.get("/K", pikepdf.Array()))

    walk(paper.Root.StructTreeRoot.get("/K", pikepdf.Array()))
    return found


def _tagged(paper: pikepdf.Pdf) -> Iterator[str]:
    if not paper.Root.get("/MarkInfo", {}).get("/Marked"):
        yield "is not tagged"
        return
    elements = elements_of(paper)
    kinds = [kind for kind, _element in elements]
    if any(
        not str(element.get("/Alt", "")).strip()
        for kind, element in elements
        if kind == "/Figure"
    ):
        yield "has a picture that says nothing"
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H[1-6]", kind)]
    if not levels or levels[0] != 1:
        yield f"does not begin with its main heading: {levels}"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield f"leaves a level of headings out: {levels}"
    if "/Table" in kinds and "/TH" not in kinds:
        yield "has a table without headings"
    if any(page.get("/Tabs") != Name.S for page in paper.pages if "/Annots" in page):
        yield "does not go through links in reading order"


def _languages(paper: pikepdf.Pdf, html: str) -> Iterator[str]:
    """Whether the parts that are in a language of their own name it (PDF/UA)."""
    written = set(re.findall(r'\slang="([a-z]+)"', html.partition("<body")[2]))
    named = {str(element.get("/Lang", "")) for _kind, element in elements_of(paper)}
    for language in written - named:
        yield f"has parts in {language} that do not say so"


def _fonts(paper: pikepdf.Pdf) -> Iterator[str]:
    for each in paper.objects:
        if not isinstance(each, Dictionary) or each.get("/Type") != Name.FontDescriptor:
            continue
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys()):
            yield f"does not hold the typeface {each.get('/FontName')}"


def _active(paper: pikepdf.Pdf) -> Iterator[str]:
    names = paper.Root.get("/Names", {})
    for name in ("/JavaScript", "/EmbeddedFiles"):
        if name in names:
            yield f"has {name}"
    for name in ("/OpenAction", "/AA", "/AcroForm", "/AF"):
        if name in paper.Root:
            yield f"has {name}"
    for each in paper.objects:
        if not isinstance(each, Dictionary):
            continue
        for action in (each, each.get("/A")):
            kind = action.get("/S") if isinstance(action, Dictionary) else None
            if kind in {Name.JavaScript, Name.Launch, Name.GoToR, Name.SubmitForm}:
                yield f"does {kind}"
            if kind == Name.URI and not _is_ours(str(action.URI)):
                yield f"leads to {action.URI}"


def _is_ours(address: str) -> bool:
    return address.startswith(f"{settings.BASE_URL.rstrip('/')}/")


def _read_in_order(content: bytes, html: str) -> list[str]:
    """Whether somebody who has it read aloud hears what was written, in its order.

    What the style sheets add (numbers of pages, marks of lists) may stand between.
    """
    heard = _bare(_read_aloud(content))
    written = _bare(_text_of(html))
    place = 0
    for number, sign in enumerate(written):
        found = heard.find(sign, place)
        if found < 0:
            return [f"is not read in its order: … {written[number - 30 : number + 9]}"]
        place = found + 1
    added = len(heard) - len(written)
    return [f"reads {added} signs nobody wrote"] if added > 60 + len(heard) / 8 else []


def _bare(text: str) -> str:
    # Hyphens come with line breaks; upper case may come from the style sheet.
    return re.sub(r"[\s\u00ad\u2010\ufffe\x02-]", "", text).casefold()


def _text_of(html: str) -> str:
    from tinyhtml5 import parse

    body = parse(html, namespace_html_elements=False).find("body")
    pieces: list[str] = []

    def walk(node: Any) -> None:
        name = node.tag if isinstance(node.tag, str) else ""
        if not name or name in {"style", "script"} or "svg" in name:
            return
        pieces.append(node.text or "")
        for child in node:
            walk(child)
            pieces.append(child.tail or "")

    walk(body)
    return "".join(pieces)


def _read_aloud(content: bytes) -> str:
    """The text in the order of the structure tree, as a reader for the blind has it."""
    with pypdfium2.PdfDocument(content) as document:
        return "".join(_of_page(page) for page in document)


def _of_page(page: pypdfium2.PdfPage) -> str:
    texts: dict[int, str] = {}
    words = page.get_textpage()
    for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
        mark = pdfium.FPDFPageObj_GetMarkedContentID(each.raw)
        size = pdfium.FPDFTextObj_GetText(each.raw, words.raw, None, 0)
        buffer = ctypes.create_string_buffer(size)
        pdfium.FPDFTextObj_GetText(
            each.raw,
            words.raw,
            ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)),
            size,
        )
        text = buffer.raw.decode("utf-16-le").rstrip("\0")
        texts[mark] = texts.get(mark, "") + text
    order: list[int] = []
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)

    def walk(element: Any) -> None:
        for turn in range(pdfium.FPDF_StructElement_CountChildren(element)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, turn)
            if child:
                walk(child)
            else:
                order.append(
                    pdfium.FPDF_StructElement_GetChildMarkedContentID(element, turn)
                )

    for turn in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, turn))
    pdfium.FPDF_StructTree_Close(tree)
    return "".join(texts.get(mark, "") for mark in order)

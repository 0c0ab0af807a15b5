"""Whether a signed file is an issued paper with signatures, and nothing else.

Most programs that sign append to the file: then the paper's bytes stand at its head,
and all that follows must be signatures. Some write the file anew: then all that its
pages show must be equal.
"""

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

import pikepdf
from pikepdf import Name
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    FormUpdatingRule,
    StandardDiffPolicy,
)
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.diff_analysis.rules.form_field_rules import (
    SigFieldCreationRule,
    SigFieldModificationRule,
)

from documents.examining.packed import PackedReader

# What all signatures of a page may cover: they stand beside the text, not over it.
LARGEST_BLOCKS = 0.25
_SAME = "same"
# What is kept about a page beside what it shows: never looked at by a reader's eye.
_BESIDE = frozenset(
    {"/Parent", "/Metadata", "/PieceInfo", "/LastModified", "/StructParents", "/Thumb"}
)
_ENTRIES = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/AA")
_MODES = frozenset({"/OCProperties", "/Collection", "/OpenAction", "/AA"})
_DEEPEST = 60
# What may be appended: signatures, time stamps, and what keeps them provable.
_POLICY = StandardDiffPolicy(
    DEFAULT_DIFF_POLICY.global_rules,
    FormUpdatingRule(
        [SigFieldCreationRule(), SigFieldModificationRule()],
        ignored_acroform_keys={*ACROFORM_EXEMPT_STRICT_COMPARISON, "/SigFlags"},
    ),
)


def compare(issued: bytes, content: bytes) -> str:
    """Give `same`, or what is different: the first that is found.

    `pages`, `content`, `annotations`, `attachments`, `actions`, `fields`, `block` (a
    signature that covers too much), `updates` (what was appended is no signature), or
    `unreadable`.
    """
    try:
        with (
            pikepdf.open(BytesIO(issued)) as paper,
            pikepdf.open(BytesIO(content)) as signed,
        ):
            found = _differ(paper, signed)
        if found == _SAME and content.startswith(issued):
            found = _appended(issued, content)
    except (
        pikepdf.PdfError,
        PdfError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        MemoryError,
    ):
        return "unreadable"
    return found


def _appended(issued: bytes, content: bytes) -> str:
    """Have each update after the issued bytes looked at by itself."""
    reader = PackedReader(BytesIO(content), strict=False)
    known = PackedReader(BytesIO(issued), strict=False).xrefs.total_revisions
    before = reader.get_historical_resolver(known - 1)
    # The analysis compares forms, and ours have none before they are signed.
    before.root.setdefault(
        NameObject("/AcroForm"),
        DictionaryObject({NameObject("/Fields"): ArrayObject()}),
    )
    result = _POLICY.review_file(reader, before)
    return _SAME if isinstance(result, DiffResult) else "updates"


def _differ(paper: pikepdf.Pdf, signed: pikepdf.Pdf) -> str:
    if len(paper.pages) != len(signed.pages):
        return "pages"
    if _attached(signed) - _attached(paper):
        return "attachments"
    if _opened(signed) != _opened(paper):
        return "actions"
    if any(str(field) != "/Sig" for field in _kinds_of_fields(signed)):
        return "fields"
    for before, after in zip(paper.pages, signed.pages, strict=True):
        if found := _page_differs(before, after):
            return found
    return _SAME


def _page_differs(before: pikepdf.Page, after: pikepdf.Page) -> str:
    if _drawn(before) != _drawn(after):
        return "content"
    added = _annotations(after)
    signatures = [each for each in added if _is_signature(each)]
    if _texts(added) != _texts(_annotations(before)):
        return "annotations"
    blocks = [_area(each.get("/Rect", [0, 0, 0, 0])) for each in signatures]
    if sum(blocks) > LARGEST_BLOCKS * _area(after.mediabox):
        return "block"
    return ""


def _drawn(page: pikepdf.Page) -> bytes:
    """The digest of all that a page is drawn from."""
    digest = hashlib.sha256(_stream(page))
    for name in _ENTRIES:
        digest.update(f"{name}:{_plain(_inherited(page.obj, name))}".encode())
    resources = _inherited(page.obj, "/Resources")
    for part in _walk(resources, 0, ()):
        digest.update(part)
    return digest.digest()


def _stream(page: pikepdf.Page) -> bytes:
    contents = page.obj.get("/Contents")
    if contents is None:
        return b""
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    # As a reader joins them: white space between, whatever the parts end with.
    return b"\n".join(part.read_bytes().strip() for part in parts)


def _inherited(node: pikepdf.Object, name: str) -> pikepdf.Object | None:
    for _level in range(_DEEPEST):
        if name in node:
            return node[name]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    raise ValueError


def _walk(
    item: object, depth: int, above: tuple[tuple[int, int], ...]
) -> Iterator[bytes]:
    """Give everything below an object as bytes, whatever its objects are numbered."""
    if depth > _DEEPEST:
        raise ValueError
    if isinstance(item, pikepdf.Object) and item.is_indirect:
        if item.objgen in above:
            yield b"<above %d>" % (len(above) - above.index(item.objgen))
            return
        above = (*above, item.objgen)
    if isinstance(item, pikepdf.Stream):
        yield b"stream"
        yield from _dictionary(item.stream_dict, depth, above, is_stream=True)
        yield hashlib.sha256(_bytes_of(item)).digest()
    elif isinstance(item, pikepdf.Dictionary):
        yield from _dictionary(item, depth, above, is_stream=False)
    elif isinstance(item, pikepdf.Array):
        yield b"["
        for each in list(item):
            yield from _walk(each, depth + 1, above)
        yield b"]"
    else:
        yield _plain(item).encode()


def _dictionary(
    item: pikepdf.Dictionary,
    depth: int,
    above: tuple[tuple[int, int], ...],
    *,
    is_stream: bool,
) -> Iterator[bytes]:
    packed = {"/Length", "/Filter", "/DecodeParms", "/DL"} if is_stream else set()
    yield b"<<"
    for name in sorted(item.keys()):
        if name not in _BESIDE and name not in packed:
            yield name.encode()
            yield from _walk(item[name], depth + 1, above)
    yield b">>"


def _bytes_of(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:  # a picture: compared as it is packed
        return stream.read_raw_bytes()


def _plain(item: object) -> str:
    if isinstance(item, bool) or item is None:
        return str(item)
    if isinstance(item, int | Decimal | float):
        return f"{Decimal(str(item)).normalize():f}"
    if isinstance(item, pikepdf.Array):
        return " ".join(_plain(each) for each in item)
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return b"".join(_walk(item, 0, ())).hex()
    return repr(bytes(item)) if isinstance(item, pikepdf.String) else str(item)


def _annotations(page: pikepdf.Page) -> list[pikepdf.Object]:
    return list(page.obj.get("/Annots", pikepdf.Array()))


def _is_signature(annotation: pikepdf.Object) -> bool:
    field = annotation if "/FT" in annotation else annotation.get("/Parent", annotation)
    return annotation.get("/Subtype") == Name.Widget and field.get("/FT") == Name.Sig


def _texts(annotations: list[pikepdf.Object]) -> list[bytes]:
    """The annotations that are no signatures: links of the paper itself."""
    return sorted(
        _plain(each.get("/Subtype")).encode()
        + _plain(each.get("/Rect")).encode()
        + _plain(each.get("/A", pikepdf.Dictionary()).get("/URI")).encode()
        + _plain(each.get("/Contents")).encode()
        + (b"AP" if "/AP" in each else b"")
        for each in annotations
        if not _is_signature(each)
    )


def _area(box: object) -> float:
    left, bottom, right, top = (float(side) for side in list(box))  # type: ignore[call-overload]
    return abs(right - left) * abs(top - bottom)


def _attached(pdf: pikepdf.Pdf) -> set[str]:
    return set(pdf.attachments.keys()) | ({"/AF"} if "/AF" in pdf.Root else set())


def _opened(pdf: pikepdf.Pdf) -> set[str]:
    """What a reader does or hides by itself as it opens the file."""
    found = {name for name in _MODES if name in pdf.Root}
    names = pdf.Root.get("/Names", pikepdf.Dictionary())
    return found | ({"/JavaScript"} if "/JavaScript" in names else set())


def _kinds_of_fields(pdf: pikepdf.Pdf) -> Iterator[object]:
    form = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
    if "/XFA" in form:
        yield "/XFA"
    waiting = [(field, 0) for field in form.get("/Fields", pikepdf.Array())]
    while waiting:
        field, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError
        if "/FT" in field:
            yield field["/FT"]
        elif "/Kids" in field:
            waiting += [(kid, depth + 1) for kid in field["/Kids"]]
        else:
            yield "/None"

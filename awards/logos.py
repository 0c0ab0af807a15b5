"""Logos on certificates: pictures of strangers, drawn anew before they are kept.

An SVG may hold shapes and colours and nothing else: it is read against a list of what
is allowed, written anew from that list, and drawn as a PNG. What is kept is always a
PNG that the portal has drawn itself, named by its digest like an emblem.
"""

import math
import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

import pypdfium2
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _
from PIL import Image

from accounts import emblems
from core.errors import DomainError
from documents import pdf

MAX_SVG_BYTES = 256 * 1024
MAX_SHAPES = 2000
MAX_DEPTH = 32
MAX_DRAWN_AGAIN = 20_000  # shapes of clip paths and stops, each time they are used
SIDE = 400  # enough for 15 mm on paper at 600 dots an inch
LIGHT = 60 * 1024  # a picture above this is drawn with 256 colours
_NAMESPACE = "http://www.w3.org/2000/svg"
_STYLES = (
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap "
    "stroke-linejoin stroke-miterlimit opacity clip-path clip-rule stop-color "
    "stop-opacity"
)
# A gradient that repeats is no part of them: of a tiny one no drawing would end.
_PLACES = (
    "id d x y x1 y1 x2 y2 cx cy r rx ry fx fy width height points transform viewBox "
    "offset gradientUnits gradientTransform clipPathUnits preserveAspectRatio"
)
_ELEMENTS = (
    "svg g path rect circle ellipse line polyline polygon defs clipPath "
    "linearGradient radialGradient stop"
)
_SHAPES = frozenset(_ELEMENTS.split())
_WORDS = frozenset({"title", "desc", "metadata"})
_STYLED = frozenset(_STYLES.split())
_ATTRIBUTES = _STYLED | frozenset(_PLACES.split())
# Letters, digits and what numbers, colours and paths are written with; an address
# only to a part of the same drawing.
_VALUE = re.compile(r"[\w\s.,+\-%#()]*", re.ASCII)
_FOREIGN_CALL = re.compile(r"url\((?!#)|javascript|data:|expression", re.IGNORECASE)
_NUMBER = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
_LENGTH = re.compile(rf"\s*({_NUMBER})(?:px|pt|mm|cm|in)?\s*")
_BOX = re.compile(
    rf"\s*-?(?:{_NUMBER})[\s,]+-?(?:{_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*"
)


class LogoRefused(DomainError):
    """The file is no picture that may be printed."""


def redrawn(content: bytes) -> bytes:
    """Draw a PNG or an SVG anew as a PNG: nothing but the picture stays.

    Raises LogoRefused, which says what to do.
    """
    if content.startswith(b"\x89PNG"):
        try:
            return _light(emblems.redrawn(content))
        except emblems.EmblemRefused as refusal:
            raise LogoRefused(refusal.message) from refusal
    if b"<svg" in content[:4096]:
        return _light(_drawn(cleaned(content)))
    raise LogoRefused(_("Choose a PNG or an SVG file."))


def cleaned(content: bytes) -> Element:
    """Read an SVG against what is allowed and write it anew.

    Raises LogoRefused for what a picture does not need: scripts, links, styles, text,
    other pictures, entities; and for one that is too large.
    """
    if len(content) > MAX_SVG_BYTES:
        raise LogoRefused(_("The drawing is larger than 256 KB. Simplify it."))
    try:
        root = fromstring(
            content, forbid_dtd=True, forbid_entities=True, forbid_external=True
        )
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise LogoRefused(
            _("The SVG cannot be read. Save it as plain SVG without a document type.")
        ) from error
    if root.tag != f"{{{_NAMESPACE}}}svg":
        raise LogoRefused(_("The file is no SVG drawing."))
    budget = iter(range(MAX_SHAPES))
    clean = Element("svg", _attributes(root))
    _copy(root, clean, budget, 0)
    _complete_gradients(root, clean)
    _refuse_endless(clean)
    return clean


def _copy(source: Element, target: Element, budget: Iterator[int], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise LogoRefused(_("The drawing is nested too deeply. Simplify it."))
    for child in source:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        is_foreign = not str(child.tag).startswith(f"{{{_NAMESPACE}}}")
        if is_foreign or name in _WORDS:
            continue  # notes of the drawing program
        if name not in _SHAPES:
            raise LogoRefused(
                _(
                    "The SVG holds <%(name)s>, which is not allowed. Save it as plain "
                    "SVG with text turned into paths and without styles and pictures."
                )
                % {"name": name[:40]}
            )
        if next(budget, None) is None:
            raise LogoRefused(_("The drawing has too many shapes. Simplify it."))
        _copy(child, SubElement(target, name, _attributes(child)), budget, depth + 1)


def _attributes(element: Element) -> dict[str, str]:
    found = {
        name: value for name, value in element.attrib.items() if name in _ATTRIBUTES
    }
    for rule in element.get("style", "").split(";"):
        name, _colon, value = rule.partition(":")
        if name.strip() in _STYLED:
            found[name.strip()] = value.strip()
    for name, value in found.items():
        if not _VALUE.fullmatch(value) or _FOREIGN_CALL.search(value):
            raise LogoRefused(
                _("The SVG has something in %(name)s that is not allowed.")
                % {"name": name}
            )
    return found


def _refuse_endless(clean: Element) -> None:
    """Refuse what takes minutes to draw: parts that are used over and over.

    Clip paths that are clipped themselves could double with each further one.
    """
    again = sum(each.tag == "stop" for each in clean.iter())
    for path in clean.iter("clipPath"):
        if any("clip-path" in each.attrib for each in path.iter()):
            raise LogoRefused(_("The drawing is nested too deeply. Simplify it."))
        again += sum(1 for _each in path.iter())
    uses = sum(
        value.startswith("url(")
        for each in clean.iter()
        for value in each.attrib.values()
    )
    if uses * again > MAX_DRAWN_AGAIN:
        raise LogoRefused(_("The drawing has too many shapes. Simplify it."))


def _complete_gradients(root: Element, clean: Element) -> None:
    """Give gradients that borrow their colours from another one these colours."""
    by_id = {each.get("id"): each for each in clean.iter() if each.get("id")}
    borrowed = {
        each.get("id"): value.removeprefix("#")
        for each in root.iter()
        for name, value in each.attrib.items()
        if name.rpartition("}")[2] == "href" and value.startswith("#")
    }
    for name, source in borrowed.items():
        gradient, other = by_id.get(name), by_id.get(source)
        if gradient is None or other is None or len(gradient) or other is gradient:
            continue
        for stop in other:
            if stop.tag == "stop":
                SubElement(gradient, "stop", dict(stop.attrib))


def _drawn(clean: Element) -> bytes:
    """Draw a cleaned SVG as a PNG with a transparent ground."""
    width, height = _size(clean)
    scale = SIDE / max(width, height)
    clean.set("viewBox", clean.get("viewBox") or f"0 0 {width:g} {height:g}")
    clean.set("width", f"{width * scale:.2f}")
    clean.set("height", f"{height * scale:.2f}")
    clean.set("xmlns", _NAMESPACE)
    page = (
        '<!doctype html><html lang="id"><head><title>-</title><style>'
        f"@page{{size:{width * scale:.2f}px {height * scale:.2f}px;margin:0}}"
        "html,body{margin:0}svg{display:block}</style></head><body>"
        f"{tostring(clean, encoding='unicode')}</body></html>"
    )
    content = pdf.render_html(page, variant=None)
    with pypdfium2.PdfDocument(content) as document:
        picture = document[0].render(
            scale=96 / 72, fill_color=(255, 255, 255, 0), maybe_alpha=True
        )
        image = picture.to_pil().convert("RGBA")
    if image.getextrema()[3][1] == 0:
        raise LogoRefused(_("Nothing is to be seen in the drawing."))
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _size(clean: Element) -> tuple[float, float]:
    if box := _BOX.fullmatch(clean.get("viewBox", "")):
        width, height = float(box[1]), float(box[2])
    else:
        sides = [_LENGTH.fullmatch(clean.get(name, "")) for name in ("width", "height")]
        width, height = (float(side[1]) if side else 0.0 for side in sides)
    is_drawable = all(math.isfinite(side) and side > 0 for side in (width, height))
    if not is_drawable or not 1 / 8 <= width / height <= 8:
        raise LogoRefused(
            _("The SVG says no size, or is far too wide or high. Give it a viewBox.")
        )
    return width, height


def _light(content: bytes) -> bytes:
    """Make a picture as small as print allows."""
    with Image.open(BytesIO(content), formats=["PNG"]) as image:
        picture = image.convert("RGBA")
    picture.thumbnail((SIDE, SIDE))
    for colours in (None, 256, 64):
        out = BytesIO()
        drawn = picture if colours is None else picture.quantize(colours)
        drawn.save(out, "PNG", optimize=True)
        if out.tell() <= LIGHT:
            break
    return out.getvalue()

"""Emblems and logos of strangers: drawn anew or refused, and nothing is fetched."""

import zlib
from io import BytesIO
from time import process_time

import pytest
from PIL import Image

from accounts import emblems
from awards import logos
from documents import pdf
from tests.documents import hostile_more
from tests.documents.hostile import photo_with_place, picture, pixel_bomb

HEAD = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 40'"
XLINK = b" xmlns:xlink='http://www.w3.org/1999/xlink'"
SHAPE = b"<rect width='40' height='40' fill='#143065'/>"
AT = b"file:///etc/passwd"


def svg(*parts, attributes=b""):
    return HEAD + attributes + b">" + b"".join(parts) + b"</svg>"


def entity_svg(*declared):
    return b"<!DOCTYPE svg [" + b"".join(declared) + b"]>" + svg(b"<desc>&a;</desc>")


def _laughs():
    entities = [b"<!ENTITY a0 'ha'>"]
    for turn in range(1, 10):
        entities.append(
            b"<!ENTITY a%d '%s'>" % (turn, b"&a%d;" % (turn - 1) * 10),
        )
    return entity_svg(*entities, b"<!ENTITY a '&a9;'>")


REFUSED = {
    "script": svg(SHAPE, b"<script>alert(1)</script>"),
    "style": svg(SHAPE, b"<style>@import url(" + AT + b");</style>"),
    "typeface": svg(
        SHAPE, b"<style>@font-face{font-family:x;src:url(" + AT + b")}</style>"
    ),
    "picture of a file": svg(
        SHAPE, b"<image href='" + AT + b"' width='9' height='9'/>"
    ),
    "picture of a file, old": svg(
        SHAPE,
        b"<image xlink:href='" + AT + b"' width='9' height='9'/>",
        attributes=XLINK,
    ),
    "picture as data": svg(
        SHAPE, b"<image href='data:image/png;base64,AAAA' width='9' height='9'/>"
    ),
    "shape of another file": svg(SHAPE, b"<use href='" + AT + b"#a'/>"),
    "shapes of shapes": svg(
        b"<g id='a'>" + SHAPE + b"</g>",
        b"".join(b"<use href='#a'/>" for _ in range(9)),
    ),
    "page": svg(SHAPE, b"<foreignObject><b>a</b></foreignObject>"),
    "link": svg(b"<a href='http://127.0.0.1:1/'>" + SHAPE + b"</a>"),
    "filter": svg(b"<filter id='f'><feFlood/></filter>", SHAPE),
    "text": svg(SHAPE, b"<text>a</text>"),
    "movement": svg(b"<rect><animate attributeName='x' to='9'/></rect>"),
    "pattern": svg(b"<pattern id='a'>" + SHAPE + b"</pattern>"),
    "fill from elsewhere": svg(b"<rect width='9' height='9' fill='url(" + AT + b")'/>"),
    "style from elsewhere": svg(
        b"<rect width='9' height='9' style='fill:url(" + AT + b"#a)'/>"
    ),
    "style with escapes": svg(b"<rect width='9' height='9' style='fill:u\\72l(a)'/>"),
    "entity of a file": entity_svg(b"<!ENTITY a SYSTEM '" + AT + b"'>"),
    "entity of a server": entity_svg(b"<!ENTITY % a SYSTEM 'http://127.0.0.1:1/'> %a;"),
    "a billion laughs": _laughs(),
    "nested": svg(b"<g>" * 5000, SHAPE, b"</g>" * 5000),
    "many shapes": svg(SHAPE * 5000),
    "large": svg(SHAPE, b"<desc>" + b"a" * 300_000 + b"</desc>"),
    "clip of itself": svg(
        b"<clipPath id='a' clip-path='url(#a)'>" + SHAPE + b"</clipPath>",
        b"<rect width='40' height='40' clip-path='url(#a)' fill='#143065'/>",
    ),
    "nothing": svg(),
    "cut off": svg(SHAPE)[:-5],
    "page with a drawing": b"<html><body>" + svg(SHAPE) + b"</body></html>",
    "packed drawing": zlib.compress(svg(SHAPE)),
    "without a size": b"<svg xmlns='http://www.w3.org/2000/svg'>" + SHAPE + b"</svg>",
    "endlessly wide": svg(SHAPE).replace(b"0 0 40 40", b"0 0 1e300 1"),
    "not a number": svg(SHAPE).replace(b"0 0 40 40", b"0 0 nan inf"),
    "paper": hostile_more.pdf(),
    "photo": photo_with_place(),
    "picture of many pixels": pixel_bomb(),
    "picture said to be huge": hostile_more.huge_png(),
    "picture cut off": picture("PNG", size=(200, 200))[:90],
    "beginning of a picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 99,
}


@pytest.fixture(autouse=True)
def _nothing_is_fetched(monkeypatch):
    """Whatever is drawn on the way, nobody even asks for another file."""

    def fetch(_fetcher, url, headers=None):
        raise AssertionError(f"asked for {url}")

    monkeypatch.setattr(pdf.StaticFetcher, "fetch", fetch)


@pytest.mark.parametrize("name", REFUSED)
def test_logo_is_refused(name):
    began = process_time()

    with pytest.raises(logos.LogoRefused) as refusal:
        logos.redrawn(REFUSED[name])

    assert refusal.value.message
    assert process_time() - began < 2


# Left out without a word, or harmless when drawn: what is kept is a PNG of our own.
HARMLESS = {
    "notes of a program": svg(SHAPE, b"<metadata>rahasia</metadata>"),
    "inclusion": svg(
        SHAPE,
        b"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='" + AT + b"'/>",
    ),
    "handler": svg(SHAPE, attributes=b" onload='alert(1)'"),
    "style sheet of XML": b"<?xml-stylesheet href='" + AT + b"'?>" + svg(SHAPE),
    "colours of itself": svg(
        b"<linearGradient id='a' xlink:href='#a'/>",
        SHAPE,
        attributes=XLINK,
    ),
    "picture with notes": picture("PNG", size=(200, 200), mode="RGBA"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_logo_is_drawn_anew(name):
    began = process_time()

    kept = logos.redrawn(HARMLESS[name])

    assert process_time() - began < 3
    assert kept.startswith(b"\x89PNG")
    assert b"rahasia" not in kept
    with Image.open(BytesIO(kept)) as drawn:
        assert drawn.format == "PNG"
        assert max(drawn.size) <= logos.SIDE


def test_long_value_is_read_quickly():
    """A pattern that tries all ways to read it would take years."""
    began = process_time()

    with pytest.raises(logos.LogoRefused):
        logos.redrawn(svg(b"<rect fill='" + b"url(#a)" * 40 + b"!'/>"))

    assert process_time() - began < 1


@pytest.mark.parametrize("name", REFUSED)
def test_emblem_is_no_drawing_and_no_bomb(name):
    with pytest.raises(emblems.EmblemRefused):
        emblems.redrawn(REFUSED[name])

"""Logos of strangers: shapes and colours come through, and nothing else."""

import time
from io import BytesIO

import pytest
from django.utils import translation
from PIL import Image

from awards import logos

SVG = '<svg xmlns="http://www.w3.org/2000/svg" {more}viewBox="0 0 40 20">{body}</svg>'
SHAPE = '<rect width="20" height="20" fill="#ff0000"/>'


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def svg(body=SHAPE, more="", before=""):
    return (before + SVG.format(body=body, more=more)).encode()


def png(size=(200, 120), mode="RGBA"):
    out = BytesIO()
    Image.new(mode, size, "red").save(out, "PNG")
    return out.getvalue()


def opened(content):
    image = Image.open(BytesIO(content))
    assert image.format == "PNG"
    return image.convert("RGBA")


def test_svg_becomes_a_picture_with_a_transparent_ground():
    image = opened(logos.redrawn(svg()))

    assert image.size == (400, 200)
    assert image.getpixel((50, 100))[:3] == (255, 0, 0)
    assert image.getpixel((350, 100))[3] == 0


def test_styles_and_borrowed_gradients_of_drawing_programs_are_kept():
    image = opened(
        logos.redrawn(
            svg(
                '<defs><linearGradient id="a"><stop style="stop-color:#0000ff"/>'
                '</linearGradient><linearGradient id="b" xlink:href="#a"/></defs>'
                '<path d="M0 0h40v20H0z" style="fill:url(#b);font-family:Arial"/>'
                "<metadata>x</metadata>",
                more='xmlns:xlink="http://www.w3.org/1999/xlink" ',
            )
        )
    )

    assert image.getpixel((200, 100))[:3] == (0, 0, 255)


@pytest.mark.parametrize(
    "more",
    ['viewBox="0 0 1.2.3 5"', 'width="1.2.3" height="5"', 'width="..." height=".."'],
)
def test_size_that_is_no_number_is_refused(more):
    content = f'<svg xmlns="http://www.w3.org/2000/svg" {more}>{SHAPE}</svg>'

    with pytest.raises(logos.LogoRefused, match="viewBox"):
        logos.redrawn(content.encode())


def clips(levels, shapes):
    """Clip paths whose shapes are clipped by the next one: doubling, but for us."""
    chain = "".join(
        f'<clipPath id="c{n}">'
        + f'<rect width="5" height="5" clip-path="url(#c{n + 1})"/>' * shapes
        + "</clipPath>"
        for n in range(levels)
    )
    return f'{chain}<rect width="9" height="9" clip-path="url(#c0)"/>'


def test_clip_paths_that_are_clipped_are_refused():
    with pytest.raises(logos.LogoRefused, match="too deeply"):
        logos.redrawn(svg(clips(9, 8)))


def test_gradient_that_repeats_in_steps_of_next_to_nothing_is_drawn_at_once():
    body = (
        '<linearGradient id="a" x2="0.0000001" spreadMethod="repeat">'
        '<stop offset="0"/><stop offset="1"/></linearGradient>'
        '<rect width="900" height="900" fill="url(#a)"/>'
    )
    begun = time.process_time()

    opened(logos.redrawn(svg(body + SHAPE)))

    assert time.process_time() - begun < 5


def test_parts_used_over_and_over_are_refused():
    clip = f'<clipPath id="c">{SHAPE * 900}</clipPath>'
    body = clip + '<rect width="9" height="9" clip-path="url(#c)"/>' * 900

    with pytest.raises(logos.LogoRefused, match="too many shapes"):
        logos.redrawn(svg(body))


def test_png_is_drawn_anew():
    content = logos.redrawn(png() + b"<script>alert(1)</script>")

    assert b"script" not in content
    assert opened(content).size == (200, 120)


def test_large_photos_become_light():
    out = BytesIO()
    Image.effect_noise((600, 600), 90).convert("RGB").save(out, "PNG")

    assert len(logos.redrawn(out.getvalue())) <= 130 * 1024


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<foreignObject><b/></foreignObject>",
        '<image href="file:///etc/passwd"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        "<style>@import url(http://evil.example/x.css)</style>",
        '<use href="#a"/>',
        "<text>Kota</text>",
        '<a href="javascript:alert(1)"><rect/></a>',
        '<animate attributeName="x"/>',
        '<filter id="a"><feImage href="http://evil.example"/></filter>',
        '<pattern id="a"><rect/></pattern>',
        '<rect fill="url(http://evil.example/a.svg#b)" width="9" height="9"/>',
        '<rect style="fill:url(file:///etc/passwd)" width="9" height="9"/>',
        '<rect fill="url(&#x68;ttp://evil.example)" width="9" height="9"/>',
        '<rect fill="red;background:url(x)" width="9" height="9"/>',
        "<g>" * 40 + "</g>" * 40,
        SHAPE * 2001,
    ],
)
def test_what_a_picture_does_not_need_is_refused(body):
    with pytest.raises(logos.LogoRefused):
        logos.redrawn(svg(body))


@pytest.mark.parametrize(
    "content",
    [
        svg(before='<!DOCTYPE svg [<!ENTITY a "b">]>'),
        svg(
            "&lol;",
            before='<!DOCTYPE svg [<!ENTITY lol SYSTEM "file:///etc/passwd">]>',
        ),
        svg(
            before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
            '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        ),
        b"<svg><rect/></svg>",
        b"<svg",
        svg()[:-20],
        svg("<rect/>" + " " * 300_000),
        SVG.replace("0 0 40 20", "0 0 4000 2").format(body=SHAPE, more="").encode(),
        SVG.replace("0 0 40 20", "0 0 0 0").format(body=SHAPE, more="").encode(),
        SVG.replace("0 0 40 20", "0 0 1e9 1").format(body=SHAPE, more="").encode(),
        svg(""),
        b"GIF89a" + b"0" * 50,
        b"",
        png((20, 20)),
        png()[:200],
    ],
)
def test_what_is_no_drawing_is_refused(content):
    with pytest.raises(logos.LogoRefused):
        logos.redrawn(content)


def test_a_refusal_names_what_is_in_the_way():
    with pytest.raises(logos.LogoRefused, match="<text>"):
        logos.redrawn(svg("<text>Kota</text>"))


def test_handlers_and_foreign_notes_are_left_out():
    clean = logos.cleaned(
        svg(
            '<rect onclick="alert(1)" xml:base="http://x" width="9" height="9"/>'
            '<note xmlns="http://example.org/other"><script/></note>'
        )
    )

    (rect,) = clean
    assert rect.attrib == {"width": "9", "height": "9"}

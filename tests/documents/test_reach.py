"""Whatever stands in a paper, the typesetter reaches no file and no other machine.

One row for each way that HTML, CSS and SVG know to fetch something.
"""

import http.server
import threading
from io import BytesIO

import pikepdf
import pytest

from documents import composing, pdf, rendering
from tests.factories.documents import TEMPLATE, IssuedDocumentFactory

CANARY = "KENARI-RAHASIA-4711"
XLINK = "xmlns:xlink='http://www.w3.org/1999/xlink'"
SVG = "xmlns='http://www.w3.org/2000/svg'"

# `{at}` stands for the address that must not be fetched.
WAYS = {
    "picture": "<img src='{at}'>",
    "picture of several": "<img srcset='{at} 2x' src='{at}'>",
    "picture element": "<picture><source srcset='{at}'><img src='{at}'></picture>",
    "object": "<object data='{at}' type='image/svg+xml'></object>",
    "embed": "<embed src='{at}'>",
    "frame": "<iframe src='{at}'></iframe>",
    "style sheet": "<link rel='stylesheet' href='{at}'>",
    "alternate style sheet": "<link rel='stylesheet alternate' href='{at}'>",
    "attachment of the paper": "<link rel='attachment' href='{at}'>",
    "attachment of a link": "<a rel='attachment' href='{at}'>unduh</a>",
    "import": "<style>@import url({at});</style>",
    "import of a name": "<style>@import '{at}';</style>",
    "typeface": "<style>@font-face {{font-family: x; src: url({at})}}"
    "p {{font-family: x}}</style>",
    "ground": "<style>body {{background: url({at})}}</style>",
    "ground of the page": "<style>@page {{background: url({at})}}</style>",
    "border": "<style>p {{border-image: url({at}) 1}}</style>",
    "mark of a list": "<style>p {{display: list-item; list-style-image: url({at})}}"
    "</style>",
    "content": "<style>p::before {{content: url({at})}}</style>",
    "margin of the page": "<style>@page {{@top-left {{content: url({at})}}}}</style>",
    "style of an element": "<p style='background: url({at})'>a</p>",
    "style with escapes": "<p style='background: u\\72l({at})'>a</p>",
    "old attribute": "<table background='{at}'><tr><td>a</table>",
    "drawing in a drawing": f"<svg {SVG}><image href='{{at}}' width='9' height='9'/>"
    "</svg>",
    "drawing in a drawing, old": f"<svg {SVG} {XLINK}>"
    "<image xlink:href='{at}' width='9' height='9'/></svg>",
    "shape of another drawing": f"<svg {SVG}><use href='{{at}}#a'/></svg>",
    "colours of another drawing": f"<svg {SVG}><linearGradient id='a' href='{{at}}#b'/>"
    "<rect width='9' height='9' fill='url(#a)'/></svg>",
    "fill": f"<svg {SVG}><rect width='9' height='9' fill='url({{at}})'/></svg>",
    "filter": f"<svg {SVG}><rect width='9' height='9' filter='url({{at}}#f)'/></svg>",
    "clip": f"<svg {SVG}><rect width='9' height='9' clip-path='url({{at}}#c)'/></svg>",
    "import in a drawing": f"<svg {SVG}><style>@import url({{at}});</style></svg>",
    "page in a drawing": f"<svg {SVG}><foreignObject width='9' height='9'>"
    "<img src='{at}'></foreignObject></svg>",
    "inclusion": "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{at}' "
    "parse='text'/>",
    "style sheet of XML": "<?xml-stylesheet href='{at}' type='text/css'?><p>a</p>",
    "another home": "<base href='{at}'><img src='x.png'>",
    "turning away": "<meta http-equiv='refresh' content='0; url={at}'>",
    "sound": "<audio src='{at}'></audio>",
    "script": "<script src='{at}'></script>",
}


@pytest.fixture(scope="module")
def server():
    """A server that would answer, and what it was asked."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(CANARY.encode())

        def log_message(self, *args):
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/kenari", asked
    running.shutdown()
    running.server_close()


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "kenari.svg"
    path.write_text(
        f"<svg {SVG} viewBox='0 0 9 9'><title>{CANARY}</title><text>{CANARY}</text>"
        "<rect id='a' width='9' height='9'/></svg>"
    )
    return path.as_uri()


def holds_canary(content):
    with pikepdf.open(BytesIO(content)) as paper:
        whole = b"\n".join(
            each.read_bytes() if isinstance(each, pikepdf.Stream) else each.unparse()
            for each in paper.objects
        )
        return CANARY.encode() in whole or "/EmbeddedFiles" in paper.Root.get(
            "/Names", {}
        )


@pytest.mark.parametrize("kind", ["file", "server", "data"])
@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_fetched(way, kind, server, secret):
    address, asked = server
    at = {
        "file": secret,
        "server": address,
        "data": f"data:image/svg+xml,%3Csvg {SVG}%3E%3Ctext%3E{CANARY}".replace(
            "'", "%27"
        ),
    }[kind]
    page = f"<!doctype html><html lang=id><title>a</title><body>{WAYS[way]}<p>b</p>"

    try:
        content = pdf.render_html(page.format(at=at))
    except pdf.AssetRefusedError:
        content = None

    assert asked == []
    assert content is None or not holds_canary(content)


def test_words_of_people_fetch_nothing(secret):
    """They are text: a title may look like any of these and is printed as it is."""
    words = " ".join(WAYS.values()).format(at=secret)
    document = IssuedDocumentFactory.build(values={"holder": words, "issuer": words})

    context = rendering.paper_context(document)
    content = composing.compose(composing.matter_of(TEMPLATE, context))

    assert not holds_canary(content)


BOMBS = {
    "data of a picture": "<img src='data:image/png;base64,{filler}'>",
    "data of a typeface": "<style>@font-face {{font-family: x; "
    "src: url(data:font/ttf;base64,{filler})}}</style>",
    "packed drawing": "<img src='data:image/svg+xml;base64,{filler}'>",
    "data in a style": "<p style='background: url(data:image/gif;base64,{filler})'>"
    "a</p>",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_data_is_not_unpacked(bomb):
    page = BOMBS[bomb].format(filler="A" * 200_000)

    with pytest.raises(pdf.AssetRefusedError):
        pdf.render_html(f"<!doctype html><title>a</title><body>{page}")


@pytest.mark.parametrize(
    "address",
    [
        "/emblems/../../../etc/passwd",
        "/emblems/" + "0" * 64 + ".svg",
        "/emblems/" + "0" * 63 + "/.png",
        "/emblems/" + "0" * 64 + ".png",  # there is none
        "/emblems/%2e%2e%2f" + "0" * 64 + ".png",
    ],
)
def test_only_emblems_by_their_digest_are_read(address):
    with pytest.raises(pdf.AssetRefusedError):
        pdf.render_html(f"<!doctype html><title>a</title><img src='{address}'>")

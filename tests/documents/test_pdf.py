"""The PDF engine reads static files and nothing else."""

import http.server
import threading
from io import BytesIO

import pikepdf
import pytest
from django.conf import settings

from documents import composing, pdf, rendering
from tests import paper_audit
from tests.factories.documents import TEMPLATE, IssuedDocumentFactory

CSS = "/static/css/tokens.css"


def render(**values):
    document = IssuedDocumentFactory.build(values={"holder": "Dinas", **values})
    context = rendering.paper_context(document)
    return composing.compose(composing.matter_of(TEMPLATE, context))


def test_static_file_is_read():
    assert render(asset=CSS).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        f"file://{settings.BASE_DIR}/static/css/tokens.css",
        "http://127.0.0.1:1/x.css",
        "https://paper.invalid.example/static/css/tokens.css",
        "https://paper.invalid@127.0.0.1/static/css/tokens.css",
        "//127.0.0.1/static/css/tokens.css",
        "/etc/passwd",
        "/static/../manage.py",
        "/static/%2e%2e/kipp_portal/settings.css",
        "/static/css/../../../../etc/x.css",
        "/static/js/theme.js",
        "/static/css/absent.css",
        "ftp://127.0.0.1/x.css",
        "data:text/css,body{color:red}",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
@pytest.mark.parametrize("way", ["asset", "image"])
def test_everything_else_is_refused(address, way):
    with pytest.raises(pdf.AssetRefusedError):
        render(**{way: address})


@pytest.mark.parametrize(
    "style",
    [
        "background: url(file:///etc/passwd)",
        "list-style: url(http://127.0.0.1:1/x.png); display: list-item",
        "background: url(data:image/png;base64,AAAA)",
    ],
)
def test_address_in_a_style_is_refused(style):
    with pytest.raises(pdf.AssetRefusedError):
        render(style=style)


def test_nothing_is_asked_of_a_server_that_would_answer(monkeypatch):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with pytest.raises(pdf.AssetRefusedError):
            render(asset=f"http://127.0.0.1:{server.server_port}/x.css")
    finally:
        server.shutdown()
        server.server_close()

    assert asked == []


def test_values_are_text_and_no_markup():
    content = render(holder='<img src="file:///etc/passwd"><b>Dinas</b>')

    assert content.startswith(b"%PDF-1.7")


def test_pdf_is_tagged_archival_and_titled(tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(render())

    with pikepdf.open(path) as document:
        figures = [
            str(element.Alt)
            for element in document.objects
            if isinstance(element, pikepdf.Dictionary)
            and element.get("/S") == "/Figure"
        ]
        metadata = document.open_metadata()
        facts = {
            "lang": str(document.Root.Lang),
            "marked": bool(document.Root.MarkInfo.Marked),
            "part": metadata["pdfaid:part"],
            "conformance": metadata["pdfaid:conformance"],
            "title": metadata["dc:title"].startswith("Piagam Penghargaan"),
        }

    assert len(figures) == 1
    assert figures[0]
    assert facts == {
        "lang": "id",
        "marked": True,
        "part": "3",
        "conformance": "A",
        "title": True,
    }


def test_parts_in_another_language_say_so():
    text = (
        '<html lang="id"><title>Piagam</title><h1>Piagam <i lang="en">Award</i></h1>'
        '<p>Diberikan</p><p lang="en">Given</p>'
    )

    with pikepdf.open(BytesIO(pdf.render_html(text))) as document:
        named = [
            (str(element.S), str(element.get("/Lang", "")))
            for _kind, element in paper_audit.elements_of(document)
        ]

    assert ("/P", "en") in named
    assert [language for kind, language in named if kind in {"/H1", "/P"}] == [
        "",
        "",
        "en",
    ]
    # <i> stands in a line of the heading.
    assert [language for _kind, language in named].count("en") == 2

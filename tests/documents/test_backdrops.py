"""What is drawn once and lies under many papers."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.template.loader import render_to_string

from awards.certificates import TEMPLATE
from documents import backdrops, pdf, rendering
from tests.factories.accounts import GovernmentFactory
from tests.factories.documents import TEMPLATE as PLAIN
from tests.factories.documents import IssuedDocumentFactory
from tests.factories.papers import certificate_values, one_by_one

pytestmark = pytest.mark.django_db


def paper(holder="Dinas Contoh", code="ABCDEFGHJKMN"):
    tegal = GovernmentFactory.build(name="Pemerintah Kota Contoh", short_name="Kota")
    return IssuedDocumentFactory.build(
        government=tegal,
        template=TEMPLATE,
        code=code,
        number="001/KIPP/2022",
        values=certificate_values(tegal, holder, "Antrean Daring"),
    )


def drawn_alone(document, *, frame=True):
    """The same paper as WeasyPrint draws it with its frame in it, or without."""
    context = rendering.paper_context(document)
    html = render_to_string(TEMPLATE, context)
    below = render_to_string(backdrops.backdrop_of(TEMPLATE), context)
    if frame:
        html = one_by_one(html, below)
    return pdf.render_html(html)


def pixels(content):
    with pypdfium2.PdfDocument(content) as document:
        return document[0].render(scale=1).to_numpy()


def test_paper_looks_as_if_its_frame_were_drawn_with_it():
    document = paper()

    laid = pixels(rendering.render_document(document))

    # The letters over the frame are smoothed against it: a shade at their edges.
    with_frame = pixels(drawn_alone(document)).astype(int)
    assert abs(laid.astype(int) - with_frame).max() <= 2
    assert (laid != pixels(drawn_alone(document, frame=False))).any()


def test_frame_is_passed_by_when_read_aloud():
    with pikepdf.open(BytesIO(rendering.render_document(paper()))) as document:
        first = document.pages[0].Contents[0].read_bytes()
        form = document.pages[0].Resources.XObject.Backdrop
        metadata = document.open_metadata()

        assert first.startswith(b"/Artifact BMC")
        assert b"/MCID" not in form.read_bytes()
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "A"
        assert document.Root.MarkInfo.Marked


def test_paper_holds_nothing_of_the_one_made_before_it():
    own = rendering.render_document(paper())
    rendering.render_document(paper(holder="Zumba Yxqwv", code="ZZZZZZZZZZZZ"))

    assert rendering.render_document(paper()) == own
    assert len(own) < 250 * 1024


def test_paper_holds_names_and_qr_code_of_nobody_else():
    """Not in its text, its pictures, its resources, its notes nor in raw streams."""
    others = [
        rendering.render_document(paper(holder=f"Zumba {mark}", code=f"{mark:Z<16}"))
        for mark in ("QWX", "VJK")
    ]
    codes_read = [scanned(each) for each in others]

    content = rendering.render_document(paper(code="AAAABBBBCCCCDDDD"))

    assert len({*codes_read, scanned(content)}) == 3
    assert scanned(content).endswith("/AAAABBBBCCCCDDDD/")
    with pikepdf.open(BytesIO(content)) as document:
        whole = b"\n".join(
            each.read_bytes() if isinstance(each, pikepdf.Stream) else each.unparse()
            for each in document.objects
        )
        (page,) = document.pages
        assert {str(name) for name in page.Resources.XObject} == {"/Backdrop"}
        # Every object is reached from the page or the catalogue: nothing is left over.
        document.remove_unreferenced_resources()
        size = BytesIO()
        document.save(size, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for mark in ("Zumba", "QWX", "VJK"):
        assert mark.encode() not in whole
        assert mark.encode("utf-16-be") not in whole
        assert mark.encode("utf-16-be").hex().encode() not in whole.lower()
    assert len(size.getvalue()) > 0.98 * len(content)


def scanned(content):
    """What the QR code of the first page says, drawn at 150 dpi."""
    with pypdfium2.PdfDocument(content) as document:
        picture = document[0].render(scale=150 / 72).to_pil()
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def test_frame_is_drawn_once(monkeypatch):
    drawn = []
    draw = pdf.render_html

    def count(text, **options):
        drawn.append(options)
        return draw(text, **options)

    backdrops._draw.cache_clear()
    monkeypatch.setattr(pdf, "render_html", count)
    for number in range(3):
        rendering.render_document(paper(f"Dinas {number}", code=f"{number:A>16}"))

    assert len([each for each in drawn if "variant" in each]) == 1


def test_paper_without_a_backdrop_stays_as_it_is():
    assert backdrops.backdrop_of(PLAIN) is None
    assert backdrops.text_of(PLAIN, {}) == ""

"""What is drawn once and lies under many papers."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from awards.certificates import TEMPLATE
from documents import backdrops, pdf, rendering
from tests.factories.documents import TEMPLATE as PLAIN
from tests.factories.documents import IssuedDocumentFactory

pytestmark = pytest.mark.django_db
VALUES = {
    "issuer": "Pemerintah Kota Contoh",
    "award": "Juara I",
    "innovation": "Antrean Daring",
    "event": "Kompetisi Inovasi Pelayanan Publik tahun 2022",
}


def paper(holder="Dinas Contoh", code="ABCDEFGHJKMN"):
    return IssuedDocumentFactory.build(
        template=TEMPLATE,
        code=code,
        number="001/KIPP/2022",
        values={**VALUES, "holder": holder},
    )


def pixels(content):
    with pypdfium2.PdfDocument(content) as document:
        return document[0].render(scale=1).to_numpy()


def test_paper_looks_as_if_its_frame_were_drawn_with_it():
    document = paper()
    html = pdf.render_to_string(TEMPLATE, rendering.paper_context(document))
    whole = html.replace(
        'class="certificate"', 'class="certificate certificate--backdrop"'
    )
    assert whole != html

    laid = pixels(rendering.render_document(document))

    assert (laid == pixels(pdf.render_html(whole))).all()
    assert (laid != pixels(pdf.render_html(html))).any()


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


def test_frame_is_drawn_once(monkeypatch):
    drawn = []
    draw = pdf.render_html

    def count(text, **options):
        drawn.append(options)
        return draw(text, **options)

    backdrops._draw.cache_clear()
    monkeypatch.setattr(pdf, "render_html", count)
    for number in range(3):
        rendering.render_document(paper(holder=f"Dinas {number}"))

    assert len([each for each in drawn if "variant" in each]) == 1


def test_paper_without_a_backdrop_stays_as_it_is():
    assert backdrops.backdrop_of(PLAIN) is None
    assert backdrops.lay_under(b"as it is", PLAIN, {}) == b"as it is"

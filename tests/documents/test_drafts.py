"""Drafts: marked on every page, made of values alone, never verifiable."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from awards.certificates import TEMPLATE as CERTIFICATE
from documents import codes, composing, drafts, pdf, watermarks
from documents.models import IssuedDocument, NumberSequence
from tests.factories.accounts import GovernmentFactory
from tests.factories.documents import MOMENT, TEMPLATE
from tests.factories.papers import certificate_values

pytestmark = pytest.mark.django_db


def draft(template=TEMPLATE, **details):
    details = {"values": {"holder": "Dinas Contoh <b>"}, **details}
    matter = drafts.matter_of(
        government=GovernmentFactory.build(),
        kind="certificate",
        title="Piagam Penghargaan",
        template=template,
        issued_date=MOMENT.date(),
        at=MOMENT,
        **details,
    )
    return composing.compose(matter)


def text_of(content):
    with pypdfium2.PdfDocument(content) as paper:
        return " ".join(
            paper[page].get_textpage().get_text_range() for page in range(len(paper))
        )


def test_draft_shows_the_values_and_blanks_for_what_comes_with_issuing():
    text = text_of(draft())

    assert "Dinas Contoh <b>" in text
    assert "Nomor …" in text
    assert drafts.NO_CODE in text
    assert codes.normalise(drafts.NO_CODE) == ""
    assert "Nomor 7/KIPP" in text_of(draft(number="7/KIPP"))


def test_every_page_says_that_it_is_a_draft_whatever_its_size():
    pages = "<p style='break-after: page'>satu</p><p>dua</p>"
    with pikepdf.open(BytesIO(pdf.render_html(pages))) as plain:
        expected = len(plain.pages)

    marked = watermarks.mark(pdf.render_html(pages), "id")

    with pikepdf.open(BytesIO(marked)) as paper:
        ends = [page.Contents[-1].read_bytes() for page in paper.pages]
        forms = [page.Resources.XObject.Watermark for page in paper.pages]
    assert expected == len(ends) == 2
    assert all(b"/Subtype /Watermark" in end for end in ends)
    assert all(b"/Watermark Do" in end for end in ends)
    assert len(forms) == 2


def test_watermark_is_seen_and_hides_nothing():
    before = pypdfium2.PdfDocument(pdf.render_html("<p>Isi</p>"))
    after = pypdfium2.PdfDocument(watermarks.mark(pdf.render_html("<p>Isi</p>"), "id"))

    plain = before[0].render(scale=1).to_numpy().astype(int)
    marked = after[0].render(scale=1).to_numpy().astype(int)

    darker = (plain - marked).max(axis=2)
    assert (darker > 20).mean() > 0.02  # letters across the page
    assert (marked <= plain + 60).all()  # what was black stays readable


def test_certificate_keeps_its_frame_under_the_watermark():
    tegal = GovernmentFactory.build(name="Pemerintah Kota Contoh", short_name="Kota")
    values = certificate_values(tegal, "Dinas Contoh", "Antrean Daring")

    content = draft(CERTIFICATE, values=values)

    with pikepdf.open(BytesIO(content)) as paper:
        assert {"/Backdrop", "/Watermark"} <= set(paper.pages[0].Resources.XObject)


def test_nothing_is_stored():
    draft()

    assert not IssuedDocument.objects.exists()
    assert not NumberSequence.objects.exists()


def test_draft_refuses_what_a_paper_refuses():
    with pytest.raises(pdf.AssetRefusedError):
        draft(values={"image": "file:///etc/passwd"})

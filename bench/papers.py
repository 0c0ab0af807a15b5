"""Certificates: one as the portal makes it, beside other ways to make the same page.

For a whole batch with its workers, and what dies on the way, see `bench.batch`.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from time import process_time
from typing import Any

import segno
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from fontTools.ttLib import TTFont
from weasyprint import HTML

from accounts.models import Government
from bench.timing import Figure
from documents import backdrops, pdf, rendering
from documents.models import IssuedDocument
from tests.factories import papers

PAPERS = 5
TURNS = 3
NO_BUDGET = 1e9
FONTS = "vendor/plus-jakarta-sans/5.3.0/plus-jakarta-sans-latin-{}-normal.woff2"
Draw = Callable[[], bytes]


def measure_papers() -> Iterator[Figure]:
    """A certificate as the portal makes it, against WeasyPrint asked for each alone."""
    paper = _certificate()
    context = rendering.paper_context(paper)
    ours, alone, *others = _cpu_of(
        lambda: rendering.render_document(paper),
        lambda: _alone(paper.template, context),
        *_references(context),
    )
    yield Figure("a certificate, processor time", ours * 1000, "ms", 46)
    yield Figure("a certificate by WeasyPrint alone", alone * 1000, "ms", NO_BUDGET)
    yield Figure("a certificate, share of one by one", ours / alone, "times", 1 / 6)
    for name, seconds in zip(_installed(), others, strict=True):
        yield Figure(f"a page like it by {name}", seconds * 1000, "ms", NO_BUDGET)
    for name in REFERENCES:
        if name not in _installed():
            print(f"    a page like it by {name}: not installed")
    size = len(rendering.render_document(paper)) / 1024
    yield Figure("a certificate, size", size, "KiB", 250)


def _certificate() -> IssuedDocument:
    tegal = Government(name="Pemerintah Kota Tegal", short_name="Kota Tegal")
    return IssuedDocument(
        government=tegal,
        kind=IssuedDocument.Kind.CERTIFICATE,
        number="000.8/001/KIPP/2022",
        title="Juara I Antrean Daring",
        template=papers.TEMPLATE,
        values=papers.certificate_values(
            tegal, "Dinas Kependudukan dan Pencatatan Sipil", "Antrean Daring Keliling"
        ),
        issued_date=papers.DAY,
        issued_at=papers.MOMENT,
    )


def _alone(template: str, context: Mapping[str, Any]) -> bytes:
    """The same paper by WeasyPrint alone, its frame in it."""
    below = render_to_string(str(backdrops.backdrop_of(template)), dict(context))
    page = papers.one_by_one(render_to_string(template, dict(context)), below)
    html = HTML(string=page, base_url=pdf.HOME, url_fetcher=pdf.StaticFetcher())
    content: bytes = html.write_pdf(pdf_variant=pdf.VARIANT)
    return content


def _cpu_of(*works: Callable[[], object]) -> list[float]:
    """Seconds of processor time of one run of each, once all is loaded.

    They take turns, so that whatever else the machine does slows all of them, and the
    best turn counts.
    """
    times: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _turn in range(TURNS):
        for work, found in zip(works, times, strict=True):
            start = process_time()
            for _ in range(PAPERS):
                work()
            found.append((process_time() - start) / PAPERS)
    return [min(each) for each in times]


# Other libraries: neither tags nor an archive, but fast ----------------------------


def _references(context: Mapping[str, Any]) -> list[Draw]:
    return [REFERENCES[name](context) for name in _installed()]


def _installed() -> list[str]:
    return [name for name in REFERENCES if find_spec(name)]


def _lines(context: Mapping[str, Any]) -> list[tuple[str, float, str, float]]:
    """Text, size, weight and height above the foot in points, all in the middle."""
    return [
        (context["issuer"], 11, "600", 470),
        ("Piagam Penghargaan", 36, "800", 420),
        (f"Nomor {context['document'].number}", 10, "500", 398),
        ("diberikan kepada", 11, "400", 365),
        (context["holder"], 23, "700", 335),
        (f"atas inovasi {context['innovation']} sebagai", 12, "400", 300),
        (context["award"], 30, "800", 262),
        (context["event"], 12, "600", 240),
    ]


def _reportlab(context: Mapping[str, Any]) -> Draw:
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont as Typeface
    from reportlab.pdfgen.canvas import Canvas

    for weight in ("400", "500", "600", "700", "800"):
        pdfmetrics.registerFont(Typeface(weight, io.BytesIO(_typeface(weight))))

    def draw() -> bytes:
        target = io.BytesIO()
        canvas = Canvas(target, pagesize=landscape(A4), pageCompression=1)
        canvas.setFillColor("#1d4087")
        for left in range(16, 826, 31):
            for foot in range(17, 578, 31):
                if 40 < left < 780 and 40 < foot < 530:
                    continue
                for across, up in ((0, 0), (15, 0), (0, 15), (15, 15)):
                    canvas.ellipse(
                        left + across,
                        foot + up,
                        left + across + 14,
                        foot + up + 9,
                        0,
                        1,
                    )
        canvas.setFillColor("#161e2d")
        for text, size, weight, height in _lines(context):
            canvas.setFont(weight, size)
            canvas.drawCentredString(421, height, text)
        outline = canvas.beginPath()
        for across, up in _dark(context["verify_url"]):
            outline.rect(91 + 2.6 * across, 170 - 2.6 * up, 2.6, 2.6)
        canvas.drawPath(outline, stroke=0, fill=1)
        canvas.save()
        return target.getvalue()

    return draw


def _typst(context: Mapping[str, Any]) -> Draw:
    import typst

    tiles = "".join(
        f"#place(dx: {left}pt, dy: {top}pt, circle(radius: 7pt, fill: blue))"
        for left in range(16, 826, 16)
        for top in range(17, 578, 16)
        if not (40 < left < 780 and 40 < top < 530)
    )
    words = "".join(
        f"#place(top + center, dy: {595 - height}pt, text({size}pt, "
        f"weight: {weight})[{text}])"
        for text, size, weight, height in _lines(context)
    )
    squares = "".join(
        f"#place(dx: {91 + 2.6 * across}pt, dy: {420 + 2.6 * up}pt, "
        "square(size: 2.6pt, fill: black))"
        for across, up in _dark(context["verify_url"])
    )
    page = (
        f"#set page(width: 842pt, height: 595pt, margin: 0pt)\n{tiles}{words}{squares}"
    )
    source = page.replace("#22", r"\#22").encode()
    return lambda: bytes(typst.compile(source))


REFERENCES = {"reportlab": _reportlab, "typst": _typst}


def _typeface(weight: str) -> bytes:
    font = TTFont(finders.find(FONTS.format(weight)))
    font.flavor = None
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def _dark(address: str) -> Iterator[tuple[int, int]]:
    """The dark squares of the QR code."""
    for up, row in enumerate(segno.make(address, error="m", micro=False).matrix):
        for across, is_dark in enumerate(row):
            if is_dark:
                yield across, up

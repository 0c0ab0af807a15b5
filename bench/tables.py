"""Files made on demand: tables of all proposals, certificates."""

import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http import HTTPStatus
from time import process_time
from typing import Any

from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from weasyprint import HTML

from awards import certificates
from awards.models import Award, Decree
from bench.province import Province
from bench.timing import Figure, seconds_of
from documents import pdf, rendering
from documents.models import IssuedDocument
from submissions import proposal_table
from tests.factories.awards import awarded_round

MEBI = 1024 * 1024
PAPERS = 5


def measure_tables(province: Province) -> Iterator[Figure]:
    """The table of 1,000 proposals with every column, texts and all."""
    client = Client()
    client.force_login(province.secretary)
    address = reverse("submissions:proposal_table", args=[province.running.slug])
    columns = [
        column.key
        for group in proposal_table.groups_of(province.running)
        for column in group.columns
    ]
    for kind, budget in (("csv", 3), ("xlsx", 10)):

        def take(kind: str = kind) -> None:
            answer = client.post(address, {"kolom": columns, "bentuk": kind})
            size = sum(len(part) for part in answer)
            assert answer.status_code == HTTPStatus.OK
            assert size > MEBI

        name = f"table of 1,000 proposals as {kind.upper()}"
        yield Figure(name, seconds_of(take), "s", budget)
        yield Figure(f"{name}, memory", _memory_of(take), "MiB", 150)


def measure_papers() -> Iterator[Figure]:
    """A certificate as the portal makes it, against WeasyPrint asked for each alone."""
    paper = _certificate()
    context = rendering.paper_context(paper)
    ours = _cpu_of(lambda: rendering.render_document(paper))
    alone = _cpu_of(lambda: _alone(paper.template, context))
    yield Figure("a certificate, processor time", ours * 1000, "ms", 46)
    yield Figure("a certificate, share of one by one", ours / alone, "times", 1 / 6)


def _alone(template: str, context: Mapping[str, Any]) -> bytes:
    """The same paper by WeasyPrint alone, its frame in its own style sheet."""
    page = render_to_string(template, dict(context)).replace(
        'class="certificate"', 'class="certificate certificate--backdrop"'
    )
    html = HTML(string=page, base_url=pdf.HOME, url_fetcher=pdf.StaticFetcher())
    content: bytes = html.write_pdf(pdf_variant=pdf.VARIANT)
    return content


def _certificate() -> IssuedDocument:
    round = awarded_round(publish_in=timedelta(), proposals=1)
    government = round.competition.government
    award = Award.objects.of_round(round).select_related("row__proposal").get()
    day = timezone.localdate()
    return IssuedDocument(
        government=government,
        kind=certificates.KIND,
        number="000.8/001/KIPP/2022",
        title=certificates.title_of(award),
        template=certificates.TEMPLATE,
        values=certificates.values_for(
            award,
            round=round,
            decree=Decree.objects.get(round=round),
            signatory=government.signatory_set.get(),
            day=day,
        ),
        issued_date=day,
        issued_at=timezone.now(),
    )


def _cpu_of(work: Callable[[], object]) -> float:
    """Seconds of processor time of one run, once all that is loaded once is."""
    work()
    start = process_time()
    for _ in range(PAPERS):
        work()
    return (process_time() - start) / PAPERS


def _memory_of(work: Callable[[], object]) -> float:
    """The most memory that `work` holds at once, in MiB."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MEBI
    finally:
        tracemalloc.stop()

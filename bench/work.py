"""Work that is no page: rankings, imports, search."""

import io
import random
from collections.abc import Iterator
from statistics import quantiles

import openpyxl
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import institution_table
from accounts import services as accounts_services
from accounts.models import Institution
from bench.province import Province, text_of
from bench.timing import Figure, best_of, seconds_of
from catalogue.models import Entry
from innovations.models import Innovation
from judging import queries, standings

ENTRIES = 100_000
IMPORTED = 5_000


def measure_work(province: Province) -> Iterator[Figure]:
    """Measure all of it, in the order of the budgets."""
    scoring = queries.scoring_of(province.scored)
    yield Figure(
        "ranking of 1,000 proposals",
        best_of(lambda: standings.current(province.scored, scoring).outcome.finals),
        "s",
        0.5,
    )
    yield Figure(
        "import of 5,000 institutions", _import_institutions(province), "s", 15
    )
    yield Figure("export of the ranking as CSV", _export_ranking(province), "s", 3)
    yield Figure("search in 100,000 entries, p95", _search(province), "s", 0.050)


def _import_institutions(province: Province) -> float:
    """From the bytes of an XLSX to the stored rows."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Instansi")
    sheet.append(["kode", "jenis", "nama", "nama_singkat"])
    for number in range(IMPORTED):
        sheet.append(
            [f"IMPOR-{number}", "uptd", f"Unit Pelaksana {number}", f"UPTD {number}"]
        )
    content = io.BytesIO()
    book.save(content)

    def take() -> None:
        table = institution_table.read_table("instansi.xlsx", content.getvalue())
        report = accounts_services.import_institutions(
            government=province.government,
            table=table,
            actor=province.secretary,
            at=timezone.now(),
            dry_run=False,
        )
        assert report.is_applied, report.faults[:3]

    return seconds_of(take)


def _export_ranking(province: Province) -> float:
    client = Client()
    client.force_login(province.secretary)
    address = reverse("judging:ranking_export", args=[province.scored.slug])

    def read() -> bytes:
        answer = client.get(address)
        parts: Iterator[bytes] = iter(answer)
        return b"".join(parts)

    return best_of(read, times=3)


def _search(province: Province) -> float:
    """The 95th percentile of a hundred searches, in seconds."""
    at, chance = timezone.now(), random.Random(7)
    institution = Institution.objects.filter(government=province.government).first()
    assert institution is not None
    innovations = Innovation.objects.bulk_create(
        (
            Innovation(
                institution=institution,
                title=f"{text_of(chance, 5)} {number}",
                slug=f"entri-{number}",
                created_at=at,
            )
            for number in range(ENTRIES)
        ),
        batch_size=5_000,
    )
    Entry.objects.bulk_create(
        (
            Entry(
                innovation=innovation,
                government=province.government,
                slug=innovation.slug,
                title=innovation.title,
                summary=text_of(chance, 40),
                institution_name=institution.name,
                institution_short_name=institution.short_name,
                year=2014 + number % 9,
                round_name="KIPP",
                round_slug="kipp",
                published_at=at,
            )
            for number, innovation in enumerate(innovations)
        ),
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalogue_entry")
    words = [text_of(chance, 1 + number % 3) for number in range(100)]
    found = Entry.objects.published_at(timezone.now())
    times = [
        seconds_of(lambda word=word: list(found.search_for(word).for_list()[:24]))
        for word in words
    ]
    return quantiles(times, n=20)[-1]

"""Build the data, measure, print, write var/bench.json."""

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection
from django.test.runner import DiscoverRunner
from django.test.utils import setup_test_environment

from bench.pages import measure_pages
from bench.papers import measure_papers
from bench.province import build_province
from bench.tables import measure_tables
from bench.timing import Figure
from bench.weight import measure_weight
from bench.work import measure_work


def main() -> int:
    """Measure everything; the exit code is 1 when a budget is broken."""
    runner = DiscoverRunner(verbosity=0, interactive=False)
    setup_test_environment()
    databases = runner.setup_databases()
    try:
        figures = list(_measure())
    finally:
        runner.teardown_databases(databases)
    path = settings.VAR_DIR / "bench.json"
    path.write_text(json.dumps([each.as_row() for each in figures], indent=1) + "\n")
    broken = [each for each in figures if not each.ok]
    print(f"{len(figures)} figures in {path.name}, {len(broken)} over their budget")
    return 1 if broken else 0


def _measure() -> Iterator[Figure]:
    print("Building a province ...", flush=True)
    province = build_province()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for figure in chain(
        measure_pages(province),
        measure_weight(province),
        measure_tables(province),
        measure_work(province),
        measure_papers(),
    ):
        print(figure.as_line(), flush=True)
        yield figure
    yield from _apart("bench.deadline", "deadline minute, played")
    yield from _apart("bench.jury", "evening of a jury, played")
    yield from _apart("bench.batch", "batch of certificates, made")


def _apart(module: str, name: str) -> Iterator[Figure]:
    """Figures of what has a portal, services and processes of its own."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "figures.json"
        subprocess.run(
            [sys.executable, "-m", module, "--json", str(target)],
            cwd=settings.BASE_DIR,
            check=False,
        )
        if not target.exists():  # it has said why
            yield Figure(name, 1, "failures", 0)
            return
        for row in json.loads(target.read_text()):
            yield Figure(row["name"], row["value"], row["unit"], row["budget"])

"""Build the data, measure, print, write var/bench.json."""

import json
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.test.runner import DiscoverRunner
from django.test.utils import setup_test_environment

from bench.pages import measure_pages
from bench.province import build_province
from bench.timing import Figure
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
    for measure in (measure_pages, measure_work):
        for figure in measure(province):
            print(_line(figure), flush=True)
            yield figure


def _line(figure: Figure) -> str:
    mark = "ok " if figure.ok else "BAD"
    return (
        f"{mark} {figure.name:45} {figure.value:10.3f} {figure.unit:11}"
        f" (budget {figure.budget:g})"
    )

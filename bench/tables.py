"""Files made on demand: tables of all proposals."""

import tracemalloc
from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.test import Client
from django.urls import reverse

from bench.province import Province
from bench.timing import Figure, seconds_of
from submissions import proposal_table

MEBI = 1024 * 1024


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


def _memory_of(work: Callable[[], object]) -> float:
    """The most memory that `work` holds at once, in MiB."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MEBI
    finally:
        tracemalloc.stop()

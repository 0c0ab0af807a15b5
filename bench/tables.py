"""Files made on demand: tables of all proposals, and of all sheets with scores."""

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.province import Province
from bench.timing import Figure, seconds_of
from competitions.models import Stage
from submissions import proposal_table

MEBI = 1024 * 1024
QUERIES = 25  # and as many for one proposal as for a thousand, as tests hold
SECONDS = {"csv": 3, "xlsx": 10}


def measure_tables(province: Province) -> Iterator[Figure]:
    """Each file: how long it takes, how much memory, how many queries."""
    # Scores are handed out once the time of the jurors is over.
    province.scored.stage_set.filter(kind=Stage.Kind.SCORING).update(
        closes_at=timezone.now() - timedelta(hours=1)
    )
    client = Client()
    client.force_login(province.secretary)
    for kind, seconds in SECONDS.items():
        yield from _measure(
            f"1,000 proposals with all texts as {kind.upper()}",
            lambda kind=kind: _proposals(client, province, kind),
            seconds,
        )
        yield from _measure(
            f"5,000 sheets with all scores as {kind.upper()}",
            lambda kind=kind: _sheets(client, province, kind),
            seconds,
        )


def _proposals(client: Client, province: Province, kind: str) -> Any:
    round = province.running
    columns = [
        column.key
        for group in proposal_table.groups_of(round)
        for column in group.columns
    ]
    address = reverse("submissions:proposal_table", args=[round.slug])
    return client.post(address, {"kolom": columns, "bentuk": kind})


def _sheets(client: Client, province: Province, kind: str) -> Any:
    address = reverse("judging:sheets_export", args=[province.scored.slug])
    return client.get(address, {"bentuk": kind})


def _measure(name: str, ask: Callable[[], Any], seconds: float) -> Iterator[Figure]:
    def take() -> None:
        answer = ask()
        size = sum(len(part) for part in answer)
        assert answer.status_code == HTTPStatus.OK
        assert size > MEBI / 4, f"{name}: {size} bytes"

    yield Figure(name, seconds_of(take), "s", seconds)
    yield Figure(f"{name}, memory", _memory_of(take), "MiB", 150)
    with CaptureQueriesContext(connection) as asked:
        take()
    yield Figure(name, len(asked), "queries", QUERIES)


def _memory_of(work: Callable[[], object]) -> float:
    """The most memory that `work` holds at once, in MiB."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MEBI
    finally:
        tracemalloc.stop()

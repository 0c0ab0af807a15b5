"""A thousand certificates ordered at once: `python -m bench.batch` (`--help`).

Starts the portal as `make serve` does, with PostgreSQL and Valkey of its own. The batch
is made twice: left alone, to see how fast, and with a worker and then PostgreSQL killed
in the middle, to see whether every paper is there, once, and whole.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench.deadline import portal

if TYPE_CHECKING:
    from documents.models import Batch

PATIENCE = 900


def main() -> int:
    """Order, wait, kill, compare, print; the exit code is 1 where something is lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.batch")
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    with portal():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp_portal.settings")
        import django

        django.setup()
        rows = _measure(options.papers)
    if options.json:
        options.json.write_text(json.dumps([each.as_row() for each in rows]))
    for row in rows:
        print(row.as_line())
    return 0 if all(row.ok for row in rows) else 1


def _measure(count: int):  # type: ignore[no-untyped-def]  # of django's world
    from bench.timing import Figure

    print(f"{count} certificates, left alone ...", flush=True)
    batch, ordered = _order(count)
    began, spent = time.monotonic(), _cpu_of_workers()
    _wait_until(lambda: _ready(batch) == count)
    took = time.monotonic() - began
    spent = _cpu_of_workers() - spent
    faults = _faults(batch, count)

    print(f"{count} certificates, worker and PostgreSQL killed ...", flush=True)
    second, _ordered = _order(count)
    began = time.monotonic()
    _wait_until(lambda: _ready(second) >= count // 4)
    _kill(r"celery.*worker")
    _wait_until(lambda: _ready(second) >= count // 2)
    _kill(r"postgres.*-D", family=False)
    _wait_until(lambda: _ready(second) == count)
    recovered = time.monotonic() - began
    faults += _faults(second, count)
    print(*faults[:20], sep="\n")
    cores = psutil.cpu_count() or 1
    return [
        Figure(f"batch of {count}, ordered in one request", ordered, "s", 5),
        Figure("batch, papers a second", count / took, "", 1e9),
        Figure("batch, papers a second and core", count / took / cores, "", 1e9),
        Figure("batch, processor time of a paper", spent / count * 1000, "ms", 1e9),
        Figure("batch, longer with both killed", recovered - took, "s", 60),
        Figure("batch, lost, double or altered", len(faults), "papers", 0),
    ]


def _order(count: int) -> "tuple[Batch, float]":
    from django.utils import timezone

    from accounts.models import Government, User
    from documents import services
    from documents.models import Batch, DocumentKind
    from tests.factories import papers

    at = timezone.now()
    tegal, _new = Government.objects.get_or_create(
        code="33.76",
        defaults={
            "kind": "kota",
            "name": "Pemerintah Kota Tegal",
            "short_name": "Kota Tegal",
            "slug": "kota-tegal",
            "place": "Tegal",
        },
    )
    person, _new = User.objects.get_or_create(email="bench@tegal.example")
    orders = papers.orders(tegal, count, f"bench:{Batch.objects.count()}")
    began = time.monotonic()
    batch = services.create_batch(
        government=tegal, title="Piagam", subject_key="bench", actor=person, at=at
    )
    services.issue_documents(
        government=tegal,
        kind=DocumentKind.CERTIFICATE,
        orders=orders,
        template=papers.TEMPLATE,
        issued_date=papers.DAY,
        at=at,
        is_public=True,
        batch=batch,
    )
    return batch, time.monotonic() - began


def _ready(batch: "Batch") -> int:
    from django.db import InterfaceError, OperationalError, connection

    try:
        return batch.issueddocument_set.ready().count()
    except (OperationalError, InterfaceError):  # not back yet
        connection.close()
        return 0


def _wait_until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > end:
            raise SystemExit("The batch is not made: see the log of the portal.")
        time.sleep(0.2)


def _family() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _cpu_of_workers() -> float:
    workers = [each for each in _family() if re.search(r"celery.*worker", _of(each))]
    return sum(sum(each.cpu_times()[:2]) for each in workers)


def _kill(pattern: str, *, family: bool = True) -> None:
    """kill -9; PostgreSQL is no child of ours, but its data directory tells it."""
    mine = os.environ["KIPP_VAR"]
    everybody = _family() if family else psutil.process_iter()
    chosen = [
        each
        for each in everybody
        if re.search(pattern, _of(each)) and (family or mine in _of(each))
    ]
    if not chosen:
        raise SystemExit(f"Nobody to kill: {pattern}")
    for process in chosen:
        family_of = [process, *process.children(recursive=True)]
        for each in family_of:
            each.kill()


def _of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _faults(batch: "Batch", count: int) -> list[str]:
    """Name what is missing, twice or not as it was noted."""
    papers = list(batch.issueddocument_set.order_by("number"))
    faults = [] if len(papers) == count else [f"{len(papers)} papers"]
    seqs = sorted(int(re.findall(r"\d+", paper.number)[2]) for paper in papers)
    if seqs != list(range(seqs[0], seqs[0] + count)):
        faults.append("numbers with gaps or doubles")
    codes = Counter(paper.code for paper in papers)
    faults += [f"{code} twice" for code, times in codes.items() if times > 1]
    for paper in papers:
        with paper.file.open("rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != paper.sha256:
                faults.append(f"{paper.number} is another file")
    return faults


if __name__ == "__main__":
    sys.exit(main())

"""The deadline minute: `python -m bench.deadline` (`--help` for fewer people).

Starts the portal as `make serve` does, with PostgreSQL and Valkey of its own; or plays
against the one at `--url`, whose database the environment names.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

PROJECT = Path(__file__).resolve().parents[1]
DATABASE = "deadline"
START_SECONDS = 600
# So long after the last row is written the first author acts.
LEAD = 5.0


def main() -> int:
    """Play the minute, compare, print; the exit code is 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.deadline")
    parser.add_argument("--authors", type=int, default=600)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--rush", action="store_true", help="nearly a third in the last ten seconds"
    )
    parser.add_argument("--url", help="of a portal that runs already")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    if options.url:
        return measure(options.url, options)
    with portal() as url:
        return measure(url, options)


def measure(url: str, options: argparse.Namespace) -> int:
    """Build the crowd in the database, let it act, look at what is left."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp_portal.settings")
    import django

    django.setup()
    from bench import crowd, tally
    from bench.load import Played
    from bench.province import make_round
    from bench.timing import Figure

    print(f"Making {options.authors} authors ...", flush=True)
    people = crowd.build_crowd(options.authors, make_round)
    acts = crowd.plan(people, seconds=options.seconds, is_rush=options.rush)
    start = time.time() + LEAD
    closing = start + crowd.closing(options.seconds)
    crowd.close_at(people, datetime.fromtimestamp(closing, UTC))
    print(f"{len(acts)} requests in {options.seconds:g} s ...", flush=True)
    played = _play(url, start, crowd.as_json(acts), Played.read)
    faults = tally.check(people, played.answers, closing)
    rows = [
        *tally.figures(played.answers, options.seconds),
        Figure("deadline minute, lost, double or wrong", len(faults), "rows", 0),
        Figure(
            "deadline minute, share of the load itself",
            played.cpu_seconds / options.seconds,
            "processors",
            1,
        ),
    ]
    print(*faults[:20], sep="\n")
    if options.json:
        options.json.write_text(json.dumps([each.as_row() for each in rows]))
    for row in rows:
        print(row.as_line())
    return 0 if all(row.ok for row in rows) else 1


def _play(url, start, acts, read):  # type: ignore[no-untyped-def]  # of django's world
    parts = urlsplit(url)
    plan = {"host": parts.hostname, "port": parts.port, "start": start, "acts": acts}
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "plan.json", Path(name) / "answers.json"
        source.write_text(json.dumps(plan))
        subprocess.run(
            [sys.executable, "-m", "bench.load", str(source), str(target)],
            cwd=PROJECT,
            check=True,
        )
        return read(target)


@contextmanager
def portal() -> Iterator[str]:
    """Run the portal on a new database, and end it with all it started."""
    from kipp_portal import embedded
    from kipp_portal.embedded.home import var_directory
    from kipp_portal.embedded.processes import free_port

    directory = var_directory() / "bench"
    os.environ["KIPP_VAR"] = str(directory)
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    embedded.provide(dotenv=False)
    os.environ["DATABASE_URL"] = _new_database(os.environ["DATABASE_URL"])
    os.environ["EMAIL_URL"] = "dummymail://"
    port = free_port(18_400)
    os.environ["PORT"] = str(port)
    os.environ["KIPP_BASE_URL"] = url = f"http://127.0.0.1:{port}"
    path = directory / "portal.log"
    with path.open("wb") as log:
        portal = subprocess.Popen(
            [sys.executable, "-m", "kipp_portal.run", "serve"],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        end = time.monotonic() + START_SECONDS
        while "Portal KIPP siap" not in path.read_text():
            if portal.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"The portal does not start: see {path}")
            time.sleep(0.5)
        yield url
    finally:
        portal.send_signal(signal.SIGINT)
        portal.wait(60)


def _new_database(address: str) -> str:
    """Make an empty database beside the one at `address`."""
    link = psycopg2.connect(address)
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    link.close()
    return urlsplit(address)._replace(path=f"/{DATABASE}").geturl()


if __name__ == "__main__":
    sys.exit(main())

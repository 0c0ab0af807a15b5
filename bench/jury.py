"""An evening of the jury: `python -m bench.jury` (`--help` for another size).

Every juror has each sheet open in two windows that save over each other, while web
workers are killed. Then what was answered is compared with what the database holds.
Starts the portal as `make serve` does, with PostgreSQL and Valkey of its own.
"""

import argparse
import http.client
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil

from bench.deadline import portal
from bench.load import TOKEN
from bench.timing import Figure

PATIENCE = 20.0
TRIES = 100
PAUSE = 0.4  # seconds before it is tried again
SAVED, CONFLICT = 200, 409


@dataclass
class Window:
    """One window of one juror: what it sent, and what it was told."""

    number: int
    session: str
    address: tuple[str, int]
    told: list[tuple[str, int, Decimal]] = field(default_factory=list)
    unanswered: set[tuple[str, Decimal]] = field(default_factory=set)
    times: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    link: http.client.HTTPConnection | None = None

    def save(self, key: str, value: Decimal, version: int) -> int:
        """Save until it is told to be stored, as the page does; give the version.

        What another window stored meanwhile is seen, and its version taken over.
        """
        for _try in range(TRIES):
            began = time.monotonic()
            fields = {
                "version": str(version),
                "value-kebaruan": str(value),
                "note-kebaruan": f"Jendela {self.number}.",
                "autosave": "1",
            }
            status, body = self.post(f"/penilaian/{key}/", fields)
            self.statuses[status] += 1
            if status == 0:
                self.unanswered.add((key, value))
                time.sleep(PAUSE)
                continue
            self.times.append(time.monotonic() - began)
            answer = json.loads(body)
            if status == SAVED:
                self.told.append((key, answer["version"], value))
                return int(answer["version"])
            if status != CONFLICT:
                raise SystemExit(f"{status}: {body[:300]}")
            version = int(answer["version"])
        raise SystemExit(f"{key} was not saved in {TRIES} tries")

    def finish(self, key: str, version: int) -> int:
        """Finish a sheet by the button; give the status."""
        fields = {
            "version": str(version),
            "value-signifikansi": "75",
            "note-kebaruan": "Selesai.",
        }
        for _try in range(TRIES):
            status, _body = self.post(f"/penilaian/{key}/selesai/", fields, ajax=False)
            if status:
                return status
            time.sleep(PAUSE)
        return 0

    def post(
        self, path: str, fields: dict[str, str], *, ajax: bool = True
    ) -> tuple[int, bytes]:
        """Send a form; 0 where no answer came."""
        headers = {
            "Cookie": f"kipp_session={self.session}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        if ajax:
            headers |= {"X-Requested-With": "autosave", "Accept": "application/json"}
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields})
        try:
            if self.link is None:
                self.link = http.client.HTTPConnection(*self.address, timeout=PATIENCE)
            self.link.request("POST", path, body, headers)
            answer = self.link.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            if self.link:
                self.link.close()
            self.link = None
            return 0, b""


def main() -> int:
    """Play the evening, compare, print; the exit code is 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.jury")
    parser.add_argument("--jurors", type=int, default=12)
    parser.add_argument("--proposals", type=int, default=10)
    parser.add_argument("--saves", type=int, default=3, help="of a sheet by a window")
    parser.add_argument("--kills", type=int, default=3)
    options = parser.parse_args()
    with portal() as url:
        return measure(url, options)


def measure(url: str, options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp_portal.settings")
    import django

    django.setup()
    from bench.crowd import sign_in
    from judging.models import Juror, ScoreSheet
    from tests.factories.judging import scoring_round

    round = scoring_round(jurors=options.jurors, proposals=options.proposals)
    jurors = list(Juror.objects.filter(round=round).select_related("user"))
    parts = urlsplit(url)
    address = (parts.hostname or "", parts.port or 0)
    windows: list[Window] = []
    plans = []
    for juror in jurors:
        session = sign_in(juror.user)
        keys = list(
            ScoreSheet.objects.filter(assignment__juror=juror)
            .order_by("key")
            .values_list("key", flat=True)
        )
        pair = [Window(len(windows) + n, session, address) for n in (1, 2)]
        windows += pair
        plans += [(window, keys) for window in pair]
    began = time.monotonic()
    done = threading.Event()
    killer = threading.Thread(target=_kill, args=(options.kills, done))
    killer.start()
    with ThreadPoolExecutor(len(plans)) as pool:
        list(pool.map(lambda plan: _score(*plan, options.saves), plans))
        done.set()
        killer.join()
        codes = list(pool.map(lambda plan: _finish(*plan), plans))
    took = time.monotonic() - began
    faults = check(windows, [status for each in codes for status in each])
    times = sorted(each for window in windows for each in window.times)
    statuses = sum((window.statuses for window in windows), Counter())
    print(*faults[:20], sep="\n")
    print(f"answers: {dict(statuses)}, no answer means a killed worker")
    rows = [
        Figure("jury, saves acknowledged", sum(len(w.told) for w in windows), "", 1e9),
        Figure("jury, save, p50", quantiles(times, n=100)[49], "s", 1),
        Figure("jury, save, p95", quantiles(times, n=100)[94], "s", 2),
        Figure("jury, whole evening", took, "s", 60),
        Figure("jury, lost, double or wrong", len(faults), "rows", 0),
    ]
    for row in rows:
        print(row.as_line())
    return 0 if all(row.ok for row in rows) else 1


def _score(window: Window, keys: list[str], saves: int) -> None:
    """Every value is sent by one window once, so that it can be told whose it is."""
    chance = random.Random(window.number)
    for place, key in enumerate(keys):
        version = 0
        for number in range(saves):
            mark = (window.number * len(keys) + place) * saves + number
            version = window.save(key, Decimal(mark).scaleb(-2), version)
            time.sleep(chance.uniform(0, 0.05))


def _finish(window: Window, keys: list[str]) -> list[int]:
    """Both windows press at once; who comes second is told that it is done."""
    known = dict.fromkeys(keys, 0)
    known |= {key: version for key, version, _value in window.told}
    return [window.finish(key, known[key]) for key in keys]


def _kill(times: int, done: threading.Event) -> None:
    """kill -9 one web worker after another; at last the whole web server."""
    for number in range(times):
        if done.wait(1.5):
            return
        family = psutil.Process().children(recursive=True)
        web = [each for each in family if "gunicorn" in _command(each)]
        masters = {each.pid for each in web if each.ppid() not in {w.pid for w in web}}
        workers = [each for each in web if each.pid not in masters]
        chosen = web if number == times - 1 else workers[:1]
        for process in chosen:
            process.send_signal(signal.SIGKILL)


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def check(windows: list[Window], finished: list[int]) -> list[str]:
    """Name what contradicts the answers: lost, twice, overwritten, or from nowhere."""
    from django.apps import apps

    from core.models import AuditEntry
    from judging.models import Score, ScoreSheet

    told = Counter(
        (key, value) for window in windows for key, _version, value in window.told
    )
    unsure = {each for window in windows for each in window.unanswered}
    history = apps.get_model("judging.ScoreEvent").objects.filter(
        criterion__code="kebaruan", value__isnull=False
    )
    stored: Counter = Counter()
    before: dict[Any, Any] = {}
    rows = history.order_by("pgh_id").values_list("sheet__key", "value")
    for key, value in rows:
        if before.get(key) != value:  # a note alone is no new score
            stored[key, value] += 1
        before[key] = value
    faults = [f"lost: {each}" for each in told if not stored[each]]
    # What got no answer may have been stored, overwritten by the other window, and
    # then been sent once more by the person who saw both.
    faults += [
        f"twice: {each}"
        for each, count in stored.items()
        if count > 1 and each not in unsure
    ]
    faults += [
        f"from nowhere: {each}"
        for each in stored
        if each not in told and each not in unsure
    ]
    versions: dict[tuple[str, int], set[Decimal]] = {}
    for window in windows:
        for key, version, value in window.told:
            versions.setdefault((key, version), set()).add(value)
    faults += [
        f"two scores called one version: {key} {found}"
        for key, found in versions.items()
        if len(found) > 1
    ]
    latest = {
        key: (version, value)
        for (key, version), (value, *_more) in sorted(versions.items())
    }
    now = dict(
        Score.objects.filter(criterion__code="kebaruan").values_list(
            "sheet__key", "value"
        )
    )
    faults += [
        f"overwritten: {key} holds {now[key]}, told {value}"
        for key, (_version, value) in latest.items()
        if now[key] != value and (key, now[key]) not in unsure
    ]
    entries = Counter(
        AuditEntry.objects.filter(action="sheet.finalised").values_list(
            "target_id", flat=True
        )
    )
    final = ScoreSheet.objects.final().values_list("pk", flat=True)
    if entries != Counter(str(pk) for pk in final):
        faults.append(f"{entries.total()} entries for {len(final)} finished sheets")
    if len(final) != ScoreSheet.objects.count():
        faults.append(f"{len(final)} of {ScoreSheet.objects.count()} finished")
    if bad := [status for status in finished if status not in (200, 302, 409)]:
        faults.append(f"finishing was answered {Counter(bad)}")
    return faults


if __name__ == "__main__":
    sys.exit(main())

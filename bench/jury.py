"""An evening of the jury: `python -m bench.jury` (`--help` for another size).

Every juror has each sheet open in two windows that save over each other, while web
workers are killed. Then all but the last sheet of each are finished, the time closes,
and the result is sealed while the windows still save. What was answered is compared
with what the database and the seal hold. Starts the portal as `make serve` does, with
PostgreSQL and Valkey of its own; or plays against the one at `--url`, whose database
the environment names, and kills what `--supervisor` started.
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
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
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
SAVED, CONFLICT, REFUSED = 200, 409, 403
CLOSING = 2.0  # seconds until jurors may no longer save


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

    def save(self, key: str, value: Decimal, version: int) -> int | None:
        """Save until it is told to be stored, as the page does; give the version.

        What another window stored meanwhile is seen, and its version taken over.
        None where it was refused: the time is over, or the result is sealed.
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
            if status == REFUSED:
                return None
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
    parser.add_argument("--url", help="of a portal that runs already")
    parser.add_argument("--supervisor", type=int, help="its process")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    if options.url:
        return measure(options.url, options)
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
    with ThreadPoolExecutor(len(plans) + 1) as pool:
        killing = pool.submit(_kill, options.supervisor, options.kills, done)
        list(pool.map(lambda plan: _score(*plan, options.saves), plans))
        done.set()
        killed = killing.result()
        finishing = [(window, keys[:-1]) for window, keys in plans]
        codes = list(pool.map(lambda plan: _finish(*plan), finishing))
        _close(round, CLOSING)
        sealing = pool.submit(_seal, round)
        late = list(pool.map(lambda plan: _save_on(*plan), plans))
        result = sealing.result()
    took = time.monotonic() - began
    last = [keys[-1] for _window, keys in plans]
    finished = [status for each in codes for status in each]
    faults = check(round, windows, finished, last) + check_seal(result, windows, last)
    times = sorted(each for window in windows for each in window.times)
    statuses = sum((window.statuses for window in windows), Counter())
    print(*faults[:20], sep="\n")
    print(f"answers: {dict(statuses)}, no answer means a killed worker")
    rows = [
        Figure("jury, saves acknowledged", sum(len(w.told) for w in windows), "", 1e9),
        Figure("jury, save, p50", quantiles(times, n=100)[49], "s", 1),
        Figure("jury, save, p95", quantiles(times, n=100)[94], "s", 2),
        Figure("jury, whole evening", took, "s", 60),
        Figure("jury, web workers killed", killed, "", 1e9),
        Figure("jury, saves beside the seal, told as stored", sum(late), "", 1e9),
        Figure("jury, lost, double or wrong", len(faults), "rows", 0),
    ]
    if options.json:
        options.json.write_text(json.dumps([row.as_row() for row in rows]))
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
            value = Decimal(mark).scaleb(-2)
            version = window.save(key, value, version) or version
            time.sleep(chance.uniform(0, 0.05))


def _finish(window: Window, keys: list[str]) -> list[int]:
    """Both windows press at once; who comes second is told that it is done."""
    known = dict.fromkeys(keys, 0)
    known |= {key: version for key, version, _value in window.told}
    return [window.finish(key, known[key]) for key in keys]


def _save_on(window: Window, keys: list[str]) -> int:
    """Save the last sheet until that is refused; count what was told to be stored."""
    key = keys[-1]
    version = max((v for k, v, _value in window.told if k == key), default=0)
    number = 5000 + window.number * 100
    while True:
        found = window.save(key, Decimal(number).scaleb(-2), version)
        if found is None:
            return number - 5000 - window.number * 100
        version, number = found, number + 1


def _close(round: Any, seconds: float) -> None:
    """Let the time in which jurors score be over in so many seconds."""
    from django.utils import timezone

    from competitions.models import Stage

    closing = timezone.now() + timedelta(seconds=seconds)
    round.stage_set.filter(kind=Stage.Kind.SCORING).update(closes_at=closing)


def _seal(round: Any) -> Any:
    """Press until the result is sealed; it is refused while jurors may score."""
    from django.db import connection
    from django.utils import timezone

    from judging import services
    from tests.factories.accounts import SecretariatFactory

    try:
        actor = SecretariatFactory(government=round.competition.government)
        for _try in range(int(PATIENCE / 0.05)):
            try:
                return services.seal_result(round=round, actor=actor, at=timezone.now())
            except services.ResultNotSealed:
                time.sleep(0.05)
    finally:
        connection.close()
    raise SystemExit("The result was not sealed")


def _kill(supervisor: int | None, times: int, done: threading.Event) -> int:
    """kill -9 one web worker after another; at last the whole web server."""
    for number in range(times):
        if done.wait(1.5):
            return number
        family = psutil.Process(supervisor).children(recursive=True)
        web = [each for each in family if "gunicorn" in _command(each)]
        masters = {each.pid for each in web if each.ppid() not in {w.pid for w in web}}
        workers = [each for each in web if each.pid not in masters]
        chosen = web if number == times - 1 else workers[:1]
        for process in chosen:
            process.send_signal(signal.SIGKILL)
    return times


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def check(
    round: Any, windows: list[Window], finished: list[int], last: list[str]
) -> list[str]:
    """Name what contradicts the answers: lost, twice, overwritten, or from nowhere.

    All sheets of `round` are finished but those with the keys `last`.
    """
    from django.apps import apps

    from core.models import AuditEntry
    from judging.models import Score, ScoreSheet

    told = Counter(
        (key, value) for window in windows for key, _version, value in window.told
    )
    unsure = {each for window in windows for each in window.unanswered}
    sheets = ScoreSheet.objects.filter(assignment__juror__round=round)
    history = apps.get_model("judging.ScoreEvent").objects.filter(
        sheet__in=sheets, criterion__code="kebaruan", value__isnull=False
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
        Score.objects.filter(sheet__in=sheets, criterion__code="kebaruan").values_list(
            "sheet__key", "value"
        )
    )
    faults += [
        f"overwritten: {key} holds {now[key]}, told {value}"
        for key, (_version, value) in latest.items()
        if now[key] != value and (key, now[key]) not in unsure
    ]
    final = [str(pk) for pk in sheets.final().values_list("pk", flat=True)]
    entries = Counter(
        AuditEntry.objects.filter(
            action="sheet.finalised", target_id__in=final
        ).values_list("target_id", flat=True)
    )
    if entries != Counter(final):
        faults.append(f"{entries.total()} entries for {len(final)} finished sheets")
    if len(final) != sheets.exclude(key__in=last).count():
        faults.append(f"{len(final)} of {sheets.count()} finished")
    if bad := [status for status in finished if status not in (200, 302, 409)]:
        faults.append(f"finishing was answered {Counter(bad)}")
    return faults


def check_seal(result: Any, windows: list[Window], last: list[str]) -> list[str]:
    """Name the sheets of which the seal does not hold what was last told as stored."""
    held = {
        each["sheet"]: each["scores"]["kebaruan"]
        for each in json.loads(result.payload)["sheets"]
    }
    told = {
        key: (version, value)
        for version, key, value in sorted(
            (version, key, value)
            for window in windows
            for key, version, value in window.told
        )
    }
    unsure = {
        (key, str(value)) for window in windows for key, value in window.unanswered
    }
    return [
        f"not in the seal: {key}, told {told[key][1]}, sealed {held[key]}"
        for key in sorted(set(last))
        if held[key] != f"{told[key][1]:.2f}" and (key, held[key]) not in unsure
    ]


if __name__ == "__main__":
    sys.exit(main())

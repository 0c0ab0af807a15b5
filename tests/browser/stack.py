"""The running portal under test: web, worker and beat, with services we can stop.

PostgreSQL is the one of the tests, in a database of its own. Valkey is started here,
so that a test may stop it. Mail goes to a list in this process.
"""

import contextlib
import email
import email.policy
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg2
import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from kipp_portal.embedded.home import Home
from kipp_portal.embedded.processes import free_port, pid_of
from kipp_portal.embedded.valkey import PROGRAM as VALKEY
from tests.browser.seed import PASSWORD
from tests.prepared import prepared_database

PROJECT = Path(__file__).resolve().parents[2]


class Mailbox:
    """Every mail that the portal sent, in order."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content or b""
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def to(self, address: str, subject: str = "") -> list[EmailMessage]:
        """Mails to `address` whose subject holds `subject`."""
        return [
            mail
            for mail in list(self.mails)
            if address in str(mail["To"]) and subject in str(mail["Subject"])
        ]


class Valkey:
    """A broker that a test may take away."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port(16_379)
        self.url = f"redis://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                str(VALKEY),
                f"--port {self.port}",
                "--bind 127.0.0.1",
                f"--dir {self.directory}",
                "--appendonly yes",
                "--save ",
            ],
            stdout=subprocess.DEVNULL,
        )
        wait_until(lambda: self._answers(), 20, "Valkey does not start")

    def stop(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()
        self.process = None

    def _answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.RedisError:
            return False


class Stack:
    """The portal as `make` starts it, with seeded people or the demonstration data."""

    def __init__(self, directory: Path, *, demo: bool = False) -> None:
        self.directory = directory
        self.demo = demo
        self.mailbox = Mailbox()
        self.port = free_port(18_000)
        # A name and no number: passkeys belong to names.
        self.base_url = f"http://localhost:{self.port}"
        self.valkey = Valkey(directory)
        self.controller = Controller(
            self.mailbox, hostname="127.0.0.1", port=free_port(18_025)
        )
        parts = urlsplit(os.environ["DATABASE_URL"])
        self.admin_url = os.environ["DATABASE_URL"]
        self.database = f"kipp_{directory.name}"
        self.database_url = urlunsplit(parts._replace(path=f"/{self.database}"))
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": "rahasia-hanya-untuk-uji-" + "x" * 40,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.controller.port}",
            "KIPP_BASE_URL": self.base_url,
            "KIPP_VAR": str(directory),
            "PORT": str(self.port),
            "KIPP_DEMO": str(int(demo)),
            "KIPP_DEMO_PASSWORD": PASSWORD,
        }

    def start(self) -> None:
        """Make the database, seed people, start the processes, wait for an answer."""
        self._make_database()
        self.valkey.start()
        self.controller.start()
        if not self.demo:
            self.run([sys.executable, "-m", "tests.browser.seed"])
        with (self.directory / "portal.log").open("wb") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "kipp_portal.run", "serve"],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: b"Portal KIPP siap" in self.log(), 180, self.log)
        wait_until(lambda: b"ready." in self.log(), 60, self.log)

    def stop(self) -> list[psutil.Process]:
        """End everything as Ctrl-C does; return what is still running after it."""
        assert self.supervisor
        family = psutil.Process(self.supervisor.pid).children(recursive=True)
        self.supervisor.send_signal(signal.SIGINT)
        self.supervisor.wait(40)
        self.controller.stop()
        self.valkey.stop()
        return [process for process in family if _runs(process)]

    def log(self) -> bytes:
        return (self.directory / "portal.log").read_bytes()

    def manage(self, *arguments: str) -> str:
        return self.run([sys.executable, "manage.py", *arguments])

    def run(self, command: list[str]) -> str:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def query(self, sql: str, *arguments: Any) -> list[tuple]:
        """Ask the portal's database."""
        with psycopg2.connect(self.database_url) as link, link.cursor() as cursor:
            cursor.execute(sql, arguments)
            return cursor.fetchall()

    def forget_papers(self) -> None:
        """Take the files from all papers: the next sweep has every one to make."""
        with psycopg2.connect(self.database_url) as link, link.cursor() as cursor:
            # Issued papers never change: what keeps them is put aside for a moment.
            papers = "documents_issueddocument"
            cursor.execute(f"ALTER TABLE {papers} DISABLE TRIGGER USER")
            cursor.execute(
                f"UPDATE {papers} SET rendered_at = NULL, file = '', sha256 = '',"
                " attempts = 0 WHERE state = 'issued'"
            )
            cursor.execute(f"ALTER TABLE {papers} ENABLE TRIGGER USER")

    def pass_days(self, days: int, round: str) -> None:
        """Let days go by in a round: its stages come nearer, or lie further behind."""
        with psycopg2.connect(self.database_url) as link, link.cursor() as cursor:
            cursor.execute(
                "UPDATE competitions_stage SET opens_at = opens_at - %(span)s,"
                " closes_at = closes_at - %(span)s WHERE round_id ="
                " (SELECT id FROM competitions_round WHERE slug = %(round)s)",
                {"span": timedelta(days=days), "round": round},
            )

    def kill_worker(self) -> None:
        """kill -9 the Celery worker with all its children."""
        self._kill(r"celery.*worker")

    def kill_web(self) -> None:
        """kill -9 gunicorn with all its workers."""
        self._kill(r"gunicorn")

    def kill_postgres(self) -> None:
        """kill -9 PostgreSQL with all its children; its keeper starts it again."""
        home = Home.default(test=True)
        state = home.read_state()
        if state.get("database_url") != self.admin_url:
            pytest.skip("PostgreSQL is not ours to kill: DATABASE_URL was given")
        pid = pid_of(state["servers"]["postgres"]["known"])
        assert pid
        postmaster = psutil.Process(pid)
        for process in [postmaster, *postmaster.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def end_sessions(self) -> None:
        """Sign everybody out, as the server sees it."""
        with psycopg2.connect(self.database_url) as link, link.cursor() as cursor:
            cursor.execute("DELETE FROM django_session")
        redis.Redis.from_url(f"{self.valkey.url}/1").flushdb()

    def _kill(self, pattern: str) -> None:
        assert self.supervisor
        family = psutil.Process(self.supervisor.pid).children(recursive=True)
        chosen = [each for each in family if re.search(pattern, _command(each))]
        assert chosen
        for process in chosen:
            process.kill()

    def _make_database(self) -> None:
        link = psycopg2.connect(self.admin_url)
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            cursor.execute(
                f"CREATE DATABASE {self.database}"
                f" TEMPLATE {prepared_database(self.admin_url)}"
            )
        link.close()


def wait_until(
    what: Callable[[], object], seconds: float, say: str | Callable[[], object] = ""
) -> None:
    """Ask again until the answer is true; fail with `say` after `seconds`."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise AssertionError(say() if callable(say) else say)
        time.sleep(0.1)


def _runs(process: psutil.Process) -> bool:
    """Whether it still does anything: whom nobody has fetched yet has ended."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""

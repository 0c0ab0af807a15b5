"""What PostgreSQL and Valkey have in common: start, watch, stop."""

import contextlib
import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from importlib.util import find_spec
from pathlib import Path
from typing import IO, ClassVar

from kipp_portal.embedded import processes
from kipp_portal.embedded.home import EmbeddedError, Home

ORPHAN_SECONDS = 10
START_SECONDS = 120  # recovery after a crash included
STOP_SECONDS = 20


class Server(ABC):
    """One server process on one directory of the home."""

    name: ClassVar[str]
    program_name: ClassVar[str]  # as the kernel calls the process
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, home: Home, *, port: int | None, known: str | None) -> None:
        """Take over the port and the process that the last keeper noted."""
        self.home = home
        self.account = processes.Account(home.base)
        self.directory = home.base / self.name
        self.port = port
        self.known = known
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def create(self) -> None:
        """Make the data directory if there is none yet."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that runs the server on `self.port`."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Tell whether our own process answers."""

    def mend(self, log: str) -> bool:
        """Repair what `log` says keeps the server from starting, if known how."""
        return False

    def start(self, *, keep_port: bool = False) -> None:
        """Start the server and wait until it answers, or raise EmbeddedError.

        With `keep_port` it must come back where its clients look for it.
        """
        self.create()
        self._end_orphans()
        for _ in range(4):
            if not (keep_port and self.port):
                self.port = processes.free_port(self.port)
            with self.home.open_log(f"{self.name}.log") as log:
                begin = os.fstat(log.fileno()).st_size
                self._spawn(log)
            if self._wait_until_ready():
                return
            self.stop()
            text = self._log_since(begin)
            if "Address already in use" in text:
                self.port = self.port if keep_port else None
                time.sleep(0.5)
            elif not self.mend(text):
                break
        last = text.strip().splitlines()[-1:] or ["it wrote nothing"]
        raise EmbeddedError(
            f"The embedded {self.name} did not start: {last[0].strip()} "
            f"(see {self.home.base / self.name}.log)"
        )

    def has_died(self) -> bool:
        """Tell whether the process ended without being asked to."""
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        """Send the polite signal; `stop` waits for its effect."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Stop the server, in the end by force."""
        if not self.process:
            return
        self.ask_to_stop()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        self.known = None

    def _spawn(self, log: IO[bytes]) -> None:
        self.process = subprocess.Popen(  # noqa: S603  the wheel's programs
            self.command(),
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
        )
        self.known = processes.identity(self.process.pid)

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.has_died():
                return False
            if self.is_ready():
                return True
            time.sleep(0.02)
        return False

    def _log_since(self, begin: int) -> str:
        with (self.home.base / f"{self.name}.log").open("rb") as log:
            log.seek(begin)
            return log.read().decode(errors="replace")

    def _end_orphans(self) -> None:
        """End what a killed keeper left on our directory; touch nothing else."""
        left = processes.pid_of(self.known)
        for number in (self.stop_signal, signal.SIGQUIT, signal.SIGKILL):
            if left:
                _signal(left, number)
            deadline = time.monotonic() + ORPHAN_SECONDS
            while running := processes.running_in(self.directory, self.program_name):
                if time.monotonic() > deadline:
                    break
                time.sleep(0.02)
            else:
                return
            if not left:
                break
        raise EmbeddedError(
            f"A {self.name} that the portal did not start (process {running[0]}) "
            f"uses {self.directory}: stop it first."
        )


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def wheel_directory(package: str) -> Path:
    """Return where a wheel lies, without importing it: we want its programs only."""
    spec = find_spec(package)
    if not spec or not spec.origin:
        raise EmbeddedError(f"The package {package} is not installed: run `make demo`.")
    return Path(spec.origin).parent


def read_text(path: Path) -> str:
    """Return the text of a file that may not be there."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""

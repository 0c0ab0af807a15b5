"""Where the embedded services live: directory, locks, remembered state."""

import fcntl
import json
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PROJECT_DIR = Path(__file__).resolve().parents[2]
LOG_BYTES = 5_000_000


class EmbeddedError(Exception):
    """The services cannot run; the message is one line that says what to do."""


def var_directory() -> Path:
    """Return the directory of everything the portal writes."""
    return Path(os.environ.get("KIPP_VAR") or PROJECT_DIR / "var").resolve()


@dataclass(frozen=True)
class Home:
    """The directory of one pair of servers.

    `test` marks servers that may lose data at a power cut in return for speed.
    """

    base: Path
    test: bool = False

    @classmethod
    def default(cls, *, test: bool = False) -> "Home":
        """Return the home below `KIPP_VAR`; tests have one of their own."""
        name = "services-test" if test else "services"
        return cls(var_directory() / name, test)

    def prepare(self, lock: str = "start.lock") -> None:
        """Make the directory, or raise EmbeddedError if it is somebody else's."""
        try:
            self.base.mkdir(parents=True, exist_ok=True)
            self.open(lock).close()
        except PermissionError as error:
            raise EmbeddedError(
                f"{error.filename} belongs to another user. Run as that user, or "
                "point KIPP_VAR to a directory of your own."
            ) from None

    def open(self, name: str) -> IO[bytes]:
        """Open a file of the home for appending, readable by its owner only."""
        path = self.base / name
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self._share_owner(descriptor)
        return os.fdopen(descriptor, "ab", buffering=0)

    def open_log(self, name: str) -> IO[bytes]:
        """Open a log; what outgrew `LOG_BYTES` moves aside first."""
        path = self.base / name
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return self.open(name)

    def password(self) -> str:
        """Return the password of both servers, made at first use."""
        path = self.base / "password"
        try:
            return path.read_text()
        except FileNotFoundError:
            self._write("password", secrets.token_hex(24))
            return path.read_text()

    def read_state(self) -> dict[str, Any]:
        """Return what the last keeper noted; nothing if it noted nothing."""
        try:
            state: dict[str, Any] = json.loads((self.base / "state.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return state

    def write_state(self, state: dict[str, Any]) -> None:
        """Replace the noted state in one step."""
        self._write("state.json", json.dumps(state, indent=1))

    def _write(self, name: str, text: str) -> None:
        part = self.base / f"{name}.part"
        descriptor = os.open(part, os.O_WRONLY | os.O_TRUNC | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            self._share_owner(file.fileno())
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.base / name)

    def _share_owner(self, descriptor: int) -> None:
        # Root at work in an ordinary user's clone must not lock that user out.
        if os.geteuid() == 0:
            owner = self.base.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)


class Lock:
    """A file lock that the kernel lets go of when its holder ends."""

    def __init__(self, home: Home, name: str) -> None:
        self._file = home.open(name)

    def take(self, *, shared: bool = False, timeout: float = 0) -> bool:
        """Take the lock within `timeout` seconds; tell whether that worked."""
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        deadline = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(self._file, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(0.02)
            else:
                return True

    def drop(self) -> None:
        """Let go, unless a forked copy of this process still holds on."""
        self._file.close()

    def __enter__(self) -> "Lock":
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()


def is_locked(home: Home, name: str) -> bool:
    """Tell whether anyone holds the lock exclusively."""
    with Lock(home, name) as lock:
        return not lock.take(shared=True)

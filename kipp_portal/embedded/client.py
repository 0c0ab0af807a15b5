"""The users' side: ask for the services, get addresses, let go."""

import atexit
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import environ

from kipp_portal.embedded import processes
from kipp_portal.embedded.home import (
    PROJECT_DIR,
    EmbeddedError,
    Home,
    Lock,
    is_locked,
    var_directory,
)

START_SECONDS = 180
STOP_SECONDS = 30


@dataclass(frozen=True)
class Addresses:
    """Where the services answer."""

    database_url: str
    redis_url: str


# The shared lock of this process on each home, and which process took it.
_held: dict[Home, tuple[Lock, int]] = {}


def provide(*, test: bool = False, services: bool = True, dotenv: bool = True) -> None:
    """Put into the environment what it lacks: a secret key and addresses.

    The services run until this process ends. Where addresses are given they are
    used as they are, and so must be the secret key: that is a machine in production.
    With `dotenv` the file .env counts as part of the environment.

    Raises EmbeddedError if only one of the two addresses is given.
    """
    if dotenv and not test:  # tests must not find the addresses of a machine in use
        environ.Env.read_env(PROJECT_DIR / ".env")
    given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if len(given) == 1:
        raise EmbeddedError(
            f"Only {given[0]} is set: set DATABASE_URL and REDIS_URL, or neither."
        )
    if test:
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
    if given:
        return
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = _own_secret_key()
    if services:
        addresses = ensure(Home.default(test=test))
        os.environ["DATABASE_URL"] = addresses.database_url
        os.environ["REDIS_URL"] = addresses.redis_url


def _own_secret_key() -> str:
    """Return the secret key below `KIPP_VAR`, made at first use."""
    path = var_directory() / "secret-key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key


def ensure(home: Home) -> Addresses:
    """Start the services of `home` unless they run, and count as their user.

    Raises EmbeddedError with what to do if they cannot run.
    """
    home.prepare()
    with Lock(home, "start.lock") as start:
        if not start.take(timeout=START_SECONDS):
            raise EmbeddedError(f"{home.base} is being started or stopped too long.")
        if home not in _held:
            lock = Lock(home, "users.lock")
            lock.take(shared=True, timeout=START_SECONDS)
            _held[home] = (lock, os.getpid())
            atexit.register(release, home)
        if not is_locked(home, "keeper.lock"):
            _start_keeper(home)
        try:
            return _wait_until_ready(home)
        except EmbeddedError:
            _held.pop(home)[0].drop()
            raise


def keep() -> None:
    """Start again what this process uses, if its keeper was killed."""
    for home in _held:
        if not is_locked(home, "keeper.lock"):
            ensure(home)


def release(home: Home) -> None:
    """Let go of the services; wait until they ended if nobody else uses them."""
    lock, owner = _held.pop(home, (None, 0))
    if lock is None:
        return
    lock.drop()
    if owner != os.getpid():  # a fork of the user; the user itself goes on
        return
    deadline = time.monotonic() + STOP_SECONDS
    while is_locked(home, "keeper.lock") and time.monotonic() < deadline:
        if _has_users(home):
            return
        keeper = processes.pid_of(home.read_state().get("keeper"))
        if keeper:
            os.kill(keeper, signal.SIGUSR1)  # look now
        time.sleep(0.05)


def _has_users(home: Home) -> bool:
    # While somebody starts or stops the services, the lock of users tells nothing.
    with Lock(home, "start.lock") as start, Lock(home, "users.lock") as users:
        return start.take() and not users.take()


def _start_keeper(home: Home) -> None:
    arguments = [str(home.base), *(["test"] if home.test else [])]
    with home.open_log("keeper.log") as log:
        subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", "kipp_portal.embedded", *arguments],
            cwd=PROJECT_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            start_new_session=True,
            check=False,
        )


def _wait_until_ready(home: Home) -> Addresses:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        is_kept = is_locked(home, "keeper.lock")  # before reading, or we miss its end
        state = home.read_state()
        if state.get("is_ready") and processes.pid_of(state["keeper"]):
            return Addresses(state["database_url"], state["redis_url"])
        if not is_kept:
            hint = f"The keeper ended: see {home.base}/keeper.log"
            raise EmbeddedError(state.get("error") or hint)
        time.sleep(0.02)
    raise EmbeddedError(f"The services do not start: see {home.base}/keeper.log")

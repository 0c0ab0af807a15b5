"""`python -m kipp_portal.run demo` or `… serve`: the whole portal on one machine."""

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import environ
import psutil

from kipp_portal import embedded
from kipp_portal.embedded.home import PROJECT_DIR, Home, Lock, var_directory
from kipp_portal.embedded.processes import free_port
from kipp_portal.supervisor import DIE_WITH_PARENT, Supervisor, read_procfile

READY_SECONDS = 120
# How long a process of ours may take to leave the port after we were killed.
PORT_SECONDS = 10


class CannotStartError(Exception):
    """The portal cannot start; the message is one line that says what to do."""


def main() -> int:
    """Start everything, stay until told to stop, end everything."""
    parser = argparse.ArgumentParser(prog="python -m kipp_portal.run")
    parser.add_argument("mode", choices=["demo", "serve"])
    parser.add_argument(
        "--follow-make", action="store_true", help="end when `make` is interrupted"
    )
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _end)
    try:
        return run(demo=options.mode == "demo", follows_make=options.follow_make)
    except (CannotStartError, embedded.EmbeddedError) as error:
        print(error, file=sys.stderr)  # noqa: T201  a command
        return 1


def run(*, demo: bool, follows_make: bool) -> int:
    """Run the programs of the Procfile on `PORT`; return the exit code."""
    if not demo:  # the demo never touches what .env names: that may be in real use
        environ.Env.read_env(PROJECT_DIR / ".env")
    port = _read_port()
    with _only_one(port):
        _make_sure_port_is_free(port)
        has_mail_sink = demo and "EMAIL_URL" not in os.environ
        _complete_environment(port, demo=demo)
        accounts = _prepare()
        base_url = os.environ["KIPP_BASE_URL"]
        supervisor = Supervisor(
            programs=read_procfile(
                PROJECT_DIR / "Procfile", without=() if has_mail_sink else ("mail",)
            ),
            environment=os.environ,
            directory=PROJECT_DIR,
            follows_make=follows_make,
        )
        supervisor.on_tick = _tell_when_ready(
            supervisor, port, base_url, f"Portal KIPP siap: {base_url}\n{accounts}"
        )
        return supervisor.run()


def _read_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not (text.isdecimal() and 0 < int(text) < 65_536):
        raise CannotStartError(f"PORT={text} is no port: choose one of 1024 to 65535.")
    return int(text)


def _only_one(port: int) -> Lock:
    """Hold the lock of this directory's portal, with its port written inside."""
    home = Home(var_directory())
    home.prepare("supervisor.lock")
    lock = Lock(home, "supervisor.lock")
    path = home.base / "supervisor.lock"
    if not lock.take(timeout=1):
        raise CannotStartError(
            f"The portal of {home.base} runs already, on port {path.read_text()}: "
            "stop it first, or point KIPP_VAR to another directory."
        )
    path.write_text(str(port))
    return lock


def _make_sure_port_is_free(port: int) -> None:
    deadline = time.monotonic() + PORT_SECONDS
    while _is_taken(port):
        holder = _listener_on(port)
        if not _is_ours(holder) or time.monotonic() > deadline:
            name = (
                f"by {holder.name()}, process {holder.pid}" if holder else "not by you"
            )
            raise CannotStartError(
                f"Port {port} is taken ({name}). Choose another: "
                f"PORT={free_port(port + 1)} make demo"
            )
        time.sleep(0.2)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStartError(
                f"Port {port} is reserved for root: choose one from 1024 on, "
                "PORT=8000 make demo"
            ) from None
        except OSError:
            return True
    return False


def _listener_on(port: int) -> psutil.Process | None:
    try:
        for connection in psutil.net_connections("tcp"):
            is_it = connection.status == psutil.CONN_LISTEN
            if is_it and connection.laddr.port == port and connection.pid:
                return psutil.Process(connection.pid)
    except psutil.Error:  # ended meanwhile, or not for us to see
        pass
    return None


def _is_ours(process: psutil.Process | None) -> bool:
    """Tell whether this is a web process of ours, about to end."""
    try:
        return (
            process is not None
            and process.name() == "gunicorn"
            and Path(process.cwd()) == PROJECT_DIR
        )
    except psutil.Error:
        return False


def _complete_environment(port: int, *, demo: bool) -> None:
    """Fill in what the processes need and nobody gave."""
    defaults = {"PORT": str(port), "PYTHONUNBUFFERED": "1"}
    if demo:
        defaults["KIPP_DEMO"] = "1"
        defaults["EMAIL_URL"] = f"smtp://127.0.0.1:{free_port(8025)}"
    elif not os.environ.get("SECRET_KEY"):
        raise CannotStartError(
            "SECRET_KEY is not set: put a long random value into the environment "
            "or into .env (see .env.example)."
        )
    defaults["KIPP_BASE_URL"] = f"http://127.0.0.1:{port}"
    if os.geteuid() == 0:  # what Celery tells root at length at every start
        defaults["PYTHONWARNINGS"] = "ignore:You're running the worker"
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    programs = str(Path(sys.executable).parent)
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    embedded.provide(dotenv=False)
    for name in ("beat", "mail", "media"):
        (var_directory() / name).mkdir(exist_ok=True)


def _prepare() -> str:
    """Bring the database and the static files up to date; return the accounts."""
    done = subprocess.run(  # noqa: S603  our own command
        [*DIE_WITH_PARENT, sys.executable, "manage.py", "prepare"],
        cwd=PROJECT_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotStartError("The portal could not be prepared: see the lines above.")
    return done.stdout


def _tell_when_ready(
    supervisor: Supervisor, port: int, base_url: str, text: str
) -> Callable[[float], int | None]:
    is_ready = False

    def on_tick(seconds: float) -> int | None:
        nonlocal is_ready
        embedded.keep()
        if is_ready:
            return None
        if _answers(port, host=urlsplit(base_url).netloc):
            is_ready = True
            supervisor.say(text)
        elif seconds > READY_SECONDS:
            supervisor.say(
                f"The portal does not answer after {READY_SECONDS} s: the lines of "
                "`web` above say why."
            )
            return 1
        return None

    return on_tick


def _answers(port: int, *, host: str) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        link.request("GET", "/healthz", headers={"Host": host})
        return link.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def _end(number: int, _frame: FrameType | None) -> None:
    # Until the supervisor takes over the signals: unwind, so that locks are let go.
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())

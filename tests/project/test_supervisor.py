import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kipp_portal.embedded.home import PROJECT_DIR

SUPERVISOR = """
import os, sys
from pathlib import Path
from kipp_portal.supervisor import Supervisor, read_procfile
here = Path(sys.argv[1])
programs = read_procfile(here / "Procfile")
follows = "follow" in sys.argv
sys.exit(Supervisor(programs, os.environ, here, follows_make=follows).run())
"""
# A program with a child in its group, like a worker with its pool.
WITH_CHILD = "sh -c 'sleep 300 & echo child $!; exec sleep 300'"


@contextlib.contextmanager
def supervised(directory, procfile):
    (directory / "Procfile").write_text(procfile)
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(directory)],
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def running_in(directory):
    """Return command lines of the living processes that work in `directory`."""
    found = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").samefile(directory):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                found[int(entry.name)] = b" ".join(words).decode().strip()
    return found


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return result


def sleepers(directory, count):
    """Wait for `count` sleeping processes and return their numbers."""

    def look():
        pids = [p for p, words in running_in(directory).items() if "sleep" in words]
        names = [Path(f"/proc/{pid}/comm").read_text().strip() for pid in pids]
        return pids if names == ["sleep"] * count else None

    return wait_until(look)


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
)
def test_signal_leaves_no_process(tmp_path, number):
    procfile = f"one: {WITH_CHILD}\ntwo: sleep 300\n"
    with supervised(tmp_path, procfile) as process:
        sleepers(tmp_path, 3)

        process.send_signal(number)
        code = process.wait(10)

        if number == signal.SIGKILL:  # then the leaders are ended by the kernel
            assert code == -signal.SIGKILL
            sleepers(tmp_path, 1)
            for pid in running_in(tmp_path):
                os.kill(pid, signal.SIGKILL)
        else:
            assert code == 0
            assert running_in(tmp_path) == {}


def test_deaf_program_is_killed_at_the_second_signal(tmp_path):
    procfile = "deaf: sh -c \"trap '' TERM QUIT; sleep 301; sleep 300\"\n"
    with supervised(tmp_path, procfile) as process:
        wait_until(lambda: "sleep 301" in running_in(tmp_path).values())
        process.terminate()
        time.sleep(0.3)
        assert process.poll() is None

        process.terminate()

        assert process.wait(5) == 0
        assert running_in(tmp_path) == {}


def test_killed_program_is_started_again_without_its_old_children(tmp_path):
    with supervised(tmp_path, f"one: {WITH_CHILD}\n") as process:
        before = sleepers(tmp_path, 2)
        leader = min(before)

        os.kill(leader, signal.SIGKILL)
        wait_until(lambda: not set(before) & set(running_in(tmp_path)))
        after = sleepers(tmp_path, 2)

        assert not set(before) & set(after)
        process.terminate()
        output = process.communicate(timeout=10)[0]
    assert "one | ended by SIGKILL; starting it again" in output


def test_program_that_keeps_failing_is_told_and_does_not_stop_others(tmp_path):
    procfile = "bad: sh -c 'echo no luck; exit 3'\ngood: sleep 300\n"
    with supervised(tmp_path, procfile) as process:
        lines = []
        for line in process.stdout:
            lines.append(line.partition(" ")[2].strip())
            if "in a row" in line:
                break
        good = [words for words in running_in(tmp_path).values() if "sleep" in words]
        process.terminate()
        process.communicate(timeout=10)

    assert lines.count("bad  | no luck") == 3
    assert lines.count("bad  | ended with code 3; starting it again") == 3
    assert lines[-1] == (
        "bad  | bad ended 3 times in a row: its last lines above say why. "
        "Next try in 3 s."
    )
    assert good == ["sleep 300"]


def test_interrupted_make_ends_what_it_runs(tmp_path):
    (tmp_path / "Procfile").write_text("one: sleep 300\n")
    (tmp_path / "supervise.py").write_text(SUPERVISOR)
    (tmp_path / "Makefile").write_text(
        f"demo:\n\t@exec {sys.executable} supervise.py . follow\n"
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT_DIR)}
    with subprocess.Popen(
        ["make", "demo"], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL
    ) as make:
        sleepers(tmp_path, 1)

        make.send_signal(signal.SIGINT)  # to make alone: no terminal hands it on

        make.wait(10)
        assert running_in(tmp_path) == {}


def start_demo(var, port):
    return subprocess.run(
        [sys.executable, "-m", "kipp_portal.run", "demo"],
        cwd=PROJECT_DIR,
        env=os.environ | {"KIPP_VAR": str(var), "PORT": str(port)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_taken_port_is_told_in_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]

        done = start_demo(tmp_path, port)

    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is taken (by ")
    assert f"process {os.getpid()}). Choose another: PORT=" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "services").exists()


def test_port_that_is_none_is_told_in_one_line(tmp_path):
    done = start_demo(tmp_path, "http")

    assert (done.returncode, done.stderr) == (
        1,
        "PORT=http is no port: choose one of 1024 to 65535.\n",
    )


def test_production_without_secret_key_is_told_in_one_line(tmp_path):
    environment = os.environ | {"KIPP_VAR": str(tmp_path), "PORT": "18999"}
    del environment["SECRET_KEY"]
    done = subprocess.run(
        [sys.executable, "-m", "kipp_portal.run", "serve"],
        cwd=PROJECT_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is not set")
    assert done.stderr.count("\n") == 1

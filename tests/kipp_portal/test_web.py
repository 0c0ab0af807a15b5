"""The web process notes when a request came, and no idle connection keeps a thread."""

import http.client
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest

from core.requests import waited
from kipp_portal.embedded.processes import free_port

NAP = 0.4


def application(environ, start_response):
    """Nap, and answer how long the request had to wait for that."""
    seconds = waited.get().total_seconds()
    time.sleep(NAP)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(seconds).encode()]


@pytest.fixture
def port():
    """A web process of one thread."""
    port = free_port()
    command = f"{__name__}:application --workers 1 --threads 1 --no-control-socket"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", *command.split()),
            *("--worker-class", "kipp_portal.web.PortalWorker"),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "error"),
        ]
    )
    end = time.monotonic() + 30
    while not _is_open(port):
        assert time.monotonic() < end
        time.sleep(0.05)
    yield port
    process.terminate()
    process.wait(10)


def test_waiting_counts_as_arrived_and_idle_connections_do_not_matter(port):
    with ExitStack() as idle:
        for _ in range(3):  # as browsers open them in advance
            idle.enter_context(socket.create_connection(("127.0.0.1", port)))

        with ThreadPoolExecutor(2) as pool:
            answers = sorted(pool.map(_ask, [port, port]))

    assert 0 <= answers[0] < NAP / 2
    assert NAP / 2 < answers[1] < 3 * NAP


def _ask(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=4)) as link:
        link.request("GET", "/")
        return float(link.getresponse().read())


def _is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

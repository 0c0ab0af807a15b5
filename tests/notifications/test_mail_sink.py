import os
import signal
import smtplib
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from notifications import mailbox
from tests.notifications.doubles import free_port
from tests.notifications.test_mailbox import letter


def connect(port):
    for _ in range(100):
        try:
            return smtplib.SMTP("127.0.0.1", port, timeout=5)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("mail_sink did not answer")


def test_sink_keeps_mails_and_ends_on_sigterm(tmp_path):
    port = free_port()
    sink = subprocess.Popen(
        [sys.executable, "manage.py", "mail_sink", f"--port={port}"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "KIPP_VAR": str(tmp_path),
            "SECRET_KEY": "test",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
            "REDIS_URL": "redis://127.0.0.1:9",
        },
    )
    try:
        with connect(port) as client:
            client.sendmail("a@x.example", ["b@x.example"], letter())
        sink.send_signal(signal.SIGTERM)
        code = sink.wait(10)
    finally:
        sink.kill()
        sink.wait()

    box = tmp_path / "mail"
    (name,) = mailbox.names(box)
    assert code == 0
    assert mailbox.read(box, name).text.strip() == "Teks surat."


def test_sink_listens_on_this_machine_only():
    with pytest.raises(CommandError, match="loopback"):
        call_command("mail_sink", "--host=0.0.0.0")


def test_taken_port_is_told(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} cannot be used"):
            call_command("mail_sink", f"--port={port}")

"""Gateway, mail server and broker away for a while: each message arrives once.

A real worker takes its work from a real Valkey and speaks to a real mail server and a
gateway on loopback. The ten minutes are made short by moving the next attempts; with
KIPP_OUTAGE_SECONDS=600 the servers stay away that long and nothing is moved.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from email import message_from_bytes
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from kombu import Connection

from notifications import periodic, services, tasks
from notifications.models import Delivery
from tests.browser.stack import Valkey, wait_until
from tests.factories.accounts import UserFactory
from tests.factories.messages import (
    ChatConsentFactory,
    ChatScopeFactory,
    PreferenceFactory,
)
from tests.notifications.doubles import (
    Gateway,
    Postman,
    free_port,
    gateway_at,
    postman_at,
)

AWAY = float(os.environ.get("KIPP_OUTAGE_SECONDS", 0))
PEOPLE = 300 if AWAY else 12
WORKER = [
    *["--app", "kipp_portal", "--quiet"],
    *["worker", "--loglevel", "INFO", "--concurrency", "2"],
    *["--without-gossip", "--without-mingle", "--without-heartbeat"],
]
SCOPE, KIND = "kota-uji", "proposal.sent"


class Forgetful(Gateway):
    """Takes what comes first and breaks the line before it has answered."""

    def take(self, headers, content):
        answer = super().take(headers, content)
        if len(self.requests) <= 5:
            raise ConnectionAbortedError
        return answer


class Office:
    """The servers beside the database: a broker, a worker, and the other sides."""

    def __init__(self, directory):
        self.directory = directory
        self.valkey = Valkey(directory)
        self.smtp_port, self.gateway_port = free_port(), free_port()
        self.postman, self.gateway = Postman(), Forgetful()
        self.others = ExitStack()
        parts = urlsplit(os.environ["DATABASE_URL"])
        name = connection.settings_dict["NAME"]
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "kipp_portal.settings",
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")),
            "REDIS_URL": self.valkey.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "KIPP_WHATSAPP_URL": f"http://127.0.0.1:{self.gateway_port}/",
            "KIPP_WHATSAPP_TOKEN": Gateway.token,
            "KIPP_VAR": str(directory),
        }

    def start_worker(self):
        self.log = (self.directory / "worker.log").open("wb")
        self.worker = subprocess.Popen(
            [sys.executable, "-m", "celery", *WORKER],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )

    def open_others(self):
        self.others.enter_context(postman_at(self.postman, self.smtp_port))
        self.others.enter_context(gateway_at(self.gateway, self.gateway_port))

    def said(self):
        return (self.directory / "worker.log").read_text(errors="replace")[-4000:]

    def hand_over(self, delivery_id):
        """As `delay`, to this broker; fails as it does when the broker is away."""
        with Connection(self.valkey.url, transport_options={"max_retries": 0}) as link:
            tasks.deliver_message.apply_async([delivery_id], connection=link)

    def close(self):
        self.worker.kill()
        self.worker.wait()
        self.log.close()
        self.others.close()
        if self.valkey.process:
            self.valkey.stop()


@pytest.fixture
def office(tmp_path, monkeypatch):
    office = Office(tmp_path)
    office.valkey.start()
    office.start_worker()
    monkeypatch.setattr(tasks.deliver_message, "delay", office.hand_over)
    yield office
    office.close()


def person(number):
    user = UserFactory()
    ChatConsentFactory(user=user, number=f"62812000{number:05}")
    PreferenceFactory(user=user, kind=KIND, mail="at_once", by_whatsapp=True)
    return user


def tell(people, event):
    services.notify(
        recipients=people,
        kind=KIND,
        key=event,
        template="emails/sent",
        context={"title": f"Loket {event}"},
        path="/x/",
        at=timezone.now(),
        scope=SCOPE,
    )


def unsent():
    return Delivery.objects.exclude(state="sent").count()


def tick():
    """What the clock does every minute, sooner."""
    if not AWAY:
        Delivery.objects.filter(state="pending").update(next_attempt_at=timezone.now())
    try:
        periodic.sweep_deliveries()
    except OSError:  # the broker is away, and the next tick comes
        return
    time.sleep(5 if AWAY else 0.5)


@pytest.mark.django_db(transaction=True)
def test_each_message_arrives_once_though_everything_was_away(
    office, settings, monkeypatch
):
    settings.WHATSAPP_GATEWAY_URL = office.environment["KIPP_WHATSAPP_URL"]
    ChatScopeFactory(scope=SCOPE)
    people = [person(number) for number in range(PEOPLE)]

    # Mail server and gateway are away: the worker tries, and writes down that it did.
    tell(people, "satu")
    tried = Delivery.objects.filter(attempts__gte=1)
    wait_until(lambda: tried.count() == 2 * PEOPLE, 120, office.said)
    # Then the broker as well: what is told now is known to the database alone.
    office.valkey.stop()
    tell(people, "dua")
    time.sleep(AWAY)
    office.open_others()
    before = unsent()
    office.valkey.start()

    deadline = time.monotonic() + (1200 if AWAY else 240)
    while unsent() and time.monotonic() < deadline:
        tick()
    tick()  # and once more, with nothing left

    assert before == unsent() + 4 * PEOPLE, office.said()
    mails = [message_from_bytes(each.content) for each in office.postman.mails]
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) == 2 * PEOPLE
    arrived = Counter((mail["To"], mail["Subject"]) for mail in mails)
    assert set(arrived.values()) == {1}
    assert set(office.gateway.sent_to().values()) == {2}
    assert len(office.gateway.sent_to()) == PEOPLE
    # It broke the line before some answers, and was sent those again.
    assert len(office.gateway.requests) > len(office.gateway.messages)

"""After a long outage: what was given up goes out again, each once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from notifications import services, tasks
from notifications.delivering import GIVEN_UP_WITHIN, RETRY_DELAYS, deliver
from notifications.emails import LINK_MARK
from notifications.models import Delivery
from notifications.services import retrying
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.messages import AddressTroubleFactory, ChatConsentFactory
from tests.factories.notifications import MOMENT, DeliveryFactory, MessageFactory

pytestmark = pytest.mark.django_db
SENT, AGAIN = "/sekretariat/pesan/", "/sekretariat/pesan/kirim-ulang/"
ALL_TRIES = len(RETRY_DELAYS) + 1
LATER = MOMENT + timedelta(days=3)


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """The ids that were handed to the worker."""
    handed = []
    monkeypatch.setattr(tasks.deliver_message, "delay", handed.append)
    return handed


def given_up(scope="kota-tegal", **details):
    details = {"state": "failed", "attempts": ALL_TRIES} | details
    return DeliveryFactory(message__scope=scope, error="Connection refused", **details)


def again(deliveries=None, actor=None, at=LATER):
    return services.retry_deliveries(
        deliveries=Delivery.objects.all() if deliveries is None else deliveries,
        actor=actor or UserFactory(),
        at=at,
    )


def test_what_a_dead_server_made_fail_is_sent_again_once(
    monkeypatch, started, django_capture_on_commit_callbacks
):
    """The whole way: eight tries in two days, one press, one more mail each."""
    monkeypatch.setattr(
        "notifications.channels.mail.emails.build_email", lambda delivery: _Dead()
    )
    deliveries = [DeliveryFactory(message__scope="kota-tegal") for _ in range(3)]
    at = MOMENT
    for wait in (*RETRY_DELAYS, timedelta()):
        for each in deliveries:
            deliver(delivery_id=each.pk, at=at)
        at += wait
    monkeypatch.undo()
    monkeypatch.setattr(tasks.deliver_message, "delay", started.append)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"failed"}

    with django_capture_on_commit_callbacks(execute=True):
        counts = [again(at=at), again(at=at)]

    assert counts == [3, 0]
    assert started == [each.pk for each in deliveries]
    sent = [deliver(delivery_id=each.pk, at=at) for each in deliveries * 2]
    assert sent == [True] * 3 + [False] * 3


class _Dead:
    def send(self):
        raise ConnectionRefusedError


@pytest.mark.parametrize(
    "details",
    [
        {"attempts": 1},  # refused for good at once
        {"state": "bounced", "sent_at": MOMENT},
        {"state": "pending"},
        {"state": "skipped"},
        {"channel": "digest"},
        {"message__body_text": ""},
        {"message__body_text": f"Buka /x/{LINK_MARK}/"},
        {"message__recipient__is_active": False},
        {"message__expires_at": LATER},
        {"message__created_at": LATER - GIVEN_UP_WITHIN},
        {"channel": "whatsapp", "address": "6281234567890"},  # no proved number
    ],
    ids=str,
)
def test_what_is_not_sent_again_together(details):
    delivery = given_up(**details)

    assert again() == 0

    before = delivery.state
    delivery.refresh_from_db()
    assert delivery.state == before


def test_address_that_was_refused_is_looked_at_singly():
    delivery = given_up()
    AddressTroubleFactory(address=delivery.address.lower(), failures=1)

    assert again() == 0


def test_each_goes_to_where_the_person_is_reached_now():
    mail = given_up(address="lama@contoh.example")
    chat = given_up(channel="whatsapp", address="6281200000000")
    letter = given_up(
        message=MessageFactory(
            recipient=None, address="tamu@contoh.example", scope="kota-tegal"
        ),
        address="tamu@contoh.example",
    )
    ChatConsentFactory(user=chat.message.recipient, number="6281234567890")

    assert again() == 3

    addresses = dict(Delivery.objects.values_list("pk", "address"))
    assert addresses == {
        mail.pk: mail.message.recipient.email,
        chat.pk: "6281234567890",
        letter.pk: "tamu@contoh.example",
    }


def test_news_of_a_digest_waits_with_its_mail_again():
    digest = given_up()
    news = DeliveryFactory(channel="digest", state="failed", carrier=digest)

    again()

    news.refresh_from_db()
    assert news.is_pending


def test_each_is_noted_in_the_log_of_its_government():
    first, second = given_up(), given_up("kota-solo")
    actor = UserFactory()

    again(actor=actor)

    entries = AuditEntry.objects.filter(action="delivery.retried").order_by("pk")
    assert [(each.target_id, each.scope, each.actor) for each in entries] == [
        (str(first.pk), "kota-tegal", actor),
        (str(second.pk), "kota-solo", actor),
    ]
    assert {each.changes["count"] for each in entries} == {2}


def test_server_that_came_back_is_not_overrun(
    monkeypatch, started, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(retrying, "AT_ONCE", 2)
    deliveries = [given_up() for _ in range(3)]

    with django_capture_on_commit_callbacks(execute=True):
        assert again() == 3

    assert started == [each.pk for each in deliveries[:2]]
    assert Delivery.objects.due(LATER).count() == 3  # the clock takes the last


def test_failure_half_way_leaves_everything(monkeypatch):
    given_up()

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(retrying.audit, "record_each", fail)
    with pytest.raises(RuntimeError):
        again()

    assert Delivery.objects.get().is_failed


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_share_what_there_is():
    for _number in range(20):
        given_up()
    actor, barrier = UserFactory(), Barrier(2)

    def press(_number):
        try:
            barrier.wait(timeout=20)
            return again(actor=actor)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(press, range(2)))

    assert sum(counts) == 20
    assert AuditEntry.objects.filter(action="delivery.retried").count() == 20


# The page ----------------------------------------------------------------------------


@pytest.fixture
def tegal():
    return GovernmentFactory()


def now(**details):
    return {"message__created_at": timezone.now()} | details


def test_secretariat_presses_once_for_what_the_filter_shows(client, tegal):
    client.force_login(SecretariatFactory(government=tegal))
    mail, other = (given_up(tegal.code, **now()) for _ in range(2))
    extended = given_up(tegal.code, **now(message__kind="stage.extended"))

    shown = client.get(SENT, {"jenis": "stage.extended"})
    everything = client.get(SENT)
    response = client.post(AGAIN, {"jenis": "stage.extended"})

    assert shown.context["given_up_count"] == 1
    assert everything.context["given_up_count"] == 3
    assert f'action="{AGAIN}"' in everything.content.decode()
    assert response["Location"] == f"{SENT}?jenis=stage.extended"
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {mail.pk: "failed", other.pk: "failed", extended.pk: "pending"}


def test_nothing_given_up_asks_nothing(client, tegal):
    client.force_login(SecretariatFactory(government=tegal))
    given_up(tegal.code, **now(attempts=1))

    assert AGAIN not in client.get(SENT).content.decode()


def test_messages_of_another_government_stay(client, tegal):
    foreign = given_up("kota-lain", **now())
    client.force_login(SecretariatFactory(government=tegal))

    client.post(AGAIN)

    foreign.refresh_from_db()
    assert foreign.is_failed


def test_who_competes_sends_nothing_of_competitors_again(client, tegal):
    secretary = SecretariatFactory(government=tegal)
    MembershipFactory(
        user=secretary, institution=InstitutionFactory(government=tegal), role="author"
    )
    client.force_login(secretary)
    of_competitor = given_up(tegal.code, **now(message__kind="proposal.sent"))
    extended = given_up(tegal.code, **now(message__kind="stage.extended"))

    client.post(AGAIN)

    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {of_competitor.pk: "failed", extended.pk: "pending"}


def test_author_finds_no_such_page(client):
    client.force_login(AuthorFactory())

    assert client.post(reverse("notifications:delivery_retry_all")).status_code == 404

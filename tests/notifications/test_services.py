from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from notifications import services, tasks
from notifications.models import Delivery, Message
from tests.factories.accounts import UserFactory
from tests.factories.notifications import MOMENT, MessageFactory


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """Catch the deliveries that are handed to the worker."""
    pks = []
    monkeypatch.setattr(tasks.deliver_message, "delay", pks.append)
    return pks


class GaveUpError(Exception):
    """What went wrong after people were told."""


def notify_and_give_up(*recipients):
    notify(*recipients)
    raise GaveUpError


def notify(*recipients, **changes):
    details = {
        "kind": "proposal.submitted",
        "key": "proposal:1",
        "template": "emails/sent",
        "context": {"title": "Loket & Pos <Satu>"},
        "path": "/proposal/KIPP-2022-001/",
        "at": MOMENT,
    }
    return services.notify(recipients=recipients, **(details | changes))


@pytest.mark.django_db
def test_each_person_gets_one_message_and_its_mail(
    settings, started, django_capture_on_commit_callbacks
):
    settings.BASE_URL = "https://kipp.tegalkota.example"
    ani, budi = UserFactory(name="Ani"), UserFactory(name="Budi")

    with django_capture_on_commit_callbacks(execute=True):
        told = notify(ani, budi)

    assert [message.recipient for message in told] == [ani, budi]
    message = told[0]
    assert message.subject == "Proposal Loket & Pos <Satu> terkirim"
    assert "Proposal Loket & Pos <Satu> sudah diterima." in message.body_text
    assert "https://kipp.tegalkota.example/proposal/KIPP-2022-001/" in message.body_text
    assert "Loket &amp; Pos &lt;Satu&gt; sudah diterima." in message.body_html
    assert "Ani" in message.body_text
    deliveries = Delivery.objects.order_by("pk")
    assert [delivery.address for delivery in deliveries] == [ani.email, budi.email]
    assert started == [delivery.pk for delivery in deliveries]


@pytest.mark.django_db
def test_person_is_told_once_of_an_event(django_capture_on_commit_callbacks):
    ani, budi = UserFactory(), UserFactory()
    notify(ani)

    told = notify(ani, budi, ani)

    assert [message.recipient for message in told] == [budi]
    assert Message.objects.count() == Delivery.objects.count() == 2


@pytest.mark.django_db
def test_same_person_is_told_of_another_event():
    ani = UserFactory()
    notify(ani)

    assert len(notify(ani, key="proposal:2")) == 1
    assert len(notify(ani, kind="proposal.returned")) == 1


@pytest.mark.django_db
def test_who_is_no_longer_active_is_not_told():
    assert notify(UserFactory(is_active=False)) == []
    assert not Delivery.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("kind", "queries"),
    [
        # savepoint, told before, messages, back, deliveries, release
        ("proposal.submitted", 6),
        # and what people wish, and which addresses fail
        ("proposal.sent", 8),
    ],
)
def test_telling_many_costs_as_many_queries_as_telling_one(
    count, kind, queries, django_assert_num_queries
):
    people = UserFactory.create_batch(count)

    with django_assert_num_queries(queries):
        notify(*people, kind=kind)


@pytest.mark.django_db
def test_failure_of_the_caller_leaves_nothing(
    started, django_capture_on_commit_callbacks
):
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(GaveUpError),
        transaction.atomic(),
    ):
        notify_and_give_up(UserFactory())

    assert not Message.objects.exists()
    assert started == []


@pytest.mark.django_db
def test_broker_that_is_away_is_asked_once_for_all(
    monkeypatch, django_capture_on_commit_callbacks
):
    asked = []

    def fail(pk):
        asked.append(pk)
        raise OperationalError

    monkeypatch.setattr(tasks.deliver_message, "delay", fail)

    with django_capture_on_commit_callbacks(execute=True):
        notify(*UserFactory.create_batch(30))

    assert len(asked) == 1
    assert Delivery.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_person_told_by_two_workers_at_once_gets_one_message():
    people = UserFactory.create_batch(3)

    def tell(_turn):
        try:
            return len(notify(*people))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        told = sum(threads.map(tell, range(12)))

    assert told == Message.objects.count() == Delivery.objects.count() == 3


@pytest.mark.django_db
def test_message_is_read_the_first_time_only():
    message = MessageFactory()

    services.mark_read(message=message, at=MOMENT)
    services.mark_read(message=message, at=MOMENT.replace(hour=23))

    message.refresh_from_db()
    assert message.read_at == MOMENT


@pytest.mark.django_db
def test_all_messages_of_one_person_are_marked_as_read():
    ani = UserFactory()
    MessageFactory.create_batch(2, recipient=ani)
    other = MessageFactory()

    assert services.mark_all_read(recipient=ani, at=MOMENT) == 2

    other.refresh_from_db()
    assert not other.is_read
    assert not Message.objects.visible_to(ani).unread().exists()

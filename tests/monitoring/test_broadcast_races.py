"""Broadcasts in a race, and killed in the middle: each person gets one, or none."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from core.errors import DomainError
from monitoring import sending, services
from monitoring.models import UNDO_TIME, BroadcastRecipient
from notifications.models import Message
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.monitoring.test_broadcasts import SECOND, order, send_all, written
from tests.submissions.conftest import AT, make_city


def at_once(*jobs):
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=20)
            return job()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def crowd(city, size):
    for person in UserFactory.create_batch(size):
        MembershipFactory(user=person, institution=city.institution)


def times_told():
    return Counter(Message.objects.values_list("recipient", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_presses_order_once():
    city = make_city()
    broadcast = written(city)

    results = at_once(*[lambda: order(broadcast, city)] * 3)

    assert sum(isinstance(each, services.BroadcastRefused) for each in results) == 2
    assert BroadcastRecipient.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(5))
def test_calling_back_against_sending_one_wins_and_they_agree(_again):
    city = make_city()
    broadcast = order(written(city), city)
    at = AT + UNDO_TIME

    undone, _begun = at_once(
        lambda: services.undo_broadcast(
            broadcast=broadcast, actor=city.secretary, at=at - SECOND
        ),
        lambda: services.start_broadcasts(at=at),
    )
    send_all(at)

    broadcast.refresh_from_db()
    if isinstance(undone, services.BroadcastRefused):
        assert broadcast.is_sent
        assert Message.objects.count() == 2
    else:
        assert broadcast.is_draft
        assert not Message.objects.exists()
        assert not BroadcastRecipient.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_two_clocks_write_once_to_each(monkeypatch):
    monkeypatch.setattr(sending, "CHUNK", 3)
    city = make_city()
    crowd(city, 20)
    broadcast = order(written(city), city)
    at = AT + UNDO_TIME
    at_once(*[lambda: services.start_broadcasts(at=at)] * 2)

    told = at_once(*[lambda: sending.send(broadcast_id=broadcast.pk, at=at)] * 4)
    send_all(at)

    assert sum(told) == 22
    assert set(times_told().values()) == {1}
    broadcast.refresh_from_db()
    assert broadcast.is_sent
    assert broadcast.broadcastrecipient_set.exclude(told_at=None).count() == 22


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("piece", [1, 2, 3])
def test_killed_in_the_middle_goes_on_where_it_stopped(monkeypatch, piece):
    monkeypatch.setattr(sending, "CHUNK", 4)
    city = make_city()
    crowd(city, 8)
    broadcast = order(written(city), city)
    at = AT + UNDO_TIME
    services.start_broadcasts(at=at)
    real, calls = sending.write, []

    def die(broadcast, *, people, key, at):
        real(broadcast, people=people, key=key, at=at)
        calls.append(people)
        if len(calls) == piece:
            raise SystemExit  # after the messages, before the commit

    monkeypatch.setattr(sending, "write", die)
    with pytest.raises(SystemExit):
        sending.send(broadcast_id=broadcast.pk, at=at)
    assert Message.objects.count() == 4 * (piece - 1)
    broadcast.refresh_from_db()
    assert broadcast.is_sending

    monkeypatch.setattr(sending, "write", real)
    send_all(at)

    assert len(times_told()) == 10
    assert set(times_told().values()) == {1}
    broadcast.refresh_from_db()
    assert broadcast.is_sent


@pytest.mark.django_db(transaction=True)
def test_rows_another_worker_holds_keep_it_from_being_called_sent():
    city = make_city()
    broadcast = order(written(city), city)
    at = AT + UNDO_TIME
    services.start_broadcasts(at=at)
    held, release = Event(), Event()

    def hold():
        try:
            with transaction.atomic():
                list(BroadcastRecipient.objects.select_for_update())
                held.set()
                release.wait(timeout=20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(timeout=20)
        try:
            assert sending.send(broadcast_id=broadcast.pk, at=at) == 0
            broadcast.refresh_from_db()
            assert broadcast.is_sending
        finally:
            release.set()
        holding.result()

    send_all(at)
    assert Message.objects.count() == 2

"""The digest of the day: once a day, with what is unread, at each person's hour."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection

from notifications import periodic, services, tasks, ways
from notifications.delivering import deliver
from notifications.models import Delivery, Message
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    UserFactory,
)
from tests.factories.messages import AddressTroubleFactory, PreferenceFactory
from tests.factories.notifications import DeliveryFactory, MessageFactory

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)  # 12.00 WIB, 14.00 WIT
SEVEN = datetime(2026, 3, 11, 0, 0, tzinfo=UTC)  # 07.00 WIB of the day after
KIND = "proposal.sent"


@pytest.fixture(autouse=True)
def started(monkeypatch):
    pks = []
    monkeypatch.setattr(tasks.deliver_message, "delay", pks.append)
    return pks


def reader(zone="Asia/Jakarta", kind=KIND):
    government = GovernmentFactory(time_zone=zone)
    user = AuthorFactory(institution=InstitutionFactory(government=government))
    PreferenceFactory(user=user, kind=kind)
    return user


def tell(user, key="1", at=NOON, scope="kota-a", kind=KIND, **changes):
    (message,) = services.notify(
        recipients=[user],
        kind=kind,
        key=key,
        template="emails/sent",
        context={"title": f"Loket {key}"},
        path="/x/",
        at=at,
        scope=scope,
        **changes,
    )
    return message


def write(user, at=SEVEN):
    return services.write_digest(recipient_id=user.pk, at=at)


def tick(at):
    with time_machine.travel(at, tick=False):
        periodic.write_digests()


def digests_of(user):
    found = Message.objects.filter(recipient=user, kind="notifications.digest")
    return list(found.order_by("pk"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("Asia/Jakarta", NOON, datetime(2026, 3, 11, 0, 0, tzinfo=UTC)),
        ("Asia/Makassar", NOON, datetime(2026, 3, 10, 23, 0, tzinfo=UTC)),
        ("Asia/Jayapura", NOON, datetime(2026, 3, 10, 22, 0, tzinfo=UTC)),
        # A second before the hour, at it, and before midnight.
        ("Asia/Jakarta", SEVEN - timedelta(seconds=1), SEVEN),
        ("Asia/Jakarta", SEVEN, SEVEN + DAY),
        ("Asia/Jakarta", SEVEN - timedelta(hours=8), SEVEN),
    ],
)
def test_digest_waits_for_the_hour_in_the_zone_of_the_person(zone, at, expected):
    user = reader(zone)

    tell(user, at=at)

    assert Delivery.objects.get().next_attempt_at == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("expires_at", "channel"),
    [(SEVEN, "email"), (SEVEN + timedelta(seconds=1), "digest"), (None, "digest")],
)
def test_what_a_digest_would_tell_too_late_is_mailed_at_once(expires_at, channel):
    tell(reader(), expires_at=expires_at)

    assert Delivery.objects.get().channel == channel


@pytest.mark.django_db
def test_who_works_for_nobody_has_the_hour_of_the_portal():
    user = UserFactory()

    assert ways.zones_of([user.pk]) == {user.pk: "Asia/Jakarta"}


@pytest.mark.django_db
def test_digest_tells_what_came_since_in_one_mail(started, settings):
    settings.BASE_URL = "https://inovasi.tegal.example"
    user = reader()
    first, second = tell(user, "1"), tell(user, "2", at=NOON + timedelta(hours=1))
    tell(user, "3", kind="proposal.returned")  # at once, as by default
    started.clear()

    digest = write(user)

    assert digest.subject.endswith("2 pieces of news") or "2" in digest.subject
    for message in (first, second):
        assert message.subject in digest.body_text
        assert message.get_absolute_url() in digest.body_text
    assert digest.body_text.index("Loket 1") < digest.body_text.index("Loket 2")
    assert "Loket 3" not in digest.body_text
    assert "12.00 WIB" in digest.body_text
    carrier = digest.delivery_set.get()
    assert started == []  # only after the transaction
    assert (carrier.channel, carrier.address) == ("email", user.email)
    carried = Delivery.objects.filter(channel="digest").order_by("pk")
    assert [each.carrier for each in carried] == [carrier, carrier]
    assert digest.scope == "kota-a"


@pytest.mark.django_db
def test_times_in_a_digest_are_those_of_the_person():
    user = reader("Asia/Jayapura")
    tell(user)

    digest = write(user, at=NOON + DAY)

    assert "14.00 WIT" in digest.body_text


@pytest.mark.django_db
def test_what_it_tells_goes_the_way_of_its_mail():
    user = reader()
    tell(user)
    carrier = write(user).delivery_set.get()
    mail.outbox = []

    deliver(delivery_id=carrier.pk, at=SEVEN)

    carried = Delivery.objects.get(channel="digest")
    assert len(mail.outbox) == 1
    assert carried.is_sent
    assert carried.sent_at == SEVEN


@pytest.mark.django_db
def test_digest_is_no_news_itself():
    user = reader()
    tell(user)

    digest = write(user)

    assert digest.is_read
    assert Message.objects.visible_to(user).unread().count() == 1


@pytest.mark.django_db
def test_what_was_read_meanwhile_is_left_out():
    user = reader()
    read, unread = tell(user, "1"), tell(user, "2")
    services.mark_read(message=read, at=NOON)

    digest = write(user)

    assert unread.subject in digest.body_text
    assert read.subject not in digest.body_text
    assert read.delivery_set.get().is_skipped


@pytest.mark.django_db
def test_nothing_to_tell_is_no_mail():
    user = reader()
    services.mark_read(message=tell(user), at=NOON)

    assert write(user) is None
    assert write(user, SEVEN + DAY) is None
    assert not Delivery.objects.filter(channel="email").exists()


@pytest.mark.django_db
def test_nothing_is_written_before_the_hour():
    user = reader()
    tell(user)

    assert write(user, SEVEN - timedelta(seconds=1)) is None


@pytest.mark.django_db
def test_clock_that_stood_still_for_days_writes_one_digest():
    user = reader()
    for number in range(3):
        tell(user, str(number), at=NOON + number * DAY)

    tick(SEVEN + 3 * DAY + timedelta(hours=9))
    tick(SEVEN + 3 * DAY + timedelta(hours=10))

    (digest,) = digests_of(user)
    assert [f"Loket {number}" in digest.body_text for number in range(3)] == [True] * 3


@pytest.mark.django_db
def test_second_digest_of_a_day_waits_for_the_next():
    user = reader()
    tell(user, "1")
    tick(SEVEN + timedelta(hours=1))
    # Came due late on the same day: the person moved to another zone, say.
    late = tell(user, "2", at=SEVEN + timedelta(hours=2))
    late.delivery_set.update(next_attempt_at=SEVEN + timedelta(hours=3))

    tick(SEVEN + timedelta(hours=4))
    on_the_day = len(digests_of(user))
    tick(SEVEN + DAY)

    assert on_the_day == 1
    assert len(digests_of(user)) == 2
    assert "Loket 2" in digests_of(user)[1].body_text


@pytest.mark.django_db
def test_ticks_of_many_days_write_one_digest_each():
    user = reader()
    for number in range(4):
        tell(user, str(number), at=NOON + number * DAY)
        for hour in range(0, 24, 6):
            tick(NOON + number * DAY + timedelta(hours=hour))
    tick(NOON + 4 * DAY)

    keys = [digest.key for digest in digests_of(user)]
    assert keys == ["2026-03-11", "2026-03-12", "2026-03-13", "2026-03-14"]


@pytest.mark.django_db(transaction=True)
def test_two_clocks_write_one_digest():
    user = reader()
    for number in range(3):
        tell(user, str(number))

    def work(_turn):
        try:
            return write(user)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        written = list(threads.map(work, range(8)))

    assert sum(digest is not None for digest in written) == 1
    assert Delivery.objects.filter(channel="email").count() == 1


@pytest.mark.django_db
def test_failure_half_way_leaves_the_news_waiting(monkeypatch):
    user = reader()
    tell(user)

    def fail(*args):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(services.digesting, "enqueue", fail)
        with pytest.raises(RuntimeError):
            write(user)
    nothing = digests_of(user)

    assert nothing == []
    assert write(user)


@pytest.mark.django_db
def test_failure_of_one_digest_does_not_stop_the_others(monkeypatch, caplog):
    people = [reader(), reader()]
    for user in people:
        tell(user)
    real = services.write_digest

    def fail_first(*, recipient_id, at):
        if recipient_id == people[0].pk:
            raise RuntimeError("boom")
        return real(recipient_id=recipient_id, at=at)

    monkeypatch.setattr(services, "write_digest", fail_first)
    tick(SEVEN)

    assert [len(digests_of(user)) for user in people] == [0, 1]
    assert "boom" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["inactive", "muted"])
def test_nobody_is_written_to_who_cannot_read_it(reason):
    user = reader()
    tell(user)
    if reason == "inactive":
        user.is_active = False
        user.save()
    else:
        AddressTroubleFactory(address=user.email)

    assert write(user) is None
    assert Delivery.objects.get().is_skipped


@pytest.mark.django_db
def test_digest_over_two_governments_speaks_for_neither():
    user = reader()
    tell(user, "1", scope="kota-a")
    tell(user, "2", scope="kota-b")

    assert write(user).scope == ""


@pytest.mark.django_db
def test_long_digest_says_how_much_more_there_is():
    user = reader()
    messages = MessageFactory.create_batch(53, recipient=user, kind=KIND)
    for message in messages:
        DeliveryFactory(message=message, channel="digest", next_attempt_at=NOON)

    digest = write(user)

    assert digest.body_text.count("/pemberitahuan/") == 50 + 1
    assert " 3 " in digest.body_text


@pytest.mark.django_db
def test_only_what_stands_in_a_digest_has_a_carrier():
    carrier = DeliveryFactory()

    with pytest.raises(IntegrityError):
        DeliveryFactory(carrier=carrier)


@pytest.mark.django_db
def test_sweep_does_not_send_what_a_digest_carries(started):
    user = reader()
    tell(user)
    started.clear()

    with time_machine.travel(SEVEN + DAY, tick=False):
        periodic.sweep_deliveries()

    assert started == []
    assert not deliver(delivery_id=Delivery.objects.get().pk, at=SEVEN + DAY)


@pytest.mark.django_db
def test_news_that_is_over_is_not_in_a_digest_that_came_late():
    user = UserFactory()
    over = DeliveryFactory(
        channel="digest",
        message__recipient=user,
        message__expires_at=NOON + timedelta(hours=1),
    )
    fresh = DeliveryFactory(channel="digest", message__recipient=user)

    digest = services.write_digest(recipient_id=user.pk, at=NOON + timedelta(hours=30))

    over.refresh_from_db()
    assert over.is_skipped
    assert fresh.message.subject in digest.body_text
    assert over.message.subject not in digest.body_text


@pytest.mark.django_db
def test_moment_after_which_a_message_makes_no_sense_is_kept():
    user = UserFactory()
    closes_at = NOON + timedelta(hours=3)

    services.notify(
        recipients=[user],
        kind="submission.closing",
        key="1",
        template="emails/sent",
        context={"title": "Loket"},
        path="/x/",
        at=NOON,
        expires_at=closes_at,
    )

    assert user.message_set.get().expires_at == closes_at

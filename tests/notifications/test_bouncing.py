"""Mails that came back, and addresses that are written to no more."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from notifications import bounces, emails, periodic, services, tasks, troubles
from notifications.delivering import deliver
from notifications.models import AddressTrouble, Delivery, Message
from tests.factories.accounts import UserFactory
from tests.factories.messages import AddressTroubleFactory
from tests.factories.notifications import MOMENT, DeliveryFactory
from tests.notifications.doubles import Postman, free_port, postman_at
from tests.notifications.reports import report

pytestmark = pytest.mark.django_db
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


NO_FIELDS = b"""Content-Type: multipart/report; boundary=x

--x
Content-Type: message/delivery-status



--x--"""


@pytest.fixture(autouse=True)
def started(monkeypatch):
    monkeypatch.setattr(tasks.deliver_message, "delay", lambda pk: None)


@pytest.fixture
def sent():
    return DeliveryFactory(state="sent", sent_at=MOMENT, address="Ani@contoh.example")


def report_on(delivery, **details):
    return report(delivery, emails.message_id(delivery), **details)


def put(directory, *contents):
    directory.mkdir(exist_ok=True)
    for number, content in enumerate(contents):
        (directory / f"{number}.eml").write_bytes(content)


def read(directory):
    return services.read_bounces(directory=directory, at=MOMENT)


@pytest.mark.parametrize("part", ["message/rfc822", "text/rfc822-headers"])
def test_mail_that_came_back_is_marked_with_the_reason(tmp_path, sent, part):
    put(tmp_path, report_on(sent, part=part))

    counts = read(tmp_path)

    sent.refresh_from_db()
    assert counts == {"bounced": 1, "known": 0, "other": 0}
    assert sent.is_bounced
    assert "User unknown" in sent.error
    trouble = AddressTrouble.objects.get()
    assert (trouble.address, trouble.failures) == ("ani@contoh.example", 1)
    assert [path.name for path in (tmp_path / "read").iterdir()] == ["0.eml"]


def test_same_report_twice_counts_once(tmp_path, sent):
    put(tmp_path, report_on(sent), report_on(sent))

    assert read(tmp_path) == {"bounced": 1, "known": 1, "other": 0}
    assert AddressTrouble.objects.get().failures == 1


@pytest.mark.parametrize(
    "details",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "failed", "status": "4.2.2"},
        {"action": "delivered", "status": "2.0.0"},
        {"recipient": "orang.lain@contoh.example"},
    ],
    ids=["delayed", "for now", "delivered", "another address"],
)
def test_report_that_tells_of_no_failure_changes_nothing(tmp_path, sent, details):
    put(tmp_path, report_on(sent, **details))

    read(tmp_path)

    sent.refresh_from_db()
    assert sent.is_sent
    assert not AddressTrouble.objects.exists()


@pytest.mark.parametrize(
    "message_id",
    [
        "<0f0f0f0f-0000-4000-8000-000000000000.1@kipp.example>",
        "<lain@contoh.example>",
        "",
        "<../../etc/passwd.1@x>",
    ],
)
def test_report_about_no_mail_of_ours_is_not_believed(tmp_path, sent, message_id):
    put(tmp_path, report(sent, message_id))

    read(tmp_path)

    sent.refresh_from_db()
    assert sent.is_sent


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: Saya cuti\n\nSampai jumpa.",
        b"Content-Type: multipart/report\n\nno parts",
        NO_FIELDS,
        b"Content-Type: multipart/report; boundary=x\n\n" + b"--x\n\n" * 3000,
        b"a" * (bounces.LARGEST + 1),
    ],
    ids=["empty", "bytes", "a reply", "no parts", "no fields", "many", "large"],
)
def test_what_is_no_report_is_put_aside(tmp_path, content):
    put(tmp_path, content)

    assert read(tmp_path) == {"bounced": 0, "known": 0, "other": 1}
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["0.eml"]
    assert read(tmp_path) == {"bounced": 0, "known": 0, "other": 0}


def test_maildir_is_read_as_mail_servers_fill_it(tmp_path, sent):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1700.M1.host").write_bytes(report_on(sent))
    (tmp_path / "tmp" / "half").write_bytes(b"half")

    assert read(tmp_path)["bounced"] == 1
    assert [path.name for path in (tmp_path / "cur").iterdir()] == ["1700.M1.host:2,S"]


def test_clock_reads_the_folder_of_the_settings(tmp_path, settings, sent):
    put(tmp_path, report_on(sent))
    periodic.read_bounces()  # none is set
    settings.BOUNCE_DIR = str(tmp_path)

    periodic.read_bounces()

    sent.refresh_from_db()
    assert sent.is_bounced


def test_command_reads_a_folder_once(tmp_path, sent, capsys):
    put(tmp_path, report_on(sent))

    call_command("read_bounces", str(tmp_path))

    assert "1" in capsys.readouterr().out
    sent.refresh_from_db()
    assert sent.is_bounced


def test_digest_that_came_back_takes_its_news_along(tmp_path, sent):
    carried = DeliveryFactory(
        channel="digest", state="sent", sent_at=MOMENT, carrier=sent
    )
    put(tmp_path, report_on(sent))

    read(tmp_path)

    carried.refresh_from_db()
    assert carried.is_bounced


def test_reports_go_to_the_address_for_them(settings):
    settings.EMAIL_BACKEND = SMTP_BACKEND
    settings.BOUNCE_ADDRESS = "pantulan@kota.example"
    postman = Postman()
    with postman_at(postman, free_port()) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        deliver(delivery_id=DeliveryFactory().pk, at=MOMENT)

    (envelope,) = postman.mails
    assert envelope.mail_from == "pantulan@kota.example"
    assert b"From: Portal KIPP <portal@kipp.example>" in envelope.content
    assert b"pantulan" not in envelope.content


def test_address_refused_by_the_server_is_counted(settings):
    settings.EMAIL_BACKEND = SMTP_BACKEND
    with postman_at(Postman(), free_port()) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        for _ in range(2):
            delivery = DeliveryFactory(address="tidak-ada@contoh.example")
            deliver(delivery_id=delivery.pk, at=MOMENT)

    trouble = AddressTrouble.objects.get()
    assert (trouble.failures, trouble.is_muted) == (2, False)
    assert "No such mailbox" in trouble.reason


# Writing no more -------------------------------------------------------------------


def notify(user, kind):
    return services.notify(
        recipients=[user],
        kind=kind,
        key="1",
        template="emails/sent",
        context={"title": "Loket"},
        path="/x/",
        at=MOMENT,
    )


@pytest.mark.parametrize(
    ("failures", "kind", "state"),
    [
        (2, "proposal.sent", "pending"),
        (3, "proposal.sent", "skipped"),
        (3, "proposal.screened", "pending"),
    ],
)
def test_address_that_fails_gets_only_what_is_compulsory(failures, kind, state):
    user = UserFactory()
    AddressTroubleFactory(address=user.email, failures=failures)

    notify(user, kind)

    delivery = Delivery.objects.get()
    assert delivery.state == state
    assert bool(delivery.error) == (state == "skipped")


def test_address_is_confirmed_by_the_link_that_was_mailed_to_it(client):
    user = UserFactory()
    AddressTroubleFactory(address=user.email)
    client.force_login(user)

    asked = client.post("/akun/pemberitahuan/alamat/")
    again = client.post("/akun/pemberitahuan/alamat/", follow=True)
    delivery = Delivery.objects.get()
    path = reverse("notifications:address_confirm", args=[delivery.secret])
    client.logout()
    looked = client.get(path)
    still = AddressTrouble.objects.count()
    done = client.post(path)

    assert asked.status_code == 302
    assert Message.objects.count() == 1  # the second press says: wait
    assert [str(each) for each in again.context["messages"]]
    assert delivery.secret not in delivery.message.body_text
    assert path in emails.build_email(delivery).body
    assert (looked.context["state"], still) == ("asked", 1)
    assert done.context["state"] == "done"
    assert not AddressTrouble.objects.exists()
    assert client.post(path).status_code == 404
    assert notify(user, "proposal.sent")
    assert Delivery.objects.filter(message__kind="proposal.sent").get().is_pending


def test_link_of_another_age_confirms_nothing(client):
    token = troubles.token_of(AddressTroubleFactory())
    hours = troubles.LINK_HOURS + 1

    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        answer = client.post(reverse("notifications:address_confirm", args=[token]))

    assert answer.status_code == 404
    assert AddressTrouble.objects.exists()


def test_who_has_no_trouble_is_sent_no_check():
    with pytest.raises(services.AddressCheckRefused):
        services.send_address_check(user=UserFactory(), at=MOMENT)

    assert not Message.objects.exists()


def test_token_fits_where_it_waits():
    trouble = AddressTroubleFactory(pk=999_999_999)

    assert len(troubles.token_of(trouble)) <= 64


@pytest.mark.parametrize(
    "details", [{"failures": 0}, {"address": "Besar@contoh.example"}]
)
def test_trouble_is_counted_under_the_address_in_lower_case(details):
    with pytest.raises(IntegrityError):
        AddressTroubleFactory(**details)


# Sending again ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [{"state": "failed"}, {"state": "bounced", "sent_at": MOMENT}]
)
def test_what_failed_is_sent_again_to_the_address_of_today(state):
    delivery = DeliveryFactory(address="lama@contoh.example", attempts=8, **state)
    actor = UserFactory()

    services.retry_delivery(delivery=delivery, actor=actor, at=MOMENT)

    delivery.refresh_from_db()
    assert delivery.is_pending
    assert delivery.address == delivery.message.recipient.email
    assert (delivery.attempts, delivery.error, delivery.sent_at) == (0, "", None)


@pytest.mark.parametrize(
    "details",
    [
        {"state": "pending"},
        {"state": "sent", "sent_at": MOMENT},
        {"state": "skipped"},
        {"state": "failed", "channel": "digest"},
        {"state": "failed", "message__body_text": f"/x/{emails.LINK_MARK}/"},
        {"state": "failed", "message__body_text": ""},
        {"state": "failed", "message__recipient__is_active": False},
        {"state": "failed", "channel": "whatsapp"},
    ],
)
def test_what_cannot_be_sent_again_is_left(details):
    delivery = DeliveryFactory(**details)
    state = delivery.state

    with pytest.raises(services.NotRetryable):
        services.retry_delivery(delivery=delivery, actor=UserFactory(), at=MOMENT)

    delivery.refresh_from_db()
    assert delivery.state == state
    assert not services.can_retry(delivery)

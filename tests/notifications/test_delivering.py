import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from threading import Event

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection

from notifications import emails, periodic, services, tasks
from notifications.delivering import RETRY_DELAYS, deliver
from tests.factories.accounts import UserFactory
from tests.factories.notifications import MOMENT, DeliveryFactory
from tests.notifications.doubles import Postman, free_port, postman_at

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def send(delivery, at=MOMENT):
    sent = deliver(delivery_id=delivery.pk, at=at)
    delivery.refresh_from_db()
    return sent


def fail_with(monkeypatch, error):
    def send(self, fail_silently=False):
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


@pytest.mark.django_db
def test_due_delivery_is_sent_once():
    delivery = DeliveryFactory()

    first, second = send(delivery), send(delivery)

    assert (first, second) == (True, False)
    assert delivery.is_sent
    assert (delivery.sent_at, delivery.attempts) == (MOMENT, 1)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_delivery_is_not_sent_before_its_time():
    delivery = DeliveryFactory(next_attempt_at=MOMENT + timedelta(minutes=5))

    assert not send(delivery)
    assert mail.outbox == []


@pytest.mark.django_db
def test_mail_is_text_and_html_and_says_that_no_person_wrote_it():
    delivery = DeliveryFactory()

    send(delivery)

    (sent,) = mail.outbox
    assert sent.to == [delivery.address]
    assert sent.body == delivery.message.body_text
    assert [part.mimetype for part in sent.alternatives] == ["text/html"]
    assert sent.message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_repeat_of_a_mail_is_known_by_its_message_id():
    delivery, other = DeliveryFactory.create_batch(2)

    first, again, another = (
        emails.build_email(each).message()["Message-ID"]
        for each in (delivery, delivery, other)
    )

    assert first == again
    assert first != another


@pytest.mark.django_db
def test_unreachable_server_is_tried_again_later_and_later(monkeypatch):
    fail_with(monkeypatch, ConnectionRefusedError("Connection refused"))
    delivery = DeliveryFactory()
    at, waits = MOMENT, []

    while delivery.is_pending:
        assert not send(delivery, at)
        waits.append(delivery.next_attempt_at - at)
        at = delivery.next_attempt_at

    assert waits == [*RETRY_DELAYS, timedelta(0)]
    assert delivery.is_failed
    assert delivery.attempts == len(RETRY_DELAYS) + 1
    assert "Connection refused" in delivery.error
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "is_final"), [(550, True), (450, False)], ids=["for good", "for now"]
)
def test_refused_address_fails_at_once_unless_it_is_temporary(
    monkeypatch, code, is_final
):
    delivery = DeliveryFactory()
    refusal = {delivery.address: (code, b"No such mailbox")}
    fail_with(monkeypatch, smtplib.SMTPRecipientsRefused(refusal))

    send(delivery)

    assert delivery.is_failed is is_final
    assert "No such mailbox" in delivery.error


@pytest.mark.django_db
def test_error_is_forgotten_once_the_mail_is_sent(monkeypatch):
    delivery = DeliveryFactory()
    with monkeypatch.context() as patch:
        fail_with(patch, smtplib.SMTPServerDisconnected("gone"))
        send(delivery)
    failed_with = delivery.error

    send(delivery, delivery.next_attempt_at)

    assert failed_with
    assert (delivery.is_sent, delivery.error, delivery.attempts) == (True, "", 2)


@pytest.mark.django_db(transaction=True)
def test_worker_killed_while_sending_leaves_the_mail_waiting(monkeypatch):
    delivery = DeliveryFactory()
    with monkeypatch.context() as patch:
        fail_with(patch, Killed())
        with pytest.raises(Killed):
            send(delivery)
    delivery.refresh_from_db()
    after_kill = (delivery.state, delivery.attempts, len(mail.outbox))

    send(delivery)

    assert after_kill == ("pending", 0, 0)
    assert delivery.is_sent
    assert len(mail.outbox) == 1


class Killed(BaseException):
    """Ends a worker at once, as a signal would."""


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_mail_once(monkeypatch):
    delivery = DeliveryFactory()
    begun, may_end = Event(), Event()
    sent = []

    def send_slowly(self, fail_silently=False):
        sent.append(self.to)
        begun.set()
        may_end.wait(10)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send_slowly)

    def work():
        try:
            return deliver(delivery_id=delivery.pk, at=MOMENT)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(work)
        begun.wait(10)
        others = [threads.submit(work) for _ in range(3)]
        passed_by = [other.result() for other in others]
        may_end.set()
        outcome = first.result()

    assert (outcome, passed_by) == (True, [False, False, False])
    assert sent == [[delivery.address]]


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_many_mails_once_each(monkeypatch):
    deliveries = DeliveryFactory.create_batch(10)
    sent = []
    monkeypatch.setattr(
        EmailMultiAlternatives, "send", lambda self: sent.extend(self.to)
    )

    def work(turn):
        try:
            return deliver(delivery_id=deliveries[turn % 10].pk, at=MOMENT)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(work, range(40)))

    assert outcomes.count(True) == 10
    assert sorted(sent) == sorted(delivery.address for delivery in deliveries)


@pytest.fixture
def postman(settings):
    handler = Postman()
    with postman_at(handler, free_port()) as server:
        settings.EMAIL_BACKEND = SMTP_BACKEND
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield handler


@pytest.mark.django_db
def test_mail_reaches_a_real_server(postman):
    delivery = DeliveryFactory(message__subject="Piagam “Juara I” – siap")

    assert send(delivery)

    (envelope,) = postman.mails
    received = BytesParser(policy=policy.default).parsebytes(envelope.content)
    assert envelope.rcpt_tos == [delivery.address]
    assert received["Subject"] == "Piagam “Juara I” – siap"
    assert received.get_content_type() == "multipart/alternative"
    text = received.get_body(("plain",)).get_content()
    assert text.splitlines() == delivery.message.body_text.splitlines()


@pytest.mark.django_db
def test_address_refused_by_a_real_server_is_shown(postman):
    delivery = DeliveryFactory(address="tidak-ada@contoh.example")

    assert not send(delivery)

    assert delivery.is_failed
    assert "No such mailbox" in delivery.error
    assert postman.mails == []


@pytest.mark.django_db
def test_absent_server_leaves_the_mail_waiting(settings, postman):
    settings.EMAIL_PORT = 9  # discard: nobody listens
    delivery = DeliveryFactory()

    assert not send(delivery)

    assert delivery.is_pending
    assert delivery.next_attempt_at == MOMENT + timedelta(minutes=1)


@pytest.mark.django_db
def test_sweep_starts_what_is_due(monkeypatch):
    started = []
    monkeypatch.setattr(tasks.deliver_message, "delay", started.append)
    due = DeliveryFactory(next_attempt_at=MOMENT - timedelta(minutes=1))
    DeliveryFactory(next_attempt_at=MOMENT + timedelta(minutes=1))
    DeliveryFactory(state="failed")
    DeliveryFactory(state="sent", sent_at=MOMENT)

    with time_machine.travel(MOMENT, tick=False):
        periodic.sweep_deliveries()

    assert started == [due.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("late", "state"), [(timedelta(0), "skipped"), (-timedelta(seconds=1), "sent")]
)
def test_what_came_too_late_after_an_outage_is_left_out(late, state):
    expires_at = MOMENT + timedelta(hours=3)
    delivery = DeliveryFactory(message__expires_at=expires_at)

    send(delivery, at=expires_at + late)

    assert delivery.state == state
    assert len(mail.outbox) == (state == "sent")
    assert bool(delivery.error) == (state == "skipped")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "details",
    [
        {"message__subject": "Loket\nBcc: x@jahat.example"},
        {"message__subject": "Loket\r\nX-A: 1"},
        {"address": "a@contoh.example\nBcc: x@jahat.example"},
        {"address": "a@contoh.example, x@jahat.example"},
    ],
    ids=str,
)
def test_what_can_be_no_mail_fails_at_once_and_reaches_nobody(settings, details):
    settings.EMAIL_BACKEND = SMTP_BACKEND
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    delivery, postman = DeliveryFactory(**details), Postman()

    with postman_at(postman, settings.EMAIL_PORT):
        send(delivery)

    assert delivery.is_failed
    assert delivery.error
    assert postman.mails == []


@pytest.mark.django_db
def test_name_that_looks_like_headers_stays_in_the_subject():
    (message,) = services.notify(
        recipients=[UserFactory(name="Sri\r\nBcc: x@jahat.example")],
        kind="proposal.sent",
        key="1",
        template="emails/sent",
        context={"title": "Dinas A\r\nBcc: x@jahat.example\n\n<b>Isi</b>"},
        path="/x/",
        at=MOMENT,
    )

    send(message.delivery_set.get())

    (sent,) = mail.outbox
    whole = sent.message()
    assert whole["Bcc"] is None
    assert "Bcc: x@jahat.example" in sent.subject
    assert sent.recipients() == [message.recipient.email]
    assert "<b>Isi" not in sent.alternatives[0].content

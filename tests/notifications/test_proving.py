"""A number is written to by the portal only after a code came back from it."""

import json
import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from notifications import personal_data, queries, services, tasks
from notifications.delivering import deliver
from notifications.models import CODE_MISSES, ChatCode, ChatConsent, Delivery
from tests.factories.accounts import UserFactory
from tests.factories.messages import (
    ChatConsentFactory,
    ChatScopeFactory,
    PreferenceFactory,
)
from tests.factories.notifications import MOMENT
from tests.notifications.doubles import Gateway, gateway_at

pytestmark = pytest.mark.django_db
PAGE = "/akun/pemberitahuan/"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def started(monkeypatch):
    monkeypatch.setattr(tasks.deliver_message, "delay", lambda pk: None)


@pytest.fixture
def gateway(settings):
    double = Gateway()
    with gateway_at(double) as url:
        settings.WHATSAPP_GATEWAY_URL = url
        settings.WHATSAPP_GATEWAY_TOKEN = double.token
        yield double


def waiting(number="6281234567890", user=None):
    """Somebody whose number is not proved."""
    user = user or UserFactory()
    ChatConsentFactory(user=user, number=number, proved_at=None)
    return user


def code_of(gateway, user, at=MOMENT):
    """Send a code and read it where the person does."""
    services.send_chat_code(user=user, at=at)
    delivery = Delivery.objects.filter(message__recipient=user).latest("pk")
    assert deliver(delivery_id=delivery.pk, at=at)
    _headers, content = gateway.requests[-1]
    return re.search(r"\b\d{6}\b", json.loads(content)["text"])[0]


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def is_proved(user):
    return ChatConsent.objects.proved().filter(user=user).exists()


def notify(user):
    ChatScopeFactory(scope="kota-tegal")
    PreferenceFactory(user=user, mail="at_once", by_whatsapp=True)
    services.notify(
        recipients=[user],
        kind="proposal.sent",
        key="1",
        template="emails/sent",
        context={"title": "Loket"},
        path="/x/",
        at=MOMENT,
        scope="kota-tegal",
    )
    return Delivery.objects.filter(channel="whatsapp", message__kind="proposal.sent")


def test_portal_writes_nothing_to_a_number_that_is_not_proved(gateway):
    assert not notify(waiting()).exists()


def test_code_that_came_by_whatsapp_proves_the_number(gateway):
    user = waiting()

    code = code_of(gateway, user)
    services.prove_number(user=user, code=code, at=MOMENT + MINUTE)

    assert is_proved(user)
    assert [each.address for each in notify(user)] == ["6281234567890"]


def test_text_with_the_code_names_nobody_and_holds_no_link(gateway, settings):
    user = waiting(user=UserFactory(name="Sri Wahyuni"))

    code = code_of(gateway, user)

    _headers, content = gateway.requests[-1]
    text = json.loads(content)["text"]
    assert text.startswith(f"*{settings.PORTAL_NAME}*")
    assert code in text
    assert "Sri" not in text
    assert "http" not in text


def test_code_is_kept_nowhere_after_it_left(gateway):
    user = waiting()

    code = code_of(gateway, user)

    delivery = Delivery.objects.get()
    kept = ChatCode.objects.get()
    message = delivery.message
    assert delivery.secret == ""
    assert code not in f"{message.subject}{message.body_text}{kept.digest}"
    assert message not in queries.notices_of(user)
    assert code not in str(
        [list(part.rows) for part in personal_data.collect(user).sections]
    )


@pytest.mark.parametrize("missing", ["gateway", "number", "proof"])
def test_no_code_is_sent_where_there_is_nothing_to_prove(settings, missing):
    settings.WHATSAPP_GATEWAY_URL = "" if missing == "gateway" else "http://127.0.0.1/"
    user = UserFactory()
    if missing == "proof":
        ChatConsentFactory(user=user)
    if missing == "gateway":
        waiting(user=user)

    with pytest.raises(services.CodeNotSent):
        services.send_chat_code(user=user, at=MOMENT)

    assert not Delivery.objects.exists()


def test_code_works_for_a_quarter_of_an_hour_and_is_not_sent_after_it(gateway):
    user = waiting()
    code = code_of(gateway, user)

    with pytest.raises(services.NumberNotProved):
        services.prove_number(user=user, code=code, at=MOMENT + 15 * MINUTE)
    services.send_chat_code(user=user, at=MOMENT + 20 * MINUTE)
    late = Delivery.objects.latest("pk")
    sent = deliver(delivery_id=late.pk, at=MOMENT + 35 * MINUTE)

    late.refresh_from_db()
    assert not sent
    assert (late.state, late.secret, late.attempts) == ("skipped", "", 0)
    assert not is_proved(user)


def test_new_code_replaces_the_one_before(gateway):
    user = waiting()
    old = code_of(gateway, user)
    new = code_of(gateway, user, at=MOMENT + 2 * MINUTE)

    if old != new:
        with pytest.raises(services.NumberNotProved):
            services.prove_number(user=user, code=old, at=MOMENT + 3 * MINUTE)
    services.prove_number(user=user, code=new, at=MOMENT + 3 * MINUTE)

    assert is_proved(user)


def test_guessing_ends_after_five_misses_though_the_sixth_is_right(gateway):
    user = waiting()
    code = code_of(gateway, user)

    for _ in range(CODE_MISSES):
        with pytest.raises(services.NumberNotProved):
            services.prove_number(user=user, code=wrong(code), at=MOMENT)
    with pytest.raises(services.NumberNotProved, match=r"Minta|new one"):
        services.prove_number(user=user, code=code, at=MOMENT)

    assert not is_proved(user)
    assert ChatCode.objects.get().misses == CODE_MISSES


def test_code_of_somebody_else_proves_nothing(gateway):
    first, second = waiting(), waiting("6281234567891")
    code = code_of(gateway, first)
    services.send_chat_code(user=second, at=MOMENT)
    ChatCode.objects.filter(consent__user=second).update(
        digest=ChatCode.objects.get(consent__user=first).digest
    )

    with pytest.raises(services.NumberNotProved):
        services.prove_number(user=second, code=code, at=MOMENT)


def test_person_gets_one_code_a_minute_and_five_a_day(gateway):
    user = waiting()
    services.send_chat_code(user=user, at=MOMENT)
    with pytest.raises(services.CodeNotSent):
        services.send_chat_code(user=user, at=MOMENT + timedelta(seconds=59))
    for number in range(1, 5):
        services.send_chat_code(user=user, at=MOMENT + number * 2 * MINUTE)

    # A number given anew does not begin a new count.
    services.end_chat(user=user, at=MOMENT + 12 * MINUTE)
    waiting("6281234567899", user=user)
    with pytest.raises(services.CodeNotSent):
        services.send_chat_code(user=user, at=MOMENT + 20 * MINUTE)
    services.send_chat_code(user=user, at=MOMENT + timedelta(days=1, hours=1))

    assert ChatCode.objects.count() == 1  # what counts no more is deleted


def test_stranger_is_not_flooded_by_many_accounts(gateway):
    people = [waiting() for _ in range(6)]

    for person in people[:5]:
        services.send_chat_code(user=person, at=MOMENT)
    with pytest.raises(services.CodeNotSent):
        services.send_chat_code(user=people[5], at=MOMENT)

    assert Delivery.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_send_one_code(settings):
    settings.WHATSAPP_GATEWAY_URL = "http://127.0.0.1:1/"
    user = waiting()
    at, refused, barrier = timezone.now(), [], Barrier(2)

    def press():
        barrier.wait()
        try:
            services.send_chat_code(user=user, at=at)
        except services.CodeNotSent as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert Delivery.objects.count() == 1


def test_number_taken_out_takes_its_code_along(gateway):
    user = waiting()
    services.send_chat_code(user=user, at=MOMENT)

    services.end_chat(user=user, at=MOMENT)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.secret) == ("skipped", "")
    with pytest.raises(services.NumberNotProved):
        services.prove_number(user=user, code="123456", at=MOMENT)


def test_proof_lies_after_the_consent():
    consent = ChatConsentFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        ChatConsent.objects.filter(pk=consent.pk).update(
            proved_at=MOMENT - timedelta(days=1)
        )


def test_misses_are_few(gateway):
    services.send_chat_code(user=waiting(), at=MOMENT)

    with pytest.raises(IntegrityError), transaction.atomic():
        ChatCode.objects.update(misses=CODE_MISSES + 1)


# The page ----------------------------------------------------------------------------


@pytest.fixture
def person(client):
    user = UserFactory()
    client.force_login(user)
    return user


def test_number_is_typed_then_the_code_then_kinds_are_ticked(client, person, gateway):
    ChatScopeFactory()

    agreed = client.post(
        f"{PAGE}whatsapp/", {"phone": "0812 3456 7890", "agreed": "on"}
    )
    asked = client.get(PAGE)
    deliver(delivery_id=Delivery.objects.get().pk, at=timezone.now())
    _headers, content = gateway.requests[-1]
    code = re.search(r"\b\d{6}\b", json.loads(content)["text"])[0]
    missed = client.post(f"{PAGE}whatsapp/bukti/", {"code": wrong(code)})
    proved = client.post(f"{PAGE}whatsapp/bukti/", {"code": f"{code[:3]} {code[3:]}"})

    assert agreed["Location"] == f"{PAGE}#h-chat"
    assert 'name="code"' in asked.content.decode()
    assert not asked.context["with_chats"]
    assert missed.context["code_form"].errors
    assert proved["Location"] == PAGE
    assert client.get(PAGE).context["with_chats"]


def test_without_a_gateway_the_number_is_kept_for_people_only(client, person):
    client.post(f"{PAGE}whatsapp/", {"phone": "0812 3456 7890", "agreed": "on"})

    page = client.get(PAGE)
    assert not is_proved(person)
    assert page.context["own_chat_url"].startswith("https://wa.me/6281234567890?")
    assert page.context["own_chat_url"] in page.content.decode().replace("&amp;", "&")
    assert not page.context["with_chats"]
    assert client.post(f"{PAGE}whatsapp/kode/").status_code == 404
    assert not Delivery.objects.exists()


def test_code_that_the_gateway_refused_is_told(client, person, gateway):
    ChatScopeFactory()
    waiting(user=person)
    client.post(reverse("notifications:chat_code"))
    gateway.answers = [(422, {"error": "Nomor tidak terdaftar"}, {})]

    deliver(delivery_id=Delivery.objects.get().pk, at=timezone.now())

    assert "Nomor tidak terdaftar" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_no_code_is_no_attempt(client, person, gateway, code):
    waiting(user=person)
    services.send_chat_code(user=person, at=timezone.now())

    response = client.post(f"{PAGE}whatsapp/bukti/", {"code": code})

    assert response.context["code_form"].errors
    assert ChatCode.objects.get().misses == 0

"""WhatsApp by a gateway: a real HTTP server on loopback stands for it."""

import json
import logging
from datetime import timedelta

import pytest

from notifications import services, tasks, ways
from notifications.channels import whatsapp
from notifications.channels.outcomes import Accepted, Refused, TryLater
from notifications.delivering import deliver
from notifications.models import ChatConsent, Delivery
from tests.factories.accounts import UserFactory
from tests.factories.messages import (
    ChatConsentFactory,
    ChatScopeFactory,
    PreferenceFactory,
)
from tests.factories.notifications import MOMENT, DeliveryFactory
from tests.notifications.doubles import Gateway, free_port, gateway_at

pytestmark = pytest.mark.django_db
KIND = "proposal.sent"
SCOPE = "kota-tegal"


@pytest.fixture
def gateway(settings):
    double = Gateway()
    with gateway_at(double) as url:
        settings.WHATSAPP_GATEWAY_URL = url
        settings.WHATSAPP_GATEWAY_TOKEN = double.token
        yield double


def chat(**details):
    return DeliveryFactory(
        channel="whatsapp",
        address="6281234567890",
        message__subject="Proposal Loket menunggu dukungan Anda",
        message__path="/proposal/KIPP-1/dukung/",
        **details,
    )


def send(delivery, at=MOMENT):
    deliver(delivery_id=delivery.pk, at=at)
    delivery.refresh_from_db()
    return delivery


def test_message_is_handed_over_with_its_link_and_a_key(gateway, settings):
    settings.BASE_URL = "https://inovasi.tegal.example"

    delivery = send(chat())

    ((headers, content),) = gateway.requests
    assert json.loads(content) == {
        "to": "6281234567890",
        "text": "*Portal KIPP*\n\nProposal Loket menunggu dukungan Anda\n\n"
        "https://inovasi.tegal.example/proposal/KIPP-1/dukung/",
        "reference": f"{delivery.message.code}.{delivery.pk}",
    }
    assert headers["Idempotency-Key"] == f"{delivery.message.code}.{delivery.pk}"
    assert delivery.is_sent
    assert delivery.reference == "wa-1"


def test_answer_that_was_lost_makes_no_second_message(gateway):
    delivery = chat()
    whatsapp.send(delivery)  # and the worker dies before its commit

    send(delivery)

    assert len(gateway.requests) == 2
    assert len(gateway.messages) == 1
    assert delivery.is_sent


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, Refused), (404, Refused), (422, Refused),
        (401, TryLater), (403, TryLater), (408, TryLater), (409, TryLater),
        (429, TryLater), (500, TryLater), (503, TryLater), (302, TryLater),
    ],
)  # fmt: skip
def test_what_becomes_of_each_answer(gateway, status, expected):
    gateway.answers = [(status, {"error": "Nomor tidak dikenal"}, {"Location": "/x"})]

    outcome = whatsapp.HttpGateway().send(number="628", text="x", key="k")

    assert isinstance(outcome, expected)
    assert "Nomor tidak dikenal" in outcome.reason
    assert len(gateway.requests) == 1  # no redirect is followed


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"x" * 100_000, b'{"id": {"a": 1}}']
)
def test_answer_in_any_form_is_accepted(gateway, body):
    gateway.answers = [(200, body, {})]

    outcome = whatsapp.HttpGateway().send(number="628", text="x", key="k")

    assert isinstance(outcome, Accepted)


def test_gateway_that_asks_for_time_gets_it(gateway):
    gateway.answers = [(429, {}, {"Retry-After": "600"})]

    delivery = send(chat())

    assert delivery.is_pending
    assert delivery.next_attempt_at == MOMENT + timedelta(minutes=10)


@pytest.mark.parametrize("value", ["-5", "abc", "9" * 30, "Wed, 21 Oct 2026"])
def test_nonsense_about_time_is_bounded(gateway, value):
    gateway.answers = [(503, {}, {"Retry-After": value})]

    delivery = send(chat())

    assert delivery.next_attempt_at - MOMENT in (
        timedelta(minutes=1),
        timedelta(hours=1),
    )


def test_absent_gateway_leaves_the_message_waiting(settings):
    settings.WHATSAPP_GATEWAY_URL = f"http://127.0.0.1:{free_port()}/"

    delivery = send(chat())

    assert delivery.is_pending
    assert delivery.next_attempt_at == MOMENT + timedelta(minutes=1)


def test_refused_message_has_failed_with_the_reason(gateway):
    gateway.answers = [(422, {"error": "Nomor tidak dikenal"}, {})]

    delivery = send(chat())

    assert delivery.is_failed
    assert "Nomor tidak dikenal" in delivery.error


def test_token_is_shown_nowhere(gateway, caplog, settings):
    caplog.set_level(logging.DEBUG)
    gateway.answers = [(500, {"error": f"Bearer {gateway.token} is wrong"}, {})]
    first = send(chat())
    settings.WHATSAPP_GATEWAY_URL = f"http://127.0.0.1:{free_port()}/"
    second = send(chat())

    texts = [caplog.text, first.error, second.error, first.reference]
    assert [text for text in texts if gateway.token in text] == []
    assert first.error


# Who is written to ----------------------------------------------------------------


def notify(*people, kind=KIND, scope=SCOPE, **changes):
    return services.notify(
        recipients=people,
        kind=kind,
        key="1",
        template="emails/sent",
        context={"title": "Loket"},
        path="/x/",
        at=MOMENT,
        scope=scope,
        **changes,
    )


def person_who_agreed(kind=KIND):
    user = UserFactory()
    ChatConsentFactory(user=user, number="6281234567890")
    PreferenceFactory(user=user, kind=kind, mail="at_once", by_whatsapp=True)
    return user


def channels_of(user):
    found = Delivery.objects.filter(message__recipient=user, state="pending")
    return sorted(found.values_list("channel", "address"))


@pytest.fixture
def is_open(gateway):
    ChatScopeFactory(scope=SCOPE)


@pytest.mark.usefixtures("is_open")
def test_who_agreed_and_chose_it_is_told_by_both_ways():
    user = person_who_agreed()

    notify(user)

    assert channels_of(user) == [
        ("email", user.email),
        ("whatsapp", "6281234567890"),
    ]


@pytest.mark.usefixtures("is_open")
def test_compulsory_kind_goes_by_whatsapp_besides_its_mail():
    user = person_who_agreed("proposal.screened")

    notify(user, kind="proposal.screened", channels={"whatsapp"})

    assert [channel for channel, _address in channels_of(user)] == [
        "email",
        "whatsapp",
    ]


@pytest.mark.parametrize(
    "missing", ["consent", "wish", "scope", "gateway", "other_scope", "no_scope"]
)
def test_without_one_of_the_conditions_no_chat_is_opened(gateway, settings, missing):
    user = person_who_agreed()
    ChatScopeFactory(scope=SCOPE if missing != "scope" else "lain")
    if missing == "consent":
        ChatConsent.objects.update(ended_at=MOMENT)
    if missing == "wish":
        user.preference_set.all().delete()
    if missing == "gateway":
        settings.WHATSAPP_GATEWAY_URL = ""

    notify(user, scope={"other_scope": "lain", "no_scope": ""}.get(missing, SCOPE))

    assert [channel for channel, _address in channels_of(user)] == ["email"]


@pytest.mark.usefixtures("is_open")
@pytest.mark.parametrize("kind", ["data_request.answered", "account.email_changed"])
def test_what_concerns_an_account_never_goes_by_whatsapp(kind):
    user = person_who_agreed(kind)

    notify(user, kind=kind)

    assert [channel for channel, _address in channels_of(user)] == ["email"]


@pytest.mark.usefixtures("is_open")
def test_caller_may_narrow_the_channels():
    only_chat, only_mail, neither = (person_who_agreed() for _ in range(3))

    notify(only_chat, channels={"whatsapp"})
    notify(only_mail, channels={"email"})
    notify(neither, channels=set())

    assert [
        [channel for channel, _address in channels_of(user)]
        for user in (only_chat, only_mail, neither)
    ] == [["whatsapp"], ["email"], []]


@pytest.mark.usefixtures("is_open")
def test_withdrawn_consent_stops_what_still_waits(monkeypatch):
    monkeypatch.setattr(tasks.deliver_message, "delay", lambda pk: None)
    user = person_who_agreed()
    notify(user)

    services.end_chat(user=user, at=MOMENT)

    left_out = Delivery.objects.get(channel="whatsapp")
    assert left_out.is_skipped
    assert "WhatsApp" in left_out.error
    assert Delivery.objects.get(channel="email").is_pending


def test_number_is_kept_as_gateways_want_it_and_once():
    user = UserFactory()

    first = services.agree_to_chat(user=user, phone="0812 3456 7890", at=MOMENT)
    again = services.agree_to_chat(user=user, phone="+62 812-3456-7890", at=MOMENT)
    other = services.agree_to_chat(user=user, phone="0813 3456 7890", at=MOMENT)

    assert first.number == "6281234567890"
    assert again == first
    assert other != first
    assert ChatConsent.objects.given().get(user=user) == other


@pytest.mark.parametrize("phone", ["", "0283 355137", "12", "bukan nomor"])
def test_number_without_chats_is_refused(phone):
    with pytest.raises(services.NumberRefused):
        services.agree_to_chat(user=UserFactory(), phone=phone, at=MOMENT)

    assert not ChatConsent.objects.exists()


def test_government_opens_and_closes_its_chats(gateway):
    actor = UserFactory()

    services.open_chats(scope=SCOPE, actor=actor, at=MOMENT)
    services.open_chats(scope=SCOPE, actor=actor, at=MOMENT)
    was_open = ways.chats_are_open(SCOPE)
    services.close_chats(scope=SCOPE, actor=actor, at=MOMENT)

    assert was_open
    assert not ways.chats_are_open(SCOPE)

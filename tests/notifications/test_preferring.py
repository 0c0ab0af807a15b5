"""How a person wants to be told, kind by kind."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail, signing
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from notifications import emails, kinds, services, tasks, unsubscribing
from notifications.models import Delivery, Message, Preference
from notifications.services import Choice
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.messages import (
    AddressTroubleFactory,
    ChatConsentFactory,
    ChatScopeFactory,
    PreferenceFactory,
)
from tests.factories.notifications import MOMENT, DeliveryFactory, MessageFactory

pytestmark = pytest.mark.django_db
PAGE = "/akun/pemberitahuan/"
FREE, COMPULSORY = "proposal.sent", "proposal.screened"


@pytest.fixture(autouse=True)
def started(monkeypatch):
    monkeypatch.setattr(tasks.deliver_message, "delay", lambda pk: None)


def notify(*people, kind=FREE):
    return services.notify(
        recipients=people,
        kind=kind,
        key="1",
        template="emails/sent",
        context={"title": "Loket"},
        path="/x/",
        at=MOMENT,
    )


def save(user, **choices):
    named = {kind.replace("__", "."): choice for kind, choice in choices.items()}
    services.save_preferences(user=user, choices=named, at=MOMENT)


@pytest.mark.parametrize(
    ("mode", "channels"),
    [("at_once", ["email"]), ("daily", ["digest"]), ("portal", [])],
)
def test_free_kind_goes_the_way_that_was_chosen(mode, channels):
    user = UserFactory()
    save(user, proposal__sent=Choice(mode))

    (message,) = notify(user)

    found = Delivery.objects.filter(message=message, state="pending")
    assert [each.channel for each in found] == channels
    assert Message.objects.visible_to(user).unread().count() == 1


@pytest.mark.parametrize("mode", ["daily", "portal"])
def test_compulsory_kind_is_mailed_at_once_whatever_was_chosen(mode):
    user = UserFactory()
    save(user, proposal__screened=Choice(mode))
    # And if a row had come in another way, it would change nothing.
    PreferenceFactory(user=user, kind=COMPULSORY, mail=mode)

    notify(user, kind=COMPULSORY)

    assert Delivery.objects.get().channel == "email"


def test_wish_for_one_kind_leaves_the_others():
    user, other = UserFactory(), UserFactory()
    save(user, proposal__sent=Choice("portal"))

    notify(user, other)
    notify(user, kind="proposal.returned")

    told = Delivery.objects.filter(state="pending").values_list(
        "message__recipient", "message__kind"
    )
    assert sorted(told) == sorted([(other.pk, FREE), (user.pk, "proposal.returned")])


def test_only_what_differs_from_the_default_is_kept():
    user = UserFactory()

    save(user, proposal__sent=Choice("daily"), proposal__returned=Choice())
    kept = Preference.objects.count()
    save(user, proposal__sent=Choice())

    assert kept == 1
    assert not Preference.objects.exists()
    actions = AuditEntry.objects.filter(action="preferences.changed")
    assert [entry.changes for entry in actions.order_by("pk")] == [
        {FREE: ["at_once", "daily"]},
        {FREE: ["daily", "at_once"]},
    ]


def test_saving_what_is_already_so_is_no_entry():
    save(UserFactory(), proposal__sent=Choice())

    assert not AuditEntry.objects.filter(action="preferences.changed").exists()


@pytest.mark.parametrize(
    "values",
    [{"mail": "at_once", "by_whatsapp": False}, {"mail": "pigeon"}],
    ids=["the default", "an unknown way"],
)
def test_row_that_says_nothing_is_refused(values):
    with pytest.raises(IntegrityError):
        PreferenceFactory(**values)


def test_one_wish_per_person_and_kind():
    wish = PreferenceFactory()

    with pytest.raises(IntegrityError):
        PreferenceFactory(user=wish.user, kind=wish.kind)


@pytest.mark.parametrize("number", ["", "0812", "62812345678x", "+628123456789"])
def test_number_that_holds_is_in_digits(number):
    with pytest.raises(IntegrityError):
        ChatConsentFactory(number=number)


def test_one_consent_holds():
    consent = ChatConsentFactory()

    with pytest.raises(IntegrityError):
        ChatConsentFactory(user=consent.user)


# The page --------------------------------------------------------------------------


@pytest.fixture
def person(client):
    user = AuthorFactory(
        institution=InstitutionFactory(),
    )
    client.force_login(user)
    return user


def test_page_saves_what_is_chosen_and_keeps_the_rest(client, person):
    form = client.get(PAGE).context["form"]
    data = {name: form[name].value() for name in form.fields}

    response = client.post(PAGE, data | {"surel-proposal-sent": "daily"})

    assert response["Location"] == PAGE
    wish = Preference.objects.get(user=person)
    assert (wish.kind, wish.mail, wish.by_whatsapp) == (FREE, "daily", False)


def test_page_names_compulsory_kinds_without_a_choice(client, person):
    response = client.get(PAGE)

    form = response.context["form"]
    assert "surel-proposal-screened" not in form.fields
    assert "surel-proposal-sent" in form.fields
    label = str(kinds.kind(COMPULSORY).label)
    assert label in response.content.decode()


def test_posted_wish_for_a_compulsory_kind_is_not_kept(client, person):
    form = client.get(PAGE).context["form"]
    data = {name: form[name].value() for name in form.fields}

    client.post(PAGE, data | {"surel-proposal-screened": "portal"})

    assert not Preference.objects.exists()


@pytest.mark.parametrize("data", [{}, {"surel-proposal-sent": "pigeon"}])
def test_page_with_nonsense_says_so_and_keeps_nothing(client, person, data):
    response = client.post(PAGE, data)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Preference.objects.exists()


def test_kinds_of_running_a_competition_are_for_those_who_run_one(client, person):
    of_author = {group.key for group in client.get(PAGE).context["groups"]}
    client.force_login(SecretariatFactory())
    of_secretariat = {group.key for group in client.get(PAGE).context["groups"]}

    assert "secretariat" not in of_author
    assert "secretariat" in of_secretariat
    assert "judging" not in of_author


def test_kinds_of_judging_are_for_those_who_were_told_of_it(client, person):
    MessageFactory(recipient=person, kind="judging.juror_invited")

    groups = {group.key for group in client.get(PAGE).context["groups"]}

    assert "judging" in groups


def test_whatsapp_is_offered_where_a_government_has_it(client, person, settings):
    without = client.get(PAGE).context["chats_are_offered"]
    settings.WHATSAPP_GATEWAY_URL = "https://gerbang.example/"
    ChatScopeFactory()

    offered = client.get(PAGE)
    ChatConsentFactory(user=person)

    assert (without, offered.context["chats_are_offered"]) == (False, True)
    assert not offered.context["with_chats"]
    assert client.get(PAGE).context["with_chats"]


def test_whatsapp_is_offered_for_no_kind_that_never_goes_there(
    client, person, settings
):
    settings.WHATSAPP_GATEWAY_URL = "https://gerbang.example/"
    ChatScopeFactory()
    ChatConsentFactory(user=person)

    fields = client.get(PAGE).context["form"].fields

    assert "whatsapp-proposal-sent" in fields
    assert "whatsapp-account-password_changed" not in fields
    assert "whatsapp-accounts-invitation_sent" not in fields


@pytest.mark.parametrize(
    "data",
    [{}, {"phone": "0812 3456 7890"}, {"phone": "0283 355137", "agreed": "on"}],
    ids=["nothing", "without consent", "a landline"],
)
def test_consent_is_not_taken_for_granted(client, person, settings, data):
    settings.WHATSAPP_GATEWAY_URL = "https://gerbang.example/"
    ChatScopeFactory()

    response = client.post(f"{PAGE}whatsapp/", data)

    assert response.status_code == 200
    assert response.context["chat_form"].errors
    assert not person.chatconsent_set.exists()


def test_consent_is_ended_on_the_page(client, person):
    consent = ChatConsentFactory(user=person)

    client.post(f"{PAGE}whatsapp/berhenti/")

    consent.refresh_from_db()
    assert consent.ended_at


def test_who_wants_whatsapp_keeps_it_while_it_is_not_offered(client, person):
    PreferenceFactory(user=person, mail="at_once", by_whatsapp=True)
    form = client.get(PAGE).context["form"]
    data = {name: form[name].value() for name in form.fields}

    client.post(PAGE, data)

    assert Preference.objects.get().by_whatsapp


# List-Unsubscribe ------------------------------------------------------------------


def headers_of(kind, **details):
    delivery = DeliveryFactory(message__kind=kind, **details)
    return delivery, emails.build_email(delivery).message()


def test_mail_of_a_free_kind_can_be_unsubscribed_in_one_press(client, settings):
    settings.BASE_URL = "https://inovasi.tegal.example"
    delivery, headers = headers_of(FREE)
    user = delivery.message.recipient

    url = headers["List-Unsubscribe"].strip("<>")
    path = url.removeprefix("https://inovasi.tegal.example")
    response = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert response.status_code == 200  # no redirect: RFC 8058, 3.2
    assert Preference.objects.get(user=user).mail == "portal"
    assert notify(user)
    assert Delivery.objects.exclude(pk=delivery.pk).get().is_skipped


@pytest.mark.parametrize("kind", [COMPULSORY, "account.password_changed", "of.old"])
def test_mail_of_a_compulsory_kind_cannot_be_unsubscribed(kind):
    _delivery, headers = headers_of(kind)

    assert headers["List-Unsubscribe"] is None
    assert headers["List-Unsubscribe-Post"] is None


def test_looking_at_the_link_changes_nothing(client):
    user = UserFactory()
    path = unsubscribing.url_of(user.pk, kinds.kind(FREE)).split("8000")[1]

    response = client.get(path)

    assert response.status_code == 200
    assert not Preference.objects.exists()


def test_forged_link_unsubscribes_nobody(client):
    user = UserFactory()
    path = unsubscribing.url_of(user.pk, kinds.kind(FREE)).split("8000")[1]
    forged = path[:-3] + ("xx/" if path[-3:-1] != "xx" else "yy/")

    answers = [client.post(forged).status_code, client.get("/surel/berhenti/x/")]

    assert [answers[0], answers[1].status_code] == [404, 404]
    assert not Preference.objects.exists()


def test_link_of_years_ago_works_again_and_for_whoever_left(client):
    user = UserFactory()
    path = unsubscribing.url_of(user.pk, kinds.kind(FREE)).split("8000")[1]

    first = client.post(path).status_code
    save(user, proposal__sent=Choice())  # wanted again meanwhile
    user.is_active = False
    user.save(update_fields=["is_active"])
    with time_machine.travel(timezone.now() + timedelta(days=3000)):
        second = client.post(path).status_code

    assert (first, second) == (200, 200)
    assert Preference.objects.get(user=user).mail == "portal"


def test_token_for_something_else_unsubscribes_nobody(client):
    user = UserFactory()
    signed = [
        signing.dumps([user.pk, FREE], salt="notifications.address"),
        signing.dumps([user.pk, COMPULSORY], salt="notifications.unsubscribe"),
        signing.dumps("x", salt="notifications.unsubscribe"),
        signing.dumps([user.pk], salt="notifications.unsubscribe"),
    ]

    answers = [client.post(f"/surel/berhenti/{each}/").status_code for each in signed]

    assert answers == [404] * 4
    assert not Preference.objects.exists()


def test_link_in_the_foot_is_not_in_what_is_stored(settings):
    user = UserFactory()

    (message,) = notify(user)

    delivery = message.delivery_set.get()
    url = unsubscribing.url_of(user.pk, kinds.kind(FREE))
    assert url not in message.body_text + message.body_html
    delivery.message = message
    mail.outbox = []
    emails.build_email(delivery).send()
    assert emails.UNSUBSCRIBE_MARK not in mail.outbox[0].body


def test_unsubscribing_from_the_digest_moves_its_kinds_to_the_portal(client):
    user = UserFactory()
    PreferenceFactory(user=user, kind=FREE, mail="daily", by_whatsapp=True)
    PreferenceFactory(user=user, kind="proposal.returned", mail="daily")
    other = PreferenceFactory()
    wish = unsubscribing.Wish(user.pk, kinds.kind("notifications.digest"))

    services.unsubscribe(wish=wish, at=MOMENT)

    wishes = Preference.objects.filter(user=user).order_by("kind")
    assert [(each.mail, each.by_whatsapp) for each in wishes] == [
        ("portal", False),
        ("portal", True),
    ]
    other.refresh_from_db()
    assert other.mail == "daily"


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_as_much_for_many_wishes(
    client, person, django_assert_num_queries, count
):
    for kind in [FREE, "proposal.returned", "submission.closing"][:count]:
        PreferenceFactory(user=person, kind=kind)
    client.get(PAGE)

    with django_assert_num_queries(8):
        client.get(PAGE)


def test_person_sees_that_mails_do_not_arrive(client, person):
    AddressTroubleFactory(address=person.email)

    pages = [client.get(url) for url in (PAGE, reverse("notifications:message_list"))]

    assert [page.context["trouble"].address for page in pages] == [person.email] * 2


def test_government_of_another_secretariat_is_not_switched(client, settings):
    settings.WHATSAPP_GATEWAY_URL = "https://gerbang.example/"
    own, other = GovernmentFactory(), GovernmentFactory()
    client.force_login(SecretariatFactory(government=own))
    url = reverse("notifications:chat_scope_list")

    answers = [
        client.post(url, {"pemerintah": each.code, "buka": "ya"}).status_code
        for each in (own, other)
    ]

    assert answers == [302, 404]
    assert [row.opened is not None for row in client.get(url).context["rows"]] == [True]

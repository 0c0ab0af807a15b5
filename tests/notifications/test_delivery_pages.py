"""What the secretariat sees of what was sent, and the filters of both lists."""

import pytest
from django.urls import reverse

from notifications import emails, personal_data, services, tasks
from notifications.models import ChatConsent, Delivery, Preference
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.messages import (
    AddressTroubleFactory,
    ChatConsentFactory,
    PreferenceFactory,
)
from tests.factories.notifications import MOMENT, DeliveryFactory, MessageFactory

pytestmark = pytest.mark.django_db
SENT, LIST = "/sekretariat/pesan/", "/pemberitahuan/"


@pytest.fixture(autouse=True)
def started(monkeypatch):
    monkeypatch.setattr(tasks.deliver_message, "delay", lambda pk: None)


@pytest.fixture
def tegal():
    return GovernmentFactory()


@pytest.fixture
def secretary(client, tegal):
    user = SecretariatFactory(government=tegal)
    client.force_login(user)
    return user


def sent_for(government, **details):
    return DeliveryFactory(message__scope=government.code, **details)


def rows(client, **query):
    return list(client.get(SENT, query).context["page"].object_list)


@pytest.mark.usefixtures("secretary")
def test_list_is_narrowed_by_channel_kind_address_and_subject(client, tegal):
    mail = sent_for(tegal, address="ani@contoh.example")
    chat = sent_for(tegal, channel="whatsapp", address="6281234567890")
    other = sent_for(
        tegal, message__kind="stage.extended", message__subject="Tahap diperpanjang"
    )

    assert rows(client, saluran="whatsapp") == [chat]
    assert rows(client, jenis="stage.extended") == [other]
    assert rows(client, cari="ANI@contoh") == [mail]
    assert rows(client, cari="0812-3456-7890") == [chat]
    assert rows(client, cari="diperpanjang") == [other]
    assert rows(client, cari="tidak ada") == []
    assert rows(client, saluran="merpati", jenis="x") == [other, chat, mail]


@pytest.mark.usefixtures("secretary")
def test_tabs_count_within_the_other_filters_and_keep_them(client, tegal):
    sent_for(tegal, channel="whatsapp", address="6281234567890")
    sent_for(tegal, state="failed")

    response = client.get(SENT, {"saluran": "email"})

    tabs = response.context["tabs"]
    assert [tab["count"] for tab in tabs] == [1, 0, 0, 1, 0, 0]
    assert tabs[3]["url"] == f"{SENT}?saluran=email&keadaan=failed"


@pytest.mark.usefixtures("secretary")
def test_page_of_a_message_shows_what_was_written_but_no_secret(client, tegal):
    delivery = sent_for(
        tegal,
        message__body_text=f"Buka /x/{emails.LINK_MARK}/ <b>ya</b>",
        secret="rahasia-tautan",
        error="Connection refused",
    )
    AddressTroubleFactory(address=delivery.address)

    response = client.get(delivery.get_absolute_url())

    text = response.content.decode()
    assert "Buka /x/…/ &lt;b&gt;ya&lt;/b&gt;" in text
    assert "rahasia-tautan" not in text
    assert emails.LINK_MARK not in text
    assert "Connection refused" in text
    assert response.context["trouble"].is_muted


def test_page_of_a_message_is_for_the_secretariat_of_its_government(client, tegal):
    delivery = sent_for(tegal)
    url = delivery.get_absolute_url()
    answers = []

    for user in (
        SecretariatFactory(government=tegal),
        SecretariatFactory(),
        AuthorFactory(institution=InstitutionFactory(government=tegal)),
        delivery.message.recipient,
    ):
        client.force_login(user)
        answers.append(client.get(url).status_code)

    assert answers == [200, 404, 404, 404]


def test_who_competes_reads_no_message_about_proposals(client, secretary, tegal):
    delivery = sent_for(tegal)
    MembershipFactory(
        user=secretary,
        role="author",
        institution=InstitutionFactory(government=tegal),
        government=None,
    )

    url = delivery.get_absolute_url()
    retry = reverse(
        "notifications:delivery_retry", args=[delivery.message.code, "email"]
    )

    assert client.get(url).status_code == 404
    assert client.post(retry).status_code == 404


@pytest.mark.parametrize(
    "kind",
    ["proposal.sent", "notifications.digest", "joint_owner.asked",
     "stage.exception_granted"],
)  # fmt: skip
def test_who_competes_reads_nothing_that_tells_of_competitors(
    client, secretary, tegal, kind
):
    delivery = sent_for(tegal, message__kind=kind)
    seen = [client.get(delivery.get_absolute_url()).status_code]
    MembershipFactory(
        user=secretary,
        role="author",
        institution=InstitutionFactory(government=tegal),
        government=None,
    )

    seen.append(client.get(delivery.get_absolute_url()).status_code)

    assert seen == [200, 404]
    assert rows(client) == []


@pytest.mark.usefixtures("secretary")
@pytest.mark.parametrize(("wish", "channels"), [("portal", None), ("at_once", set())])
def test_what_is_told_in_the_portal_alone_is_listed_as_well(
    client, tegal, wish, channels
):
    user = UserFactory()
    if wish != "at_once":
        PreferenceFactory(user=user, mail=wish)

    services.notify(
        recipients=[user],
        kind="proposal.sent",
        key="1",
        template="emails/sent",
        context={"title": "Loket"},
        path="/x/",
        at=MOMENT,
        scope=tegal.code,
        channels=channels,
    )

    (row,) = rows(client)
    assert row.message.recipient == user
    assert row.is_skipped
    assert "portal" in row.error.lower()
    assert not services.can_retry(row)


@pytest.mark.usefixtures("secretary")
def test_failed_message_is_sent_again_by_a_press(client, tegal):
    delivery = sent_for(tegal, state="failed", error="550", attempts=3)
    url = delivery.get_absolute_url()
    offered = client.get(url).context["can_retry"]

    response = client.post(f"{url}kirim-ulang/")
    again = client.post(f"{url}kirim-ulang/", follow=True)

    delivery.refresh_from_db()
    assert offered
    assert response["Location"] == url
    assert (delivery.state, delivery.attempts) == ("pending", 0)
    assert not again.context["can_retry"]


@pytest.mark.usefixtures("secretary")
def test_page_names_the_other_ways_and_the_digest(client, tegal):
    mail = sent_for(tegal, state="sent", sent_at=MOMENT)
    news = sent_for(tegal, channel="digest", carrier=mail)
    DeliveryFactory(message=news.message, channel="whatsapp", address="6281234567890")

    response = client.get(news.get_absolute_url())

    assert [each.channel for each in response.context["others"]] == ["whatsapp"]
    assert mail.message.subject in response.content.decode()


# The bell --------------------------------------------------------------------------


def test_notifications_are_narrowed_by_group_and_to_what_is_unread(client):
    user = UserFactory()
    client.force_login(user)
    read = MessageFactory(recipient=user, read_at=MOMENT)
    unread = MessageFactory(recipient=user)
    event = MessageFactory(recipient=user, kind="event.event_near", read_at=MOMENT)
    MessageFactory(recipient=user, kind="notifications.digest", read_at=MOMENT)

    def shown(**query):
        return list(client.get(LIST, query).context["page"].object_list)

    assert shown() == [event, unread, read]
    assert shown(saring="belum") == [unread]
    assert shown(kelompok="events") == [event]
    assert shown(kelompok="events", saring="belum") == []
    assert shown(kelompok="x", saring="x") == [event, unread, read]


# Personal data ---------------------------------------------------------------------


def test_copy_of_a_person_holds_wishes_and_consents_of_their_own():
    user = UserFactory()
    PreferenceFactory(user=user)
    PreferenceFactory()
    ChatConsentFactory(user=user, number="6281234567890")
    ChatConsentFactory()

    found = {each.name: each.rows for each in personal_data.collect(user).sections}

    assert len(found["pilihan-pemberitahuan"]) == 1
    assert [
        row[key]
        for row in found["persetujuan-whatsapp"]
        for key in row
        if "81234567890" in str(row[key])
    ] == ["6281234567890"]


def test_forgotten_person_leaves_no_number_and_no_wish():
    user = UserFactory()
    PreferenceFactory(user=user)
    ChatConsentFactory(user=user)
    AddressTroubleFactory(address=user.email)
    DeliveryFactory(
        message__recipient=user,
        channel="whatsapp",
        address="6281234567890",
        state="sent",
        sent_at=MOMENT,
        reference="wa-1",
    )

    services.forget_person(
        recipient=user, address=user.email, stand_in="dihapus@tidak.ada"
    )

    consent = ChatConsent.objects.get()
    delivery = Delivery.objects.get()
    assert not Preference.objects.exists()
    assert consent.number == ""
    assert consent.ended_at
    assert (delivery.address, delivery.reference) == ("dihapus@tidak.ada", "")
    assert services.bouncing.AddressTrouble.objects.count() == 0

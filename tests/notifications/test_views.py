from datetime import date

import pytest
from django.urls import reverse

from notifications import mailbox
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    LeaderFactory,
    MembershipFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.notifications import MOMENT, DeliveryFactory, MessageFactory
from tests.notifications.test_mailbox import letter

pytestmark = pytest.mark.django_db
LIST = "/pemberitahuan/"
SENT = "/sekretariat/pesan/"
DEMO = "/surat-demo/"


@pytest.fixture
def person(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.mark.parametrize("count", [1, 3])
def test_message_list_query_count(client, person, django_assert_num_queries, count):
    MessageFactory.create_batch(count, recipient=person)

    # user, count, page, trouble, unread, juror, roles
    with django_assert_num_queries(7):
        response = client.get(LIST)

    assert len(response.context["page"].object_list) == count


def test_message_list_holds_own_messages_newest_first(client, person):
    older = MessageFactory(recipient=person)
    newer = MessageFactory(recipient=person, created_at=MOMENT.replace(hour=10))
    MessageFactory()

    response = client.get(LIST)

    assert list(response.context["page"].object_list) == [newer, older]


def test_opened_message_is_read_and_leads_to_its_matter(client, person):
    message = MessageFactory(recipient=person, path="/proposal/KIPP-2022-001/")

    response = client.get(message.get_absolute_url())

    message.refresh_from_db()
    assert response["Location"] == "/proposal/KIPP-2022-001/"
    assert message.is_read


@pytest.mark.parametrize(
    "path", ["", "https://jahat.example/", "//jahat.example/", "javascript:alert(1)"]
)
def test_message_never_leads_off_the_site(client, person, path):
    message = MessageFactory(recipient=person, path=path)

    response = client.get(message.get_absolute_url())

    assert response["Location"] == LIST


def test_message_of_somebody_else_is_not_found(client, person):
    message = MessageFactory()

    response = client.get(message.get_absolute_url())

    message.refresh_from_db()
    assert response.status_code == 404
    assert not message.is_read


def test_all_messages_are_marked_as_read(client, person):
    message = MessageFactory(recipient=person)
    other = MessageFactory()

    response = client.post(LIST)

    message.refresh_from_db()
    other.refresh_from_db()
    assert response["Location"] == LIST
    assert (message.is_read, other.is_read) == (True, False)


@pytest.mark.parametrize("url", [LIST, SENT])
def test_stranger_is_asked_to_sign_in(client, url):
    assert client.get(url).status_code == 302


# What was sent ---------------------------------------------------------------------


@pytest.fixture
def tegal():
    return GovernmentFactory()


def sent_for(government, **details):
    return DeliveryFactory(message__scope=government.code, **details)


@pytest.fixture
def secretary(client, tegal):
    user = SecretariatFactory(government=tegal)
    client.force_login(user)
    return user


@pytest.mark.usefixtures("secretary")
def test_secretariat_sees_what_was_sent_in_its_name(client, tegal):
    mover = AuthorFactory(institution=InstitutionFactory(government=tegal))
    own = [sent_for(tegal, message__recipient=mover), sent_for(tegal)]
    # The same person, told by another government: not for these eyes.
    sent_for(GovernmentFactory(), message__recipient=mover)
    DeliveryFactory(message__recipient=mover)

    response = client.get(SENT)

    assert list(response.context["page"].object_list) == own[::-1]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("", {"pending", "sent", "failed", "bounced"}),
        ("sent", {"sent"}),
        ("failed", {"failed"}),
        ("pending", {"pending"}),
        ("bounced", {"bounced"}),
        ("nonsense", {"pending", "sent", "failed", "bounced"}),
    ],
)
@pytest.mark.usefixtures("secretary")
def test_sent_messages_are_filtered_by_state(client, tegal, state, expected):
    sent_for(tegal)
    sent_for(tegal, state="sent", sent_at=MOMENT)
    sent_for(tegal, state="failed", error="The address was refused")
    sent_for(tegal, state="bounced", sent_at=MOMENT)

    response = client.get(SENT, {"keadaan": state})

    assert {row.state for row in response.context["page"].object_list} == expected
    assert [tab["count"] for tab in response.context["tabs"]] == [4, 1, 1, 1, 1, 0]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.usefixtures("secretary")
def test_delivery_list_query_count(client, tegal, django_assert_num_queries, count):
    for _ in range(count):
        sent_for(tegal)

    # user, roles, counts, pages, page, unread, juror
    with django_assert_num_queries(7):
        response = client.get(SENT)

    assert len(response.context["page"].object_list) == count


def test_only_a_secretariat_sees_what_was_sent(client, tegal):
    people = [
        LeaderFactory(government=tegal),
        InstitutionAdminFactory(institution=InstitutionFactory(government=tegal)),
        AuthorFactory(institution=InstitutionFactory(government=tegal)),
        UserFactory(),
    ]
    answers = []

    for user in people:
        client.force_login(user)
        answers.append(client.get(SENT).status_code)

    assert answers == [404, 404, 404, 404]


def test_role_that_has_ended_opens_nothing(client, tegal):
    user = UserFactory()
    MembershipFactory(
        user=user,
        role="secretariat",
        government=tegal,
        from_date=date(2020, 1, 1),
        to_date=date(2021, 1, 1),
    )
    client.force_login(user)

    assert client.get(SENT).status_code == 404


# Demo mailbox ----------------------------------------------------------------------


def test_demo_mailbox_exists_in_the_demo_only(client, settings):
    settings.DEMO = False
    outside = client.get(DEMO).status_code
    settings.DEMO = True

    assert (outside, client.get(DEMO).status_code) == (404, 200)


def test_demo_mail_is_shown_as_text(client, settings):
    settings.DEMO = True
    content = letter().replace(
        b"Teks surat.", b"<script>x</script> https://a.example/b"
    )
    name = mailbox.store(settings.MAIL_SINK_DIR, content, MOMENT).name

    listed = client.get(DEMO)
    shown = client.get(DEMO, {"surat": name})

    assert [mail.name for mail in listed.context["mails"]] == [name]
    assert b"&lt;script&gt;x&lt;/script&gt;" in shown.content
    assert b"<script>x" not in shown.content
    assert b'href="https://a.example/b"' in shown.content


def test_absent_demo_mail_is_not_found(client, settings):
    settings.DEMO = True

    assert client.get(DEMO, {"surat": "../settings.py"}).status_code == 404


def test_addresses_are_those_people_read_aloud():
    assert reverse("notifications:message_list") == LIST
    assert reverse("notifications:delivery_list") == SENT
    assert reverse("notifications:demo_mailbox") == DEMO

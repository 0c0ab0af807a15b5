"""The pages of broadcasts, and who may see which."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEntry
from monitoring import sending, services
from monitoring.models import Broadcast
from notifications.models import Message
from submissions.models import ProposalState
from tests.factories.accounts import AuthorFactory, MembershipFactory
from tests.factories.monitoring import BroadcastFactory
from tests.factories.submissions import ProposalFactory
from tests.submissions.conftest import make_city

pytestmark = pytest.mark.django_db
LIST = "monitoring:broadcast_list"


@pytest.fixture
def city():
    return make_city(at=None)


@pytest.fixture
def secretary(client, city):
    client.force_login(city.secretary)
    return city.secretary


def written(city, group="authors", **fields):
    needs_round = group not in {"authors", "admins", "institution"}
    return BroadcastFactory(
        government=city.government,
        group=group,
        round=city.round if needs_round else None,
        written_by=city.secretary,
        **fields,
    )


def page(name, broadcast):
    return reverse(f"monitoring:broadcast_{name}", args=[broadcast.key])


def counted(response):
    """The number of people on the partial of the page, if it shows one."""
    found = re.search(r"<strong>(\d+)", response.content.decode())
    return int(found[1]) if found else None


def compete(city, person):
    """Let `person` also work for an institution that competes."""
    MembershipFactory(user=person, institution=city.institution)
    ProposalFactory(round=city.round, institution=city.institution)


@pytest.mark.parametrize("row_count", [1, 3])
def test_list_query_count(
    client, city, secretary, row_count, django_assert_num_queries
):
    for _number in range(row_count):
        written(city)
    client.get(reverse(LIST))

    # Session, person, roles, count, rows, unread notices.
    with django_assert_num_queries(6):
        response = client.get(reverse(LIST))

    assert len(response.context["page"]) == row_count


@pytest.mark.parametrize("people_count", [1, 3])
def test_page_query_count(
    client, city, secretary, people_count, django_assert_num_queries
):
    AuthorFactory.create_batch(people_count, institution=city.institution)
    broadcast = written(city)
    client.get(page("detail", broadcast))

    # Session, person, roles, broadcast, memberships, people, the look noted, notices.
    with django_assert_num_queries(8):
        response = client.get(page("detail", broadcast))

    assert response.context["count"] == people_count + 2


def test_written_tried_ordered_and_called_back(client, city, secretary):
    data = {"group": "authors", "subject": "Undangan", "body": "Silakan\r\n\r\nhadir."}
    response = client.post(reverse("monitoring:broadcast_create"), data)
    broadcast = Broadcast.objects.get()
    assert response.url == broadcast.get_absolute_url()
    assert broadcast.body == "Silakan\n\nhadir."

    client.post(page("edit", broadcast), data | {"subject": "Undangan klinik"})
    client.post(page("try", broadcast))
    assert Message.objects.get().recipient == secretary

    seen = client.get(page("detail", broadcast)).context["count"]
    client.post(page("order", broadcast), {"jumlah": str(seen)})
    broadcast.refresh_from_db()
    assert (broadcast.state, broadcast.subject) == ("scheduled", "Undangan klinik")
    assert b"data-undo" in client.get(page("detail", broadcast)).content

    client.post(page("undo", broadcast))
    broadcast.refresh_from_db()
    assert broadcast.is_draft

    client.post(page("delete", broadcast))
    assert not Broadcast.objects.exists()


@pytest.mark.parametrize("number", ["", "0", "-1", "abc", "1e3", "99", "٢", "2" * 20])
def test_wrong_number_orders_nothing(client, city, secretary, number):
    broadcast = written(city)

    client.post(page("order", broadcast), {"jumlah": number})

    broadcast.refresh_from_db()
    assert broadcast.is_draft


@pytest.mark.parametrize(
    ("typed", "is_ordered"), [("", False), ("1", False), ("2", True), ("2.", True)]
)
def test_many_people_need_their_number_typed(
    client, city, secretary, monkeypatch, typed, is_ordered
):
    monkeypatch.setattr(services, "MANY", 1)
    broadcast = written(city)
    assert b"confirmation" in client.get(page("detail", broadcast)).content

    client.post(page("order", broadcast), {"jumlah": "2", "confirmation": typed})

    broadcast.refresh_from_db()
    assert broadcast.is_scheduled == is_ordered


@pytest.mark.parametrize(
    "wrong",
    [
        {"group": "drafts"},
        {"group": "institution"},
        {"group": "semua"},
        {"subject": ""},
        {"body": " "},
        {"subject": "x" * 151},
        {"round": "999999"},
        {"institution": "abc", "group": "institution"},
    ],
)
def test_page_says_what_is_wrong(client, city, secretary, wrong):
    data = {"group": "authors", "subject": "a", "body": "b"}

    response = client.post(reverse("monitoring:broadcast_create"), data | wrong)

    assert response.status_code == 422
    assert not Broadcast.objects.exists()


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"group": "authors"}, 2),
        ({"group": "admins"}, 1),
        ({"group": "waiting"}, None),
        ({"group": "institution"}, None),
        ({}, None),
    ],
)
def test_count_while_writing(client, city, secretary, asked, count):
    response = client.get(
        reverse("monitoring:broadcast_create"), asked, headers={"HX-Request": "true"}
    )

    assert counted(response) == count


def test_finished_page_shows_what_became_of_it(client, city, secretary):
    broadcast = written(city)
    at = timezone.now() - timedelta(hours=1)
    services.order_broadcast(broadcast=broadcast, seen=2, actor=secretary, at=at)
    later = at + timedelta(minutes=10)
    services.start_broadcasts(at=later)
    sending.send(broadcast_id=broadcast.pk, at=later)

    context = client.get(page("detail", broadcast)).context

    assert (context["told"], context["left_out"]) == (2, 0)
    assert context["mails"]["waiting"] == 2


def test_looking_at_the_list_of_people_is_noted(client, city, secretary):
    client.get(page("detail", written(city)))

    entry = AccessEntry.objects.get(what__contains="Undangan klinik inovasi")
    assert set(entry.subjects) == {city.author.pk, city.head.pk}


def test_only_who_got_it_reads_it(client, city):
    broadcast = written(city)
    stranger = AuthorFactory(institution=city.institution)
    client.force_login(stranger)
    assert client.get(page("read", broadcast)).status_code == 404

    services.try_broadcast(broadcast=broadcast, actor=city.author, at=timezone.now())
    client.force_login(city.author)
    response = client.get(page("read", broadcast))

    assert response.status_code == 200
    assert "Silakan hadir." in response.content.decode()


@pytest.mark.parametrize("group", ["waiting", "drafts", "submitted", "jurors"])
def test_who_competes_neither_sees_nor_writes_to_groups_of_the_round(
    client, city, secretary, group
):
    broadcast = written(city, group)
    assert client.get(page("detail", broadcast)).status_code == 200
    compete(city, secretary)

    assert client.get(page("detail", broadcast)).status_code == 404
    assert client.post(page("order", broadcast)).status_code == 404
    assert len(client.get(reverse(LIST)).context["page"]) == 0
    data = {"group": group, "round": city.round.slug, "subject": "a", "body": "b"}
    response = client.post(reverse("monitoring:broadcast_create"), data)
    assert response.status_code == 422
    answer = client.get(
        reverse("monitoring:broadcast_create"),
        {"group": group, "round": city.round.slug},
        headers={"HX-Request": "true"},
    )
    assert counted(answer) is None


def test_who_competes_still_writes_to_everybody(client, city, secretary):
    compete(city, secretary)

    assert client.get(page("detail", written(city))).status_code == 200


def test_broadcast_of_another_government_is_not_found(client, city, secretary):
    other = make_city(at=None)
    broadcast = written(other)
    ProposalFactory(
        round=other.round, institution=other.institution, state=ProposalState.DRAFT
    )

    for name in ("detail", "edit", "read"):
        assert client.get(page(name, broadcast)).status_code == 404
    for name in ("try", "order", "undo", "delete"):
        assert client.post(page(name, broadcast)).status_code == 404
    data = {"group": "drafts", "round": other.round.slug, "subject": "a", "body": "b"}
    response = client.post(reverse("monitoring:broadcast_create"), data)
    assert response.status_code == 422


def test_page_offers_no_calling_back_once_the_time_is_over(client, city, secretary):
    at = timezone.now()
    broadcast = written(city)
    services.order_broadcast(
        broadcast=broadcast, seen=2, actor=secretary, at=at - timedelta(minutes=11)
    )

    response = client.get(page("detail", broadcast))

    assert Broadcast.objects.get().is_scheduled  # the clock has not come by yet
    assert page("undo", broadcast) not in response.content.decode()
    assert "data-undo-reload" in response.content.decode()

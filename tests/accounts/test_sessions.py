"""Sessions: seen, ended, over in time; and powerless as soon as the person is."""

from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as project_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import services
from accounts.models import Membership
from accounts.sessions import BEGAN, SEEN, session_name
from core.models import AuditEntry
from tests.factories.accounts import PASSWORD, AuthorFactory, UserFactory

pytestmark = pytest.mark.django_db

LOGIN = "/akun/masuk/"
LIST = "/akun/sesi/"
LEFT = "/akun/sesi/sisa/"
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120 Mobile"


def sign_in(user, client=None, **details):
    client = client or Client(**details)
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    return client


def is_in(client):
    return client.get(LEFT).status_code == 200


def shift(client, **deltas):
    """Move the times of the session back, as if they had passed."""
    session = client.session
    for key, minutes in deltas.items():
        session[key] -= minutes * 60
    session.save()


# Seen and ended -----------------------------------------------------------------------


def test_list_names_devices_and_marks_this_one():
    user = UserFactory()
    this = sign_in(user)
    sign_in(user, HTTP_USER_AGENT=PHONE, REMOTE_ADDR="198.51.100.9")
    sign_in(UserFactory())

    page = this.get(LIST)

    sessions = page.context["sessions"]
    assert [(each.is_this, each.ip) for each in sessions] == [
        (True, "127.0.0.1"),
        (False, "198.51.100.9"),
    ]
    assert "Chrome" in sessions[1].device
    assert "Android" in sessions[1].device


@pytest.mark.parametrize("row_count", [1, 3])
def test_list_query_count(row_count):
    user = UserFactory()
    clients = [sign_in(user) for _number in range(row_count)]

    with CaptureQueriesContext(connection) as asked:
        page = clients[0].get(LIST)

    assert len(page.context["sessions"]) == row_count
    # person, open sessions; and the frame: roles, jury, bodies, unread messages
    assert len(asked) <= 7


def test_one_session_is_ended_from_another():
    user = UserFactory()
    this, other = sign_in(user), sign_in(user)
    key = other.session.session_key
    name = session_name(UserSession.objects.get(session_key=key))

    answer = this.post(f"{LIST}{name}/akhiri/")

    assert answer.url == LIST
    assert (is_in(this), is_in(other)) == (True, False)
    assert AuditEntry.objects.get(action="session.ended").actor == user


def test_session_of_somebody_else_is_not_there():
    mine, theirs = sign_in(UserFactory()), sign_in(UserFactory())
    session = UserSession.objects.get(session_key=theirs.session.session_key)

    answer = mine.post(f"{LIST}{session_name(session)}/akhiri/")

    assert answer.status_code == 404
    assert is_in(theirs)


def test_all_others_are_ended_at_once():
    user = UserFactory()
    this, *others = [sign_in(user) for _number in range(3)]

    this.post(f"{LIST}akhiri/")

    assert is_in(this)
    assert [is_in(each) for each in others] == [False, False]


# Over in time -------------------------------------------------------------------------


def test_session_ends_after_half_an_hour_without_a_sign_of_life():
    client = sign_in(UserFactory())
    shift(client, seen_at=29)
    assert is_in(client)  # and this was a sign of life
    shift(client, seen_at=32)

    answer = client.get("/beranda/")

    assert answer.url.startswith(LOGIN)
    assert "_auth_user_id" not in client.session
    assert UserSession.objects.count() == 0


def test_background_requests_are_no_sign_of_life_and_autosaves_are():
    user = UserFactory()
    poll, save = sign_in(user), sign_in(user)
    for client in (poll, save):
        shift(client, seen_at=20)

    poll.get(LEFT, headers={"X-Background": "1"})
    save.post("/akun/sesi/lanjut/", headers={"X-Requested-With": "autosave"})
    for client in (poll, save):
        shift(client, seen_at=12)

    assert (is_in(poll), is_in(save)) == (False, True)


def test_session_ends_after_a_day_of_work_however_busy():
    client = sign_in(UserFactory())
    session = client.session
    session[BEGAN] -= project_settings.SESSION_COOKIE_AGE + 60
    session.save()

    assert not is_in(client)


def test_idle_minutes_are_a_setting(settings):
    settings.IDLE_MINUTES = 5
    client = sign_in(UserFactory())
    shift(client, seen_at=7)

    assert not is_in(client)


def test_sign_of_life_is_noted_once_a_minute():
    client = sign_in(UserFactory())
    with CaptureQueriesContext(connection) as fresh:
        client.get(LEFT)
    shift(client, seen_at=2)
    long_ago = timezone.now() - timedelta(hours=1)
    UserSession.objects.update(last_seen_at=long_ago)
    with CaptureQueriesContext(connection) as later:
        client.get(LEFT)
    with CaptureQueriesContext(connection) as again:
        client.get(LEFT)

    assert len(fresh) == len(again) == 1
    assert len(later) > 1
    assert UserSession.objects.get().last_seen_at > long_ago


def test_time_left_is_told_and_prolonged():
    client = sign_in(UserFactory())
    shift(client, seen_at=20)

    asked = client.get(LEFT, headers={"X-Background": "1"}).json()
    stayed = client.post("/akun/sesi/lanjut/").json()

    assert 10 * 60 <= asked["seconds"] <= 11 * 60
    assert stayed["seconds"] >= 30 * 60
    assert asked["can_extend"] is True


def test_end_of_the_day_cannot_be_put_off():
    client = sign_in(UserFactory())
    session = client.session
    session[BEGAN] -= project_settings.SESSION_COOKIE_AGE - 90
    session.save()

    left = client.post("/akun/sesi/lanjut/").json()

    assert left["can_extend"] is False
    assert left["seconds"] <= 90


def test_fragment_of_a_page_is_not_replaced_by_the_sign_in_page():
    client = Client()
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/proposal/?a=1"}

    answer = client.get("/beranda/", headers=htmx, follow=True)
    poll = client.get("/beranda/", headers=htmx | {"X-Background": "1"}, follow=True)

    assert answer["HX-Redirect"] == f"{LOGIN}?next=%2Fproposal%2F"
    assert answer.content == b""
    assert poll.status_code == 286


# Powerless at the next request --------------------------------------------------------


def test_account_switched_off_is_powerless_at_the_next_request():
    user = AuthorFactory()
    client = sign_in(user)
    assert client.get("/beranda/").status_code == 200

    user.is_active = False
    user.save(update_fields=["is_active"])

    assert client.get("/beranda/").url.startswith(LOGIN)


def test_role_ended_is_powerless_at_the_next_request():
    user = AuthorFactory()
    membership = user.membership_set.get()
    client = sign_in(user)
    before = client.get("/beranda/").wsgi_request.user.current_memberships

    Membership.objects.filter(pk=membership.pk).update(
        to_date=timezone.localdate() - timedelta(days=1)
    )

    assert before == [membership]
    assert client.get("/beranda/").wsgi_request.user.current_memberships == []


def test_new_password_by_link_ends_every_session(client):
    user = UserFactory()
    inside = sign_in(user)

    user.set_password("sandi-lain-yang-panjang")
    user.save(update_fields=["password"])

    assert not is_in(inside)


def test_sessions_are_kept_in_seconds():
    client = sign_in(UserFactory())

    for key in (BEGAN, SEEN):
        noted = datetime.fromtimestamp(client.session[key], tz=timezone.now().tzinfo)
        assert abs(timezone.now() - noted) < timedelta(seconds=30)


def test_ending_all_sessions_of_a_person_counts_them():
    user = UserFactory()
    for _number in range(2):
        sign_in(user)

    assert services.end_sessions(user=user, at=timezone.now()) == 2

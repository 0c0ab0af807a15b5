from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import AccessEntry, DataRequest, User
from core.models import AuditEntry
from tests.factories.accounts import (
    PASSWORD,
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.privacy import AccessEntryFactory, DataRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def city():
    return GovernmentFactory()


@pytest.fixture
def author(city):
    return AuthorFactory(institution=InstitutionFactory(government=city))


@pytest.fixture
def secretariat(client, city):
    user = SecretariatFactory(government=city)
    client.force_login(user)
    return user


PROFILE = {
    "name": "  Budi   Santoso ",
    "employee_number": "19800101.200501.1.001",
    "phone": "0812 3456 7890",
    "language": "en",
}


def save_profile(client, user, **changed):
    client.force_login(user)
    return client.post(reverse("accounts:profile_edit"), PROFILE | changed)


def test_profile_is_kept_in_one_form(client, author):
    response = save_profile(client, author)

    author.refresh_from_db()
    assert response.status_code == 302
    assert (author.name, author.employee_number, author.phone, author.language) == (
        "Budi Santoso",
        "198001012005011001",
        "0812 3456 7890",
        "en",
    )
    assert client.cookies["django_language"].value == "en"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "123"),
        ("name", "x" * 151),
        ("employee_number", "3376010101800001"),
        ("employee_number", "19801301 200501 1 001"),
        ("phone", "hubungi saya"),
        ("phone", "0812"),
        ("phone", "+62 812 3456 7890 1234 5678"),
        ("language", "xx"),
    ],
)
def test_profile_with_wrong_values_is_not_saved(client, author, field, value):
    response = save_profile(client, author, **{field: value})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not AuditEntry.objects.exists()


def test_profile_cannot_raise_its_own_rights(client, author):
    save_profile(
        client, author, is_system_admin="on", is_active="", email="x@y.example"
    )

    changed = User.objects.get(pk=author.pk)
    assert (changed.is_system_admin, changed.email) == (False, author.email)


def test_sign_in_is_in_the_history(client, author):
    client.post(
        reverse("account_login"),
        {"login": author.email, "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile"},
        REMOTE_ADDR="10.1.2.3",
    )

    entry = AccessEntry.objects.get()
    assert (entry.subjects, entry.address, entry.device) == (
        [author.pk],
        "10.1.2.3",
        "Chrome on Android",
    )


def test_failed_sign_in_is_not_in_the_history(client, author):
    client.post(
        reverse("account_login"), {"login": author.email, "password": "salah-sekali-1"}
    )

    assert not AccessEntry.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_history_query_count(client, author, django_assert_max_num_queries, count):
    AccessEntryFactory.create_batch(count, subjects=[author.pk])
    client.force_login(author)
    client.get(reverse("accounts:access_list"))

    with django_assert_max_num_queries(10):
        response = client.get(reverse("accounts:access_list"))

    assert len(response.context["page"].object_list) == count


def test_history_shows_own_entries_only(client, author):
    other = AccessEntryFactory(what="rahasia orang lain")
    own = AccessEntryFactory(subjects=[author.pk, other.actor_id], what="daftar orang")
    client.force_login(author)

    response = client.get(reverse("accounts:access_list"))

    assert list(response.context["page"].object_list) == [own]
    assert "rahasia" not in response.text
    assert "jenis=masuk" in response.text
    filtered = client.get(reverse("accounts:access_list"), {"jenis": "masuk"})
    assert list(filtered.context["page"].object_list) == []


# Requests -----------------------------------------------------------------------------


def test_request_is_sent_and_shown(client, author):
    client.force_login(author)
    url = reverse("accounts:data_request_list")

    client.post(url, {"kind": "correction", "text": "Gelar saya salah."})
    response = client.get(url)

    assert "Gelar saya salah." in response.text
    assert "days" in response.text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "correction", "text": "   "},
        {"kind": "semua", "text": "x"},
        {"kind": "correction", "text": "x" * 4001},
    ],
)
def test_request_without_sense_is_not_sent(client, author, data):
    client.force_login(author)

    response = client.post(reverse("accounts:data_request_list"), data)

    assert response.status_code == 200
    assert not DataRequest.objects.exists()


def test_request_sent_twice_is_one(client, author):
    client.force_login(author)
    url, data = reverse("accounts:data_request_list"), {"kind": "other", "text": "Apa?"}

    client.post(url, data)
    again = client.post(url, data)

    assert again.status_code == 200
    assert DataRequest.objects.count() == 1


def make_request(author, city, **fields):
    now = timezone.now()
    return DataRequestFactory(
        user=author, governments=[city], created_at=now - timedelta(hours=1), **fields
    )


def test_answer_page_notes_who_looked(client, author, city, secretariat):
    made = make_request(author, city)

    client.get(reverse("accounts:data_request_answer", args=[made.code]))

    entry = AccessEntry.objects.get()
    assert (entry.actor, entry.subjects) == (secretariat, [author.pk])


def test_deletion_is_granted_only_with_the_box_ticked(
    client, author, city, secretariat
):
    made = make_request(author, city, kind=DataRequest.Kind.DELETION)
    url = reverse("accounts:data_request_answer", args=[made.code])
    data = {"state": "granted", "answer": "Kami hapus."}

    refused = client.post(url, data)
    author.refresh_from_db()
    assert list(refused.context["form"].errors) == ["confirmation"]
    assert author.is_active

    client.post(url, data | {"confirmation": "on"})
    author.refresh_from_db()
    assert author.pseudonymised_at


def test_refusing_a_deletion_needs_no_box(client, author, city, secretariat):
    made = make_request(author, city, kind=DataRequest.Kind.DELETION)

    client.post(
        reverse("accounts:data_request_answer", args=[made.code]),
        {"state": "refused", "answer": "Hasil sudah disegel."},
    )

    made.refresh_from_db()
    assert made.state == DataRequest.State.REFUSED


@pytest.mark.parametrize("state", ["open", "cancelled", "", "x"])
def test_answer_of_no_kind_is_refused(client, author, city, secretariat, state):
    made = make_request(author, city)

    response = client.post(
        reverse("accounts:data_request_answer", args=[made.code]),
        {"state": state, "answer": "Ya."},
    )

    assert list(response.context["form"].errors) == ["state"]
    made.refresh_from_db()
    assert made.is_open


def test_answered_twice_says_so(client, author, city, secretariat):
    made = make_request(author, city)
    url = reverse("accounts:data_request_answer", args=[made.code])
    client.post(url, {"state": "granted", "answer": "Ya."})

    response = client.post(url, {"state": "refused", "answer": "Tidak."}, follow=True)

    made.refresh_from_db()
    assert made.state == DataRequest.State.GRANTED
    assert "answered or taken back already" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_queue_query_count(
    client, city, secretariat, django_assert_max_num_queries, count
):
    for _number in range(count):
        make_request(UserFactory(), city)
    url = reverse("accounts:data_request_queue", args=[city.slug])
    client.get(url)

    with django_assert_max_num_queries(12):
        response = client.get(url)

    assert len(response.context["page"].object_list) == count
    assert AccessEntry.objects.count() == 2  # one for each look at the list


def test_dashboard_tells_who_answers_of_what_waits(client, author, city, secretariat):
    make_request(author, city)

    step = client.get(reverse("dashboard")).context["dashboard"].next_steps[0]

    assert step.url == reverse("accounts:data_request_queue", args=[city.slug])
    assert step.title == "1 request about personal data waits for your answer"


def test_dashboard_of_others_does_not_tell(client, author, city):
    make_request(author, city)
    client.force_login(author)

    steps = client.get(reverse("dashboard")).context["dashboard"].next_steps

    assert not any("personal data" in step.title for step in steps)


# Language -----------------------------------------------------------------------------


def test_language_is_kept_in_the_browser(client, settings):
    settings.LANGUAGE_CODE = "id"
    with translation.override("id"):
        client.post(reverse("set_language"), {"language": "en", "next": "/privasi/"})
        response = client.get(reverse("privacy"))

    assert "Your rights" in response.text
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize(
    "next_url",
    ["//jahat.example/", "https:jahat.example", "\\\\jahat.example", "javascript:x()"],
)
def test_language_leads_nowhere_else(client, next_url):
    response = client.post(
        reverse("set_language"), {"language": "en", "next": next_url}
    )

    assert response["Location"].startswith("/")
    assert not response["Location"].startswith(("//", "/\\"))


def test_unknown_language_is_not_spoken(client):
    client.cookies["django_language"] = "../../etc"

    assert client.get(reverse("privacy")).status_code == 200


# The notice ---------------------------------------------------------------------------


def test_notice_names_the_officer_or_the_secretariat(client):
    GovernmentFactory(
        protection_officer_name="Siti Aminah",
        protection_officer_contact="pdp@a.example",
    )
    GovernmentFactory(secretariat_name="Bagian Organisasi B", contact="(0283) 1")

    page = client.get(reverse("privacy")).text

    for words in ("Siti Aminah", "pdp@a.example", "Bagian Organisasi B", "(0283) 1"):
        assert words in page


def test_notice_names_every_cookie_that_is_set(client, author):
    save_profile(client, author)
    page = client.get(reverse("privacy")).text
    client.post(reverse("account_login"), {"login": author.email, "password": PASSWORD})

    assert [name for name in client.cookies if name not in page] == []

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import AccessEntry
from competitions.models import Attachment, Event, Registration
from documents.models import IssuedDocument
from tests.competitions.views import text_of, url
from tests.factories import competitions as make
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionFactory,
    SecretariatFactory,
)
from tests.factories.events import (
    AttachmentFactory,
    EventFactory,
    RegistrationFactory,
)
from tests.factories.submissions import tiny_pdf

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
DAY = timedelta(days=1)
TYPED = {
    "kind": "workshop",
    "name": "Lokakarya",
    "starts_at": "1 Feb 2099, 08.00",
    "ends_at": "1 Feb 2099, 12.00",
    "place": "Aula",
    "takes_registrations": "on",
    "capacity": "40",
}


@pytest.fixture
def author(client, city):
    """Somebody who writes for an institution of the city, and has signed in."""
    user = AuthorFactory(institution=InstitutionFactory(government=city))
    client.force_login(user)
    return user


# For everybody -----------------------------------------------------------------------


@pytest.mark.parametrize("row_count", [1, 3])
def test_event_list_query_count(client, author, django_assert_num_queries, row_count):
    EventFactory.create_batch(row_count)
    EventFactory(starts_at=timezone.now() - DAY)
    EventFactory(round__opened_at=None)

    # session, user, count, events, own places
    with django_assert_num_queries(4):
        response = client.get(url("event_list"))

    assert len(response.context["rows"]) == row_count


def test_event_page_shows_the_link_to_those_with_a_place_only(client, author):
    event = EventFactory(link="https://rapat.example/rahasia")
    page = event.get_absolute_url()

    before = text_of(client.get(page))
    RegistrationFactory(event=event, user=author, state="waiting")
    waiting = text_of(client.get(page))
    Registration.objects.update(state="confirmed", confirmed_at=timezone.now())
    with_place = text_of(client.get(page))

    assert "rahasia" not in before + waiting
    assert "rahasia" in with_place
    assert "<svg" in with_place
    client.logout()
    assert "rahasia" not in text_of(client.get(page))


def test_event_text_is_escaped(client):
    event = EventFactory(name="<b>x</b>", description="<script>alert(1)</script>")

    page = text_of(client.get(event.get_absolute_url()))

    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_register_and_give_back_by_the_page(client, author, city):
    event = EventFactory(government=city, capacity=1)
    institution = author.current_memberships[0].institution

    client.post(url("registration_create", event.slug), {"institution": institution.pk})
    registration = Registration.objects.get()
    shown = text_of(client.get(event.get_absolute_url()))
    client.post(url("registration_cancel", event.slug))

    assert (registration.user, registration.is_confirmed) == (author, True)
    assert registration.code_grouped in shown
    registration.refresh_from_db()
    assert registration.is_cancelled


def test_register_for_a_foreign_institution_is_no_choice(client, author, city):
    event = EventFactory(government=city)
    other = InstitutionFactory(government=city)

    response = client.post(
        url("registration_create", event.slug), {"institution": other.pk}
    )

    assert "institution" in response.context["form"].errors
    assert not Registration.objects.exists()


def test_register_too_late_says_so(client, author, city):
    event = EventFactory(government=city, registration_closes_at=timezone.now())
    institution = author.current_memberships[0].institution

    response = client.post(
        url("registration_create", event.slug),
        {"institution": institution.pk},
        follow=True,
    )

    assert "Registration for this event is closed." in text_of(response)


# For the secretariat -----------------------------------------------------------------


@pytest.mark.parametrize("row_count", [1, 3])
def test_event_admin_list_counts_in_a_constant_number_of_queries(
    client, secretariat, city, django_assert_max_num_queries, row_count
):
    round = make.RoundFactory(government=city)
    for event in EventFactory.create_batch(row_count, round=round):
        RegistrationFactory.create_batch(2, event=event)
        RegistrationFactory(event=event, state="waiting")

    with django_assert_max_num_queries(9):
        response = client.get(url("event_admin_list", round.slug))

    numbers = [
        (event.confirmed, event.waiting, event.attended)
        for event in response.context["page"]
    ]
    assert numbers == [(2, 1, 0)] * row_count


def test_event_create_reads_dates_in_the_zone_and_keeps_files(
    client, secretariat, city
):
    round = make.RoundFactory(government=city)
    files = [
        SimpleUploadedFile(f"{name}.pdf", tiny_pdf(name)) for name in ("satu", "dua")
    ]

    client.post(url("event_create", round.slug), TYPED | {"attachments": files})

    event = Event.objects.get()
    assert event.starts_at.astimezone(WIB).hour == 8
    assert event.capacity == 40
    assert {each.name for each in Attachment.objects.filter(event=event)} == {
        "satu.pdf",
        "dua.pdf",
    }


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"ends_at": "1 Feb 2099, 07.00"}, {"ends_at"}),
        ({"starts_at": "kapan-kapan"}, {"starts_at"}),
        ({"place": ""}, {"place"}),
        ({"place": "", "link": "javascript:alert(1)"}, {"link"}),
        ({"capacity": "0"}, {"capacity"}),
        ({"registration_closes_at": "3 Feb 2099"}, {"registration_closes_at"}),
        ({"name": ""}, {"name"}),
    ],
)
def test_event_create_says_what_is_wrong(client, secretariat, city, typed, wrong):
    round = make.RoundFactory(government=city)

    response = client.post(url("event_create", round.slug), TYPED | typed)

    assert set(response.context["form"].errors) == wrong
    assert not Event.objects.exists()


def test_event_create_refuses_a_hostile_file(client, secretariat, city):
    round = make.RoundFactory(government=city)
    hostile = SimpleUploadedFile("materi.pdf", b"MZ this is a program")

    response = client.post(
        url("event_create", round.slug), TYPED | {"attachments": [hostile]}
    )

    assert "attachments" in response.context["form"].errors
    assert not Event.objects.exists()


def test_event_edit_shows_what_was_typed_and_saves(client, secretariat, city):
    event = EventFactory(government=city, capacity=1200)
    page = url("event_edit", event.round.slug, event.slug)

    form = client.get(page).context["form"]
    again = {
        name: form[name].value() if form[name].value() is not None else ""
        for name in form.fields
        if name != "attachments"
    }
    shown = {
        name: field.field.prepare_value(field.value())
        for name, field in ((each, form[each]) for each in again)
    }
    client.post(
        page,
        {key: value for key, value in shown.items() if value not in ("", None, False)}
        | {"name": "Baru"},
    )

    event.refresh_from_db()
    assert (event.name, event.capacity) == ("Baru", 1200)


def test_event_of_another_government_is_absent(client, secretariat):
    event = EventFactory()

    for name in ("event_edit", "event_cancel", "attendance_list"):
        assert client.get(url(name, event.round.slug, event.slug)).status_code == 404


def test_event_cancel_needs_a_reason(client, secretariat, city):
    event = EventFactory(government=city)
    page = url("event_cancel", event.round.slug, event.slug)

    client.post(page, {"reason": " "})
    event.refresh_from_db()
    assert not event.is_cancelled
    client.post(page, {"reason": "Hujan"})

    assert "Hujan" in text_of(client.get(event.get_absolute_url()))


# At the door -------------------------------------------------------------------------


@pytest.mark.parametrize("row_count", [1, 3])
def test_attendance_list_query_count(
    client, secretariat, city, django_assert_max_num_queries, row_count
):
    event = EventFactory(government=city)
    RegistrationFactory.create_batch(row_count, event=event)
    RegistrationFactory.create_batch(row_count, event=event, state="waiting")

    with django_assert_max_num_queries(9):
        response = client.get(url("attendance_list", event.round.slug, event.slug))

    assert len(response.context["confirmed"]) == row_count
    assert len(response.context["waiting"]) == row_count


def test_code_at_the_door_is_found_however_it_is_typed(client, secretariat, city):
    place = RegistrationFactory(event__government=city, code="7K3M0QX1")
    page = url("attendance_list", place.event.round.slug, place.event.slug)

    found = client.post(page, {"code": "7k3m oqxl"})
    wrong = client.post(page, {"code": "7K3M-9999"})
    elsewhere = client.post(page, {"code": RegistrationFactory().code})

    assert found.url == url("attendance_mark", "7K3M0QX1")
    assert "code" in wrong.context["form"].errors
    assert "code" in elsewhere.context["form"].errors


def test_one_press_notes_a_person_as_present(client, secretariat, city):
    place = RegistrationFactory(event__government=city, event__starts_at=timezone.now())
    page = url("attendance_mark", place.code)

    client.get(page)
    place.refresh_from_db()
    assert not place.has_attended  # opening the address notes nothing
    client.post(page)

    place.refresh_from_db()
    assert place.attendance_noted_by == secretariat
    client.post(page, {"undo": "1"})
    place.refresh_from_db()
    assert not place.has_attended


def test_guest_who_opens_their_own_code_is_led_to_the_event(client):
    place = RegistrationFactory(event__starts_at=timezone.now())
    page = url("attendance_mark", place.code)
    client.force_login(place.user)

    assert client.get(page).url == place.event.get_absolute_url()
    assert client.post(page).status_code == 404
    client.force_login(RegistrationFactory().user)
    assert client.get(page).status_code == 404


def test_list_to_sign_is_made_and_offered(
    client, secretariat, city, django_capture_on_commit_callbacks
):
    event = RegistrationFactory(event__government=city).event
    args = [event.round.slug, event.slug]

    with django_capture_on_commit_callbacks():
        client.post(url("attendance_paper", *args))

    noted = AccessEntry.objects.get(kind="export")
    assert (noted.actor, noted.scope) == (secretariat, city.code)
    assert noted.subjects == list(event.registration_set.values_list("user", flat=True))
    paper = IssuedDocument.objects.get(kind="attendance")
    assert paper.number in text_of(client.get(url("attendance_list", *args))) or (
        not paper.is_rendered
    )


# Files -------------------------------------------------------------------------------


def test_file_is_handed_out_without_running(client):
    file = AttachmentFactory(name="juknis.pdf")

    response = client.get(file.get_absolute_url())

    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_files_of_what_is_not_public_are_absent(client):
    hidden = [
        AttachmentFactory(round=make.RoundFactory(opened_at=None)),
        AttachmentFactory(
            announcement=(
                later := make.AnnouncementFactory(publish_at=timezone.now() + DAY)
            ),
            round=later.round,
        ),
    ]

    for file in hidden:
        assert client.get(file.get_absolute_url()).status_code == 404
        client.force_login(
            SecretariatFactory(government=file.round.competition.government)
        )
        response = client.get(file.get_absolute_url())
        b"".join(response.streaming_content)  # closing it would close the database
        assert response.status_code == 200
        client.logout()


def test_guideline_files_stand_on_the_page_of_the_round(client, secretariat, city):
    round = make.small_round(government=city)
    data = {
        "title": "Petunjuk teknis",
        "attachments": SimpleUploadedFile("a.pdf", tiny_pdf("a")),
    }
    page = url("guideline_edit", round.slug)

    client.post(page, data)

    file = Attachment.objects.guidelines().get()
    assert "Petunjuk teknis" in text_of(client.get(round.get_absolute_url()))
    client.post(url("attachment_delete", file.key))
    assert not Attachment.objects.exists()


def test_guideline_edit_refuses_nothing_and_twice_the_same(client, secretariat, city):
    round = make.small_round(government=city)
    page = url("guideline_edit", round.slug)
    data = {"title": "Juknis"}

    empty = client.post(page, data)
    for _time in range(2):
        last = client.post(
            page,
            data | {"attachments": SimpleUploadedFile("a.pdf", tiny_pdf("a"))},
        )

    assert "attachments" in empty.context["form"].errors
    assert "attachments" in last.context["form"].errors
    assert Attachment.objects.count() == 1

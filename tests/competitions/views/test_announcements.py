from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from competitions.models import Announcement, Attachment
from tests.competitions.views import text_of, url
from tests.factories import competitions as make
from tests.factories.submissions import tiny_pdf

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize("row_count", [1, 3])
def test_announcement_list_query_count(client, django_assert_num_queries, row_count):
    make.AnnouncementFactory.create_batch(row_count)
    make.AnnouncementFactory(publish_at=timezone.now() + timedelta(hours=1))

    with django_assert_num_queries(2):  # count, announcements
        response = client.get(url("announcement_list"))

    assert len(response.context["page"].object_list) == row_count


def test_announcement_detail_waits_for_its_moment(client):
    shown = make.AnnouncementFactory()
    waiting = make.AnnouncementFactory(publish_at=timezone.now() + timedelta(hours=1))

    assert client.get(shown.get_absolute_url()).status_code == 200
    assert client.get(waiting.get_absolute_url()).status_code == 404


def test_announcement_text_is_escaped(client):
    shown = make.AnnouncementFactory(body="<script>alert(1)</script>\n\nDua")

    page = text_of(client.get(shown.get_absolute_url()))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_announcement_create_publishes_now_or_later(client, secretariat, city):
    round = make.small_round(government=city)
    data = {"title": "Klinik", "issued_date": "1 Feb 2022", "body": "Dibuka."}
    page = url("announcement_create", round.slug)

    client.post(page, data)
    client.post(page, data | {"title": "Nanti", "publish_on": "1 Jan 2099, 08.00"})

    now, later = Announcement.objects.order_by("pk")
    assert now in Announcement.objects.published_at(timezone.now())
    assert later.publish_at == datetime(2099, 1, 1, 8, tzinfo=WIB)
    assert client.get(later.get_absolute_url()).status_code == 404


def test_announcement_create_says_what_is_wrong(client, secretariat, city):
    round = make.small_round(government=city)

    response = client.post(
        url("announcement_create", round.slug),
        {
            "title": "Klinik",
            "issued_date": "kemarin",
            "body": "",
            "publish_on": "nanti",
        },
    )

    assert set(response.context["form"].errors) == {"issued_date", "body", "publish_on"}
    assert not Announcement.objects.exists()


# Before it is public ----------------------------------------------------------------


@pytest.fixture
def coming(city):
    return make.AnnouncementFactory(
        round=make.small_round(government=city),
        publish_at=timezone.now() + timedelta(days=1),
    )


def test_announcement_is_changed_until_it_is_public(client, secretariat, coming):
    args = [coming.round.slug, coming.slug]
    data = {"title": "Baru", "issued_date": "1 Feb 2022", "body": "Isi baru."}

    client.post(
        url("announcement_edit", *args), data | {"publish_on": "1 Jan 2099, 08.00"}
    )
    coming.refresh_from_db()
    assert (coming.title, coming.publish_at.year) == ("Baru", 2099)
    client.post(url("announcement_edit", *args), data)  # now
    late = client.post(url("announcement_edit", *args), data | {"title": "Lagi"})

    coming.refresh_from_db()
    assert (coming.title, late.url) == ("Baru", coming.get_absolute_url())


def test_public_announcement_is_not_thrown_away(client, secretariat, city, coming):
    shown = make.AnnouncementFactory(round=coming.round)

    for each in (shown, coming):
        client.post(url("announcement_delete", coming.round.slug, each.slug))

    assert Announcement.objects.get() == shown


def test_announcement_carries_its_files(client, secretariat, city):
    round = make.small_round(government=city)
    client.post(
        url("announcement_create", round.slug),
        {
            "title": "Hasil",
            "issued_date": "1 Feb 2022",
            "body": "Terlampir.",
            "attachments": [SimpleUploadedFile("hasil.pdf", tiny_pdf("hasil"))],
        },
    )
    file = Attachment.objects.get()

    page = text_of(client.get(file.announcement.get_absolute_url()))

    assert file.get_absolute_url() in page
    client.post(url("attachment_delete", file.key))
    assert Attachment.objects.exists()  # it is public already

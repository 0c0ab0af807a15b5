from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from competitions.models import Competition, Round
from tests.competitions.views import text_of, url
from tests.factories import competitions as make
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    LeaderFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.events import AttachmentFactory, EventFactory

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize("name", ["round_admin_list", "round_create"])
@pytest.mark.parametrize(
    ("factory", "status"),
    [(SecretariatFactory, 200), (LeaderFactory, 404), (UserFactory, 404)],
)
def test_rounds_are_made_by_secretariats(client, name, factory, status):
    client.force_login(factory())

    assert client.get(url(name)).status_code == status


def test_round_in_preparation_is_a_preview_for_its_secretariat(
    client, secretariat, city
):
    round = make.small_round(government=city, opened_at=None)
    page = round.get_absolute_url()

    assert "Preview" in text_of(client.get(page))
    client.logout()
    assert client.get(page).status_code == 404
    client.force_login(AuthorFactory())
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("row_count", [1, 3])
def test_round_list_query_count(client, django_assert_num_queries, row_count):
    make.RoundFactory.create_batch(row_count)
    make.RoundFactory(opened_at=None)

    with django_assert_num_queries(3):  # count, rounds, stages
        response = client.get(url("round_list"))

    assert len(response.context["rows"]) == row_count


@pytest.mark.parametrize("row_count", [1, 3])
def test_round_detail_query_count(client, django_assert_num_queries, row_count):
    round = make.small_round()
    make.CategoryFactory.create_batch(row_count, round=round)
    make.AnnouncementFactory.create_batch(row_count, round=round)
    EventFactory.create_batch(row_count, round=round)
    AttachmentFactory.create_batch(row_count, round=round)

    # round, 13 for its parts, announcements, events, files
    with django_assert_num_queries(17):
        response = client.get(round.get_absolute_url())

    assert len(response.context["announcements"]) == row_count


def test_round_detail_counts_down_while_proposals_are_taken(client):
    taking = make.small_round(phase="submission")
    judging = make.small_round(phase="scoring")

    assert "data-countdown" in text_of(client.get(taking.get_absolute_url()))
    assert "data-countdown" not in text_of(client.get(judging.get_absolute_url()))


def test_round_detail_names_winners_only_from_their_announcement_on(client):
    before = make.small_round(phase="scoring")
    after = make.small_round(phase="ceremony")

    assert not client.get(before.get_absolute_url()).context["shows_winners"]
    assert client.get(after.get_absolute_url()).context["shows_winners"]


def test_round_detail_shows_times_of_its_own_zone(client):
    round = make.small_round(government=GovernmentFactory(time_zone="Asia/Jayapura"))
    closing = datetime(2099, 3, 31, 23, 30, tzinfo=WIB)
    round.stage_set.filter(kind="submission").update(closes_at=closing)
    round.stage_set.exclude(kind__in=["submission", "kickoff"]).delete()

    page = text_of(client.get(round.get_absolute_url()))

    # 23.30 WIB is 01.30 of the next day in WIT.
    assert "Wednesday, 1 April 2099 at 01.30 WIT" in page
    assert "WIB" not in page


@pytest.mark.parametrize("row_count", [1, 3])
def test_round_admin_list_query_count(
    client, secretariat, city, django_assert_num_queries, row_count
):
    make.RoundFactory.create_batch(row_count, government=city)
    make.RoundFactory(government=city, opened_at=None, phase="")
    make.RoundFactory()

    # user, memberships, count, rounds, stages, panels, unread messages
    with django_assert_num_queries(7):
        response = client.get(url("round_admin_list"))

    assert len(response.context["rows"]) == row_count + 1


def test_a_secretariat_opens_its_fifth_round_by_the_browser_only(client, secretariat):
    """From an empty portal to an open round, each step through its form."""
    city = secretariat.current_memberships[0].government

    response = client.post(
        url("round_create"),
        {
            "competition": "+",
            "series_name": "KIPP Kota Tegal",
            "government": city.pk,
            "year": "2022",
            "edition": "5",
            "theme": "Percepatan inovasi pelayanan publik",
            "organiser": "Bagian Organisasi",
            "preset": "national-2023",
            "first_day": "",
        },
    )
    round = Round.objects.get()
    assert response.url == url("round_setup", round.slug)
    assert (round.slug, round.name) == ("kipp-kota-tegal-2022", "KIPP Kota Tegal 2022")
    page = client.get(response.url)
    assert [each.label for each in page.context["problems"]] == ["Calendar", "Calendar"]

    refused = client.post(url("round_open", round.slug), follow=True)
    round.refresh_from_db()
    assert not round.is_opened
    assert "The round is not opened." in text_of(refused)

    last = timezone.localdate() + timedelta(days=400)
    saved = client.post(
        url("stage_edit", round.slug),
        {
            "kickoff-opens": "31 Jan 2022, 08.00",
            "kickoff-closes": "31 Januari 2022",
            "kickoff-closing_time": "12.00",
            "kickoff-place": "Gedung Adipura",
            "submission-opens": "1/2/2022",
            "submission-closes": f"{last.day}/{last.month}/{last.year}",
            "submission-closing_time": "23.59",
            "scoring-opens": f"{last.day}/{last.month}/{last.year + 1}",
            "scoring-closes": f"{last.day}/{last.month}/{last.year + 2}",
            "scoring-closing_time": "",
        },
    )
    assert saved.status_code == 302
    stages = {stage.kind: stage for stage in round.stage_set.all()}
    assert set(stages) == {"kickoff", "submission", "scoring"}
    assert stages["kickoff"].opens_at == datetime(2022, 1, 31, 8, tzinfo=WIB)
    assert stages["kickoff"].place == "Gedung Adipura"
    assert stages["submission"].opens_at == datetime(2022, 2, 1, tzinfo=WIB)
    assert stages["submission"].closes_at.astimezone(WIB).time().isoformat() == (
        "23:59:59"
    )
    assert stages["scoring"].closes_at.astimezone(WIB).hour == 16

    opened = client.post(url("round_open", round.slug))
    round.refresh_from_db()
    assert opened.url == round.get_absolute_url()
    assert round.is_opened
    client.logout()
    assert "KIPP Kota Tegal 2022" in text_of(client.get(url("round_list")))


def test_round_create_proposes_the_next_of_the_series(client, secretariat, city):
    make.RoundFactory(
        government=city,
        competition__slug="kipp-kota-tegal",
        year=timezone.localdate().year + 1,
        edition=5,
    )

    form = client.get(url("round_create")).context["form"]

    assert form["competition"].value() == "kipp-kota-tegal"
    assert form["edition"].value() == 6
    assert form["year"].value() == timezone.localdate().year + 2


def test_round_create_lays_out_a_calendar_from_the_kickoff(client, secretariat, city):
    competition = make.CompetitionFactory(government=city)

    client.post(
        url("round_create"),
        {
            "competition": competition.slug,
            "government": city.pk,
            "year": "2027",
            "edition": "1",
            "theme": "Tema",
            "organiser": "Bagian Organisasi",
            "preset": "national-2023",
            "first_day": "senin, 1 feb 2027",
        },
    )

    kickoff = Round.objects.get().stage_set.get(kind="kickoff")
    assert kickoff.opens_at == datetime(2027, 2, 1, 8, tzinfo=WIB)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"competition": "+"}, "series_name"),
        ({"competition": "punya-orang"}, "competition"),
        ({"year": "dua ribu"}, "year"),
        ({"preset": "putaran:punya-orang"}, "preset"),
        ({"preset": "berkas"}, "file"),
        ({"first_day": "besok"}, "first_day"),
        ({"preset": "national-1999"}, "preset"),
        ({"edition": "3"}, "__all__"),
    ],
)
def test_round_create_says_what_is_wrong(client, secretariat, city, changes, field):
    make.RoundFactory(competition__government=city, competition__slug="kipp", edition=3)
    data = {
        "competition": "kipp",
        "government": city.pk,
        "year": "2099",
        "edition": "4",
        "theme": "Tema",
        "organiser": "Bagian Organisasi",
        "preset": "national-2023",
    }

    response = client.post(url("round_create"), data | changes)

    assert list(response.context["form"].errors) == [field]
    assert Round.objects.count() == 1
    assert Competition.objects.count() == 1


def test_round_create_takes_only_an_own_government(client, secretariat, city):
    other = GovernmentFactory()

    client.post(
        url("round_create"),
        {
            "competition": "+",
            "series_name": "KIPP",
            "government": other.pk,
            "year": "2099",
            "edition": "1",
            "theme": "Tema",
            "organiser": "Bagian",
            "preset": "national-2023",
        },
    )

    assert not Competition.objects.exists()

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from kipp_portal import home
from submissions.models import ProposalState
from tests.factories import competitions as make
from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionFactory,
    UserFactory,
)
from tests.factories.awards import awarded_round
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


def get(client, **headers):
    return client.get(reverse("home"), headers=headers)


def test_home_of_an_empty_portal(client):
    response = get(client)

    assert response.status_code == 200
    assert response.context["featured"] is None


def test_home_features_what_takes_proposals_before_all_else():
    late = make.RoundFactory(phase="submission", name="Buka lebih lama")
    late.stage_set.filter(kind="submission").update(
        closes_at=timezone.now() + timedelta(days=90)
    )
    make.RoundFactory(phase="scoring", name="Dinilai")
    soon = make.RoundFactory(phase="submission", name="Segera ditutup")
    make.RoundFactory(phase="before", name="Belum mulai")
    make.RoundFactory(phase="after", name="Selesai")
    make.RoundFactory(phase="submission", opened_at=None, name="Disiapkan")

    shown = home.load(timezone.now())

    assert shown.featured.round == soon
    assert [round.name for round in shown.others] == [
        "Buka lebih lama",
        "Dinilai",
        "Belum mulai",
    ]


def test_home_counts_down_only_while_proposals_are_taken(client):
    round = make.RoundFactory(phase="submission")
    assert "data-countdown" in get(client).content.decode()

    round.stage_set.all().delete()
    make.add_calendar(round, phase="scoring")

    page = get(client).content.decode()
    assert "data-countdown" not in page
    assert "is under way" in page


def test_home_shows_participation_once_there_is_some(client):
    city = GovernmentFactory()
    round = make.small_round(government=city, phase="submission")
    first, _second = InstitutionFactory.create_batch(2, government=city)
    ProposalFactory(round=round, institution=first)
    assert "have sent a proposal" not in get(client).content.decode()

    ProposalFactory(round=round, institution=first, state=ProposalState.SUBMITTED)

    assert "1 of 2 institutions have sent a proposal" in get(client).content.decode()


def test_home_shows_winners_once_their_decree_is_out(client):
    awarded_round(publish_in=timedelta(hours=1))
    assert get(client).context["home"].winners is None

    round = awarded_round(publish_in=timedelta(hours=-1))
    first = round.proposal_set.order_by("pk")[0]

    winners = get(client).context["home"].winners
    assert winners.round == round
    assert [winner.award.level.name for winner in winners.rows] == [
        *["Juara I", "Juara II", "Juara III"]
    ]
    assert winners.rows[0].award.row.title == first.title


def test_home_prefers_winners_of_the_government_it_is_about():
    city = GovernmentFactory()
    own = awarded_round(publish_in=timedelta(days=-9), phase="after", government=city)
    awarded_round(publish_in=timedelta(days=-1), phase="after")
    make.RoundFactory(government=city, phase="submission")

    assert home.load(timezone.now()).winners.round == own


@pytest.mark.parametrize("row_count", [1, 3])
def test_home_query_count_with_winners(client, django_assert_num_queries, row_count):
    awarded_round(publish_in=timedelta(hours=-1), proposals=row_count, phase="ceremony")

    # rounds, stages, decree, awards, their entries, announcements, institutions,
    # trees, entries, their count
    with django_assert_num_queries(10):
        response = get(client)

    assert len(response.context["home"].winners.rows) == row_count


@pytest.mark.parametrize("row_count", [1, 3])
def test_home_query_count(client, django_assert_num_queries, row_count):
    city = GovernmentFactory()
    round = make.small_round(government=city, phase="submission")
    make.RoundFactory.create_batch(row_count, government=city, phase="scoring")
    make.AnnouncementFactory.create_batch(row_count, round=round)
    for unit in InstitutionFactory.create_batch(row_count, government=city):
        ProposalFactory(round=round, institution=unit, state=ProposalState.SUBMITTED)

    # rounds, stages, decree, announcements, institutions, trees, entries, their count
    with django_assert_num_queries(8):
        response = get(client)

    assert response.context["featured"].participation.filled == row_count


def test_home_unchanged_is_an_empty_answer(client, time_machine):
    time_machine.move_to("2026-03-01T10:00:20+07:00", tick=False)
    make.RoundFactory()
    first = get(client)
    etag = first["ETag"]

    again = get(client, if_none_match=etag)
    time_machine.shift(20)
    same_minute = get(client, if_none_match=etag)
    time_machine.shift(60)
    next_minute = get(client, if_none_match=etag)

    assert (again.status_code, again.content) == (304, b"")
    assert same_minute.status_code == 304
    assert next_minute.status_code == 200
    assert next_minute["ETag"] != etag
    assert "Cookie" in first["Vary"]
    assert "no-cache" in first["Cache-Control"]


def test_home_is_another_page_for_who_has_signed_in(client):
    anonymous = get(client)
    client.force_login(UserFactory())

    signed_in = get(client, if_none_match=anonymous["ETag"])

    assert signed_in.status_code == 200
    assert reverse("dashboard") in signed_in.content.decode()


@pytest.mark.parametrize(
    ("name", "queries"),
    [("help", 0), ("privacy", 1)],  # governments and whom to ask there
)
def test_public_texts_need_no_account(client, django_assert_num_queries, name, queries):
    with django_assert_num_queries(queries):
        response = client.get(reverse(name))

    assert response.status_code == 200

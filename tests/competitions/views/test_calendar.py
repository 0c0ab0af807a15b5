from datetime import timedelta

import pytest
from django.utils import timezone

from competitions.models import Announcement, StageException
from core import dates
from notifications.models import Message
from tests.competitions.views import text_of, url
from tests.factories import competitions as make
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionFactory,
    MembershipFactory,
)
from tests.factories.events import StageExceptionFactory
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def round(city):
    return make.small_round(government=city)


@pytest.fixture
def institution(city):
    return InstitutionFactory(government=city)


def submission_of(round):
    return round.stage_set.get(kind="submission")


def typed(moment):
    return dates.format_date(moment, "short")


def test_extension_changes_nothing_before_its_consequence_was_seen(
    client, secretariat, round, institution
):
    AuthorFactory(institution=institution)
    before = submission_of(round).closes_at
    page = url("stage_extend", round.slug, "submission")

    response = client.post(
        page, {"closes_on": typed(before + 3 * DAY), "reason": "Libur"}
    )

    assert response.context["preview"].people_count >= 1
    assert "Libur" in response.context["notice"]["body"].value()
    assert submission_of(round).closes_at == before
    assert not Message.objects.exists()


def test_extension_is_made_and_announced(client, secretariat, round, institution):
    author = AuthorFactory(institution=institution)
    before = submission_of(round).closes_at

    response = client.post(
        url("stage_extend", round.slug, "submission"),
        {
            "closes_on": typed(before + 3 * DAY),
            "reason": "Libur",
            "seen": "1",
            "tell": "on",
            "publish": "on",
            "issued_date": "1 Feb 2022",
            "title": "Perpanjangan",
            "body": "Sampai lusa.",
        },
    )

    assert response.url == url("stage_edit", round.slug)
    assert submission_of(round).closes_at > before + 2 * DAY
    assert Message.objects.filter(recipient=author).count() == 1
    assert "Perpanjangan" in text_of(client.get(round.get_absolute_url()))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_on": "besok"}, "closes_on"),
        ({"closes_on": "1 Jan 2020"}, "closes_on"),
        ({"reason": ""}, "reason"),
    ],
)
def test_extension_says_what_is_wrong(client, secretariat, round, changes, field):
    data = {"closes_on": "1 Jan 2090", "reason": "Libur", "seen": "1"} | changes

    response = client.post(url("stage_extend", round.slug, "submission"), data)

    assert field in response.context["form"].errors


def test_extension_with_an_empty_notice_is_refused(client, secretariat, round):
    before = submission_of(round).closes_at

    response = client.post(
        url("stage_extend", round.slug, "submission"),
        {
            "closes_on": typed(before + DAY),
            "reason": "Libur",
            "seen": "1",
            "publish": "on",
            "issued_date": "1 Feb 2022",
        },
    )

    assert set(response.context["notice"].errors) == {"title", "body"}
    assert not Announcement.objects.exists()


def test_stage_that_is_over_leads_to_the_exceptions(client, secretariat, city):
    round = make.small_round(government=city, phase="scoring")

    page = text_of(client.get(url("stage_extend", round.slug, "submission")))

    assert url("exception_list", round.slug) in page


def test_round_in_preparation_has_nothing_to_extend(client, secretariat, city):
    round = make.small_round(government=city, opened_at=None)

    response = client.get(url("stage_extend", round.slug, "submission"))

    assert response.url == url("stage_edit", round.slug)


# Exceptions --------------------------------------------------------------------------


@pytest.mark.parametrize("row_count", [1, 3])
def test_exception_list_query_count(
    client, secretariat, round, django_assert_max_num_queries, row_count
):
    StageExceptionFactory.create_batch(row_count, stage=submission_of(round))

    with django_assert_max_num_queries(11):
        response = client.get(url("exception_list", round.slug))

    assert len(response.context["exceptions"]) == row_count


def test_exception_is_given_and_taken_back(client, secretariat, round, institution):
    page = url("exception_list", round.slug)
    closes_at = submission_of(round).closes_at

    client.post(
        page,
        {
            "institution": institution.pk,
            "closes_on": typed(closes_at + 2 * DAY),
            "reason": "Banjir",
        },
    )
    exception = StageException.objects.get()
    assert exception.institution.name in text_of(client.get(page))
    client.post(
        url("exception_withdraw", round.slug, exception.key), {"reason": "Keliru"}
    )

    assert not StageException.objects.exists()


def test_exception_says_what_is_wrong(client, secretariat, round):
    other = InstitutionFactory()

    response = client.post(
        url("exception_list", round.slug),
        {"institution": other.pk, "closes_on": "besok", "reason": ""},
    )

    assert set(response.context["form"].errors) == {
        "institution",
        "closes_on",
        "reason",
    }


def test_who_works_for_an_institution_gives_no_exceptions(
    client, secretariat, round, institution
):
    MembershipFactory(user=secretariat, institution=institution)

    response = client.get(url("exception_list", round.slug))

    assert response.status_code == 403


def test_no_link_leads_a_competing_secretary_to_a_refusal(
    client, secretariat, round, institution
):
    extend = url("stage_extend", round.slug, "submission")
    except_one = url("exception_list", round.slug)

    def links():
        pages = ("stage_edit", "round_setup")
        text = "".join(
            client.get(url(name, round.slug)).content.decode() for name in pages
        )
        return [f'href="{link}"' in text for link in (extend, except_one)]

    assert links() == [True, True]
    MembershipFactory(user=secretariat, institution=institution)
    assert links() == [True, False]
    ProposalFactory(round=round, institution=institution)
    assert links() == [False, False]
    assert client.get(extend).status_code == 403


def test_exception_of_another_round_is_absent(client, secretariat, round):
    exception = StageExceptionFactory()

    response = client.post(url("exception_withdraw", round.slug, exception.key))

    assert response.status_code == 404
    assert StageException.objects.exists()


# What the public and the institution see ---------------------------------------------


def test_round_page_counts_down_to_ones_own_closing(client, round, institution):
    exception = StageExceptionFactory(
        stage=submission_of(round), institution=institution
    )
    page = round.get_absolute_url()

    for_all = client.get(page)
    client.force_login(AuthorFactory(institution=institution))
    for_own = client.get(page)

    assert for_all.context["closes_at"] == submission_of(round).closes_at
    assert for_own.context["closes_at"] == exception.closes_at
    assert exception.reason in text_of(for_own)
    assert exception.reason not in text_of(for_all)


def test_round_page_stays_open_for_the_exception_alone(client, city, institution):
    round = make.small_round(government=city, phase="screening")
    stage = submission_of(round)
    StageExceptionFactory(
        stage=stage, institution=institution, closes_at=timezone.now() + DAY
    )
    page = round.get_absolute_url()

    for_all = client.get(page)
    client.force_login(AuthorFactory(institution=institution))
    for_own = client.get(page)

    assert not for_all.context["accepts_submissions"]
    assert for_own.context["accepts_submissions"]


def test_countdown_names_the_moment_of_the_server(client, round):
    page = text_of(client.get(round.get_absolute_url()))

    assert "data-countdown=" in page
    assert "data-now=" in page

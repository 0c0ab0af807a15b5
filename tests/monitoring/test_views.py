import pytest
from django.urls import reverse
from django.utils import translation

from submissions.models import ProposalState
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    LeaderFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.competitions import RoundFactory, small_round
from tests.factories.judging import scoring_round, write_sheet
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def city():
    return GovernmentFactory()


def people(city):
    return {
        "own secretariat": lambda: SecretariatFactory(government=city),
        "other secretariat": SecretariatFactory,
        "own leader": lambda: LeaderFactory(government=city),
        "leader above": lambda: LeaderFactory(government=city.parent),
        "other leader": LeaderFactory,
        "author": lambda: AuthorFactory(
            institution=InstitutionFactory(government=city)
        ),
        "nobody": UserFactory,
    }


@pytest.mark.parametrize(
    ("who", "dashboard", "leader_round", "leader_overview"),
    [
        ("own secretariat", 200, 404, 404),
        ("other secretariat", 404, 404, 404),
        ("own leader", 404, 200, 200),
        ("leader above", 404, 200, 200),
        ("other leader", 404, 404, 200),
        ("author", 404, 404, 404),
        ("nobody", 404, 404, 404),
    ],
)
def test_who_sees_which_overview(client, who, dashboard, leader_round, leader_overview):
    city = GovernmentFactory(parent=GovernmentFactory(kind="provinsi"))
    round = small_round(government=city)
    client.force_login(people(city)[who]())

    statuses = [
        client.get(reverse(f"monitoring:{name}", args=args)).status_code
        for name, args in [
            ("round_dashboard", [round.slug]),
            ("leader_round", [round.slug]),
            ("leader_overview", []),
        ]
    ]

    assert statuses == [dashboard, leader_round, leader_overview]


def test_leader_sees_no_round_in_preparation(client, city):
    round = small_round(government=city, opened_at=None)
    client.force_login(LeaderFactory(government=city))

    overview = client.get(reverse("monitoring:leader_overview"))
    page = client.get(reverse("monitoring:leader_round", args=[round.slug]))

    assert overview.context["rows"] == []
    assert page.status_code == 404


def test_leader_sees_figures_never_titles_or_scores(client, city):
    round = scoring_round(jurors=1, proposals=1, government=city)
    entry = round.proposal_set.get()
    sheet = round.juror_set.get().assignment_set.get().scoresheet
    write_sheet(sheet, "91.25", "87.75")
    leader = LeaderFactory(government=city)

    client.force_login(SecretariatFactory(government=city))
    dashboard = client.get(reverse("monitoring:round_dashboard", args=[round.slug]))
    client.force_login(leader)
    page = client.get(
        reverse("monitoring:leader_round", args=[round.slug])
    ).content.decode()

    assert round.juror_set.get().user.name in dashboard.content.decode()
    for secret in (
        entry.title,
        entry.code,
        "91.25",
        "91,25",
        "Catatan.",
        round.juror_set.get().user.name,
    ):
        assert secret not in page


@pytest.mark.parametrize("row_count", [1, 3])
def test_round_dashboard_query_count(
    client, city, django_assert_num_queries, row_count
):
    round = scoring_round(jurors=row_count, proposals=row_count, government=city)
    for institution in InstitutionFactory.create_batch(row_count, government=city):
        ProposalFactory(
            round=round, institution=institution, state=ProposalState.SUBMITTED
        )
    client.force_login(SecretariatFactory(government=city))

    # user, memberships, round, stages; institutions, trees; states; scoring stage;
    # coverage, conflicts, jurors; round before; days; unassigned, result, awards,
    # decree; panels, unread messages
    with django_assert_num_queries(19):
        response = client.get(reverse("monitoring:round_dashboard", args=[round.slug]))

    assert response.context["overview"].participation.filled == 2 * row_count
    assert len(response.context["jurors"]) == row_count


def test_round_dashboard_of_an_empty_round(client, city):
    round = RoundFactory(government=city, phase="", opened_at=None)
    client.force_login(SecretariatFactory(government=city))

    response = client.get(reverse("monitoring:round_dashboard", args=[round.slug]))

    assert response.status_code == 200
    assert [each.title for each in response.context["actions"]] == [
        "The round is not open yet"
    ]


def test_round_dashboard_gives_every_action_a_link(client, city):
    round = small_round(government=city, phase="submission")
    InstitutionFactory(government=city)
    ProposalFactory(
        round=round,
        institution=InstitutionFactory(government=city),
        state=ProposalState.SUBMITTED,
    )
    client.force_login(SecretariatFactory(government=city))

    response = client.get(reverse("monitoring:round_dashboard", args=[round.slug]))

    urls = [action.url for action in response.context["actions"]]
    assert urls == [
        reverse("monitoring:rescue_absent", args=[round.slug]),
        reverse("submissions:screening_list", args=[round.slug]),
    ]


@pytest.mark.parametrize("row_count", [1, 3])
def test_leader_overview_query_count(
    client, city, django_assert_num_queries, row_count
):
    for round in RoundFactory.create_batch(row_count, government=city):
        ProposalFactory(round=round, state=ProposalState.SUBMITTED)
    client.force_login(LeaderFactory(government=city))

    # user, memberships, rounds, stages, institutions, trees, panels, unread messages
    with django_assert_num_queries(8):
        response = client.get(reverse("monitoring:leader_overview"))

    assert len(response.context["rows"]) == row_count


@pytest.mark.parametrize("row_count", [1, 3])
def test_leader_round_query_count(client, city, django_assert_num_queries, row_count):
    round = scoring_round(jurors=row_count, proposals=row_count, government=city)
    client.force_login(LeaderFactory(government=city))

    # as the secretariat's, without its four for what is to be done; categories; trend
    with django_assert_num_queries(18):
        response = client.get(reverse("monitoring:leader_round", args=[round.slug]))

    assert response.context["overview"].counts.entered == row_count


def test_overview_counts_days_in_the_zone_of_the_government(client):
    papua = GovernmentFactory(time_zone="Asia/Jayapura")
    round = small_round(government=papua)
    client.force_login(SecretariatFactory(government=papua))

    page = client.get(reverse("monitoring:round_dashboard", args=[round.slug]))

    assert "WIT" in page.content.decode()
    assert "WIB" not in page.content.decode()

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.context_processors import workspace
from notifications.models import Message
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionAdminFactory,
    InstitutionFactory,
    LeaderFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.competitions import small_round
from tests.factories.judging import JurorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


def nav(client, user, url):
    client.force_login(user)
    return [
        (item.label, item.current)
        for item in client.get(url).context["workspace_nav"]()
    ]


def test_nothing_is_read_before_it_is_shown(rf, django_assert_num_queries):
    request = rf.get("/")

    with django_assert_num_queries(0):
        shown = workspace(request)
        parts = [shown["workspace_nav"](), shown["unread_count"]()]

    assert parts == ["", ""]


def test_each_part_is_read_once(rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = UserFactory()
    request.resolver_match = None
    shown = workspace(request)

    with django_assert_num_queries(1):
        assert shown["unread_count"]() == 0
        assert shown["unread_count"]() == 0


@pytest.mark.parametrize(
    ("factory", "labels"),
    [
        (
            AuthorFactory,
            [
                *["Home", "Proposals", "Innovations", "Events", "My certificates"],
                *["Catalogue", "Help"],
            ],
        ),
        (
            InstitutionAdminFactory,
            [
                "Home",
                "Proposals",
                "Innovations",
                "Events",
                "People",
                "My certificates",
                "Catalogue",
                "Help",
            ],
        ),
        (
            SecretariatFactory,
            [
                "Home",
                "Rounds",
                "Innovations",
                "Institutions",
                "People",
                "Documents",
                "Messages",
                "Log",
                "Settings",
            ],
        ),
        (LeaderFactory, ["Home", "Figures", "Catalogue", "Help"]),
        (UserFactory, ["Home", "Catalogue", "Help"]),
        (
            lambda: JurorFactory().user,
            ["Home", "Scoring", "My certificates", "Catalogue", "Help"],
        ),
    ],
)
def test_navigation_by_role(client, factory, labels):
    found = nav(client, factory(), reverse("dashboard"))

    assert found == [(label, label == "Home") for label in labels]


@pytest.mark.parametrize(
    ("name", "current"),
    [
        ("monitoring:round_dashboard", "Overview"),
        ("monitoring:rescue_trend", "Rescue"),
        ("submissions:screening_list", "Proposals"),
        ("submissions:screening_publish", "Proposals"),
        ("submissions:late_list", "Proposals"),
        ("judging:calibration", "Ranking"),
        ("judging:juror_list", "Jury"),
        ("judging:visit_list", "Jury"),
        ("judging:ranking", "Ranking"),
        ("judging:minutes_issue", "Ranking"),
        ("judging:plenary_list", "Ranking"),
        ("awards:award_list", "Awards"),
        ("competitions:round_setup", "Settings"),
        ("competitions:stage_edit", "Settings"),
    ],
)
def test_navigation_of_a_secretariat_inside_a_round(client, name, current):
    city = GovernmentFactory()
    round = small_round(government=city)

    found = nav(
        client, SecretariatFactory(government=city), reverse(name, args=[round.slug])
    )

    assert found == [
        (label, label == current)
        for label in [
            "Overview",
            "Rescue",
            "Proposals",
            "Jury",
            "Ranking",
            "Awards",
            "Events",
            "Settings",
        ]
    ]


def test_person_and_body_are_named(client):
    user = AuthorFactory(institution=InstitutionFactory(short_name="Disdukcapil"))
    client.force_login(user)

    context = client.get(reverse("dashboard")).context

    assert context["workspace_body"]() == "Disdukcapil"
    assert context["account_label"]() == user.name
    assert context["account_sub"]() == "Author"


def test_unread_messages_are_ones_own(client):
    user = UserFactory()
    for recipient, read_at in [
        (user, None),
        (user, timezone.now()),
        (UserFactory(), None),
    ]:
        Message.objects.create(
            recipient=recipient,
            kind="uji",
            key=str(read_at),
            subject="Uji",
            body_text="",
            body_html="",
            created_at=timezone.now(),
            read_at=read_at,
        )
    client.force_login(user)

    assert client.get(reverse("dashboard")).context["unread_count"]() == 1

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from competitions.forms import stage_forms
from tests.competitions.views import text_of, url
from tests.factories import competitions as make
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    LeaderFactory,
    SecretariatFactory,
    UserFactory,
)
from tests.factories.judging import sealed_round

pytestmark = pytest.mark.django_db
WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
SETUP_PAGES = [
    "round_setup",
    "round_edit",
    "stage_edit",
    "criterion_edit",
    "form_edit",
    "form_preview",
    "group_list",
    "requirement_list",
    "award_list",
    "jury_edit",
]


@pytest.mark.parametrize("name", [*SETUP_PAGES, "announcement_create"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("own secretariat", 200),
        ("other secretariat", 404),
        ("leader", 404),
        ("author", 404),
        ("nobody", 404),
        ("anonymous", 302),
    ],
)
def test_setup_pages_are_the_own_secretariats(client, city, name, who, status):
    round = make.small_round(government=city, opened_at=None)
    user = {
        "own secretariat": lambda: SecretariatFactory(government=city),
        "other secretariat": SecretariatFactory,
        "leader": lambda: LeaderFactory(government=city),
        "author": lambda: AuthorFactory(
            institution=InstitutionFactory(government=city)
        ),
        "nobody": UserFactory,
        "anonymous": lambda: None,
    }[who]()
    if user:
        client.force_login(user)

    response = client.get(url(name, round.slug))

    assert response.status_code == status


def test_round_open_is_the_own_secretariats(client, city):
    round = make.small_round(government=city, opened_at=None)
    client.force_login(SecretariatFactory())

    response = client.post(url("round_open", round.slug))

    assert response.status_code == 404
    round.refresh_from_db()
    assert not round.is_opened


@pytest.mark.parametrize("name", SETUP_PAGES)
@pytest.mark.parametrize("section_count", [1, 3])
def test_setup_page_query_count(
    client, secretariat, city, django_assert_num_queries, name, section_count
):
    round = make.small_round(government=city, opened_at=None)
    make.SectionFactory.create_batch(section_count, form=round.formtemplate_set.get())

    # user, memberships, round, 13 for its parts, panels, unread messages;
    # announcements or events
    shows_more = name in {"round_setup", "stage_edit"}
    with django_assert_num_queries(19 if shows_more else 18):
        client.get(url(name, round.slug))


def test_round_edit_saves_and_keeps_year_once_open(client, secretariat, city):
    round = make.small_round(government=city, year=2022, edition=5)

    response = client.post(
        url("round_edit", round.slug),
        {
            "name": "Nama baru",
            "year": "2030",
            "edition": "9",
            "theme": "Tema baru",
            "organiser": "Bappeda",
            "guideline": "Pedoman",
        },
    )

    assert response.status_code == 302
    round.refresh_from_db()
    assert (round.name, round.theme, round.year) == ("Nama baru", "Tema baru", 2022)
    assert not round.endorsement_required


def test_round_edit_names_a_double(client, secretariat, city):
    other = make.RoundFactory(government=city, year=2021)
    round = make.small_round(
        competition=other.competition, year=2022, edition=99, opened_at=None
    )

    response = client.post(
        url("round_edit", round.slug),
        {
            "name": "X",
            "year": "2021",
            "edition": "99",
            "theme": "T",
            "organiser": "O",
            "guideline": "",
        },
    )

    assert "has a round of 2021 already" in text_of(response)
    assert response.context["round"].year == 2022


def stage_data(round, **changes):
    """What the page would post, with changes of "kind-field"."""
    data = {}
    stages = list(round.stage_set.all())
    for form in stage_forms(round, stages, None):
        for name in form.fields:
            data[form.add_prefix(name)] = form[name].value() or ""
    return data | {key.replace("__", "-"): value for key, value in changes.items()}


@pytest.mark.parametrize(
    ("change", "field", "part"),
    [
        ({"submission__opens": "besok"}, "opens", "Write day, month and year"),
        ({"submission__opens": ""}, "opens", "Write day, month and year"),
        ({"submission__closes": "31 Feb 2023"}, "closes", "not in the calendar"),
        ({"submission__closes": "1 Jan 2001"}, "closes", "Ends before it begins"),
        ({"submission__closing_time": "sore"}, "closing_time", "hour and minutes"),
        ({"submission__closing_time": "16.00 WIT"}, "closing_time", "in WIB"),
    ],
)
def test_stage_edit_says_what_is_wrong_and_saves_nothing(
    client, secretariat, city, change, field, part
):
    round = make.small_round(government=city, opened_at=None)
    before = list(round.stage_set.values_list("opens_at", "closes_at"))

    response = client.post(url("stage_edit", round.slug), stage_data(round, **change))

    (row,) = (row for row in response.context["rows"] if row.errors)
    assert row.kind == "submission"
    assert part in row.errors[field][0]
    assert row.echo == {"opens": None, "closes": None}
    assert list(round.stage_set.values_list("opens_at", "closes_at")) == before


def test_stage_edit_keeps_moments_to_the_second_where_nothing_was_typed(
    client, secretariat, city
):
    round = make.small_round(government=city)
    before = list(round.stage_set.values_list("opens_at", "closes_at"))

    response = client.post(
        url("stage_edit", round.slug), stage_data(round) | {"reason": "Alasan"}
    )

    assert response.status_code == 302
    assert list(round.stage_set.values_list("opens_at", "closes_at")) == before


def test_stage_edit_echoes_the_dates_in_full(client, secretariat, city):
    round = make.small_round(government=city, opened_at=None)
    round.stage_set.filter(kind="kickoff").update(
        opens_at=datetime(2022, 1, 31, 8, tzinfo=WIB),
        closes_at=datetime(2022, 1, 31, 12, tzinfo=WIB),
    )

    page = text_of(client.get(url("stage_edit", round.slug)))

    assert 'value="31 Jan 2022, 08.00"' in page
    assert "Monday, 31 January 2022" in page
    assert "08.00 – 12.00 WIB" in page


def test_stage_edit_means_the_zone_of_the_government(client):
    papua = GovernmentFactory(time_zone="Asia/Jayapura")
    client.force_login(SecretariatFactory(government=papua))
    round = make.small_round(government=papua, opened_at=None)
    change = {"kickoff__opens": "1 Jan 2001, 08.00"}

    client.post(url("stage_edit", round.slug), stage_data(round, **change))

    kickoff = round.stage_set.get(kind="kickoff")
    assert kickoff.opens_at == datetime(2001, 1, 1, 8, tzinfo=WIT)


def test_stage_edit_of_an_open_round_asks_for_a_reason(client, secretariat, city):
    round = make.small_round(government=city, phase="submission")
    change = {"ceremony__place": "Gedung Adipura"}
    page = url("stage_edit", round.slug)

    missing = client.post(page, stage_data(round, **change))
    given = client.post(page, stage_data(round, **change) | {"reason": "Tempat siap"})

    assert missing.context["reason"].errors
    assert given.status_code == 302
    assert round.stage_set.get(kind="ceremony").place == "Gedung Adipura"


def test_stage_edit_shows_what_the_service_refuses(client, secretariat, city):
    round = make.small_round(government=city, phase="submission")
    change = {"kickoff__closes": "1 Jan 2098"}

    response = client.post(
        url("stage_edit", round.slug),
        stage_data(round, **change) | {"reason": "Alasan"},
    )

    assert "is over" in response.context["refusal"]


def test_criterion_edit_saves_weights(client, secretariat, city):
    round = make.small_round(government=city, opened_at=None)

    response = client.post(
        url("criterion_edit", round.slug),
        {
            "scoring_stage": "proposal",
            "proposal-kebaruan": "37.5",
            "proposal-signifikansi": "62.5",
        },
    )

    assert response.status_code == 302
    criteria = round.scoringstage_set.get().criterion_set.order_by("order")
    assert [str(each.weight) for each in criteria] == ["37.50", "62.50"]


def test_criterion_edit_understands_the_indonesian_comma(
    client, secretariat, city, settings
):
    settings.LANGUAGE_CODE = "id"
    round = make.small_round(government=city, opened_at=None)

    with translation.override("id"):
        client.post(
            url("criterion_edit", round.slug),
            {
                "scoring_stage": "proposal",
                "proposal-kebaruan": "37,5",
                "proposal-signifikansi": "62.5",
            },
        )
        page = text_of(client.get(url("criterion_edit", round.slug)))

    criteria = round.scoringstage_set.get().criterion_set.order_by("order")
    assert [str(each.weight) for each in criteria] == ["37.50", "62.50"]
    assert 'value="37,5"' in page


def test_criterion_edit_shows_what_the_service_refuses(client, secretariat, city):
    round = sealed_round(government=city, jurors=1, proposals=1)

    response = client.post(
        url("criterion_edit", round.slug),
        {
            "scoring_stage": "proposal",
            "proposal-kebaruan": "50",
            "proposal-signifikansi": "50",
        },
    )

    assert "its rules stand as they are" in text_of(response)


def test_form_preview_shows_every_question(client, secretariat, city):
    round = make.small_round(government=city, opened_at=None)

    page = text_of(client.get(url("form_preview", round.slug)))

    for part in ["Ringkasan", "Kebaruan", "Surat pernyataan implementasi", "Kuota"]:
        assert part in page

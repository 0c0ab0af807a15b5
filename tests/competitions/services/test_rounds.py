from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from competitions import checks, definitions, queries, services
from competitions.models import Competition, Round
from core import audit
from core.models import AuditEntry
from tests.factories import competitions as make
from tests.factories.accounts import GovernmentFactory

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2022, 1, 10, 9, tzinfo=WIB)


@pytest.fixture
def competition():
    return make.CompetitionFactory(short_name="KIPP Kota Tegal", slug="kipp-kota-tegal")


def create(competition, actor, **changes):
    definition = definitions.preset(definitions.DEFAULT_PRESET)
    data = {
        "competition": competition,
        "year": 2022,
        "edition": 5,
        "name": "KIPP Kota Tegal 2022",
        "theme": "Pelayanan prima",
        "organiser": "Bagian Organisasi",
        "definition": definition,
        "stages": services.planned_stages(definition, date(2022, 1, 31), WIB),
        "actor": actor,
        "at": NOW,
    }
    return services.create_round(**(data | changes))


def test_create_round_from_the_preset_lacks_nothing(competition, actor):
    round = create(competition, actor)

    parts = queries.round_parts(round)
    assert checks.contradictions(parts, NOW) == []
    assert (round.slug, round.opened_at) == ("kipp-kota-tegal-2022", None)
    assert len(parts.sections) == 12
    assert parts.words_for("umum") == 2500
    assert sum(each.weight for each in parts.scoring[0].criteria) == 100
    assert [each.name for each in parts.tie_break_chain] == [
        "Signifikansi",
        "Kebaruan atau nilai tambah",
        "Strategi keberlanjutan",
    ]
    assert parts.sections[3].tracks == ["replikasi"]
    anchors = parts.scoring[0].criteria[0].anchors
    assert (anchors[0]["from"], anchors[0]["to"]) == (0, 39)


def test_create_round_lays_the_calendar_out_in_the_zone(competition, actor):
    round = create(competition, actor)

    submission = round.stage_set.get(kind="submission")
    assert submission.opens_at == datetime(2022, 2, 1, tzinfo=WIB)
    assert submission.closes_at == datetime(2022, 3, 31, 16, tzinfo=WIB)


def test_create_round_is_recorded(competition, actor):
    round = create(competition, actor)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.at) == ("round.created", actor, NOW)
    assert entry.scope == competition.government.code
    assert entry.target_id == str(round.pk)


@pytest.mark.parametrize(
    ("same", "sentence"),
    [
        ({"edition": 6}, "KIPP Kota Tegal has a round of 2022 already."),
        ({"year": 2023}, "KIPP Kota Tegal has round number 5 already."),
    ],
)
def test_create_round_refuses_a_second_of_the_year_or_number(
    competition, actor, same, sentence
):
    create(competition, actor)

    with pytest.raises(services.RoundExists) as refusal:
        create(competition, actor, **same)

    assert refusal.value.message == sentence
    assert Round.objects.count() == 1


def test_create_round_leaves_nothing_when_it_fails_half_way(
    competition, actor, monkeypatch
):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "record", fail)

    with pytest.raises(RuntimeError):
        create(competition, actor)

    assert not Round.objects.exists()


def test_create_round_of_a_province_has_its_level(actor):
    province = make.CompetitionFactory(government__kind="provinsi")

    assert create(province, actor).level == Round.Level.PROVINCE


def test_create_competition_once_by_its_name(actor):
    city = GovernmentFactory()
    names = {"name": "Kompetisi Inovasi", "short_name": "KIPP Kota Tegal"}

    made = services.create_competition(government=city, **names, actor=actor, at=NOW)
    with pytest.raises(services.CompetitionExists):
        services.create_competition(government=city, **names, actor=actor, at=NOW)
    elsewhere = services.create_competition(
        government=GovernmentFactory(), **names, actor=actor, at=NOW
    )

    assert (made.slug, elsewhere.slug) == ("kipp-kota-tegal", "kipp-kota-tegal-2")
    assert Competition.objects.count() == 2


def update(round, actor, **changes):
    data = {
        "year": round.year,
        "edition": round.edition,
        "name": round.name,
        "theme": round.theme,
        "organiser": round.organiser,
        "guideline": round.guideline,
        "endorsement_required": round.endorsement_required,
    }
    return services.update_round(round=round, **(data | changes), actor=actor, at=NOW)


def test_update_round_records_what_changed(actor):
    round = make.RoundFactory(theme="Lama", opened_at=None)

    update(round, actor, theme="Baru", year=2044)

    round.refresh_from_db()
    assert (round.theme, round.year) == ("Baru", 2044)
    changes = AuditEntry.objects.get(action="round.updated").changes
    assert changes["theme"] == ["Lama", "Baru"]
    assert set(changes) == {"theme", "year"}


def test_update_round_without_a_change_records_nothing(actor):
    update(make.RoundFactory(), actor)

    assert not AuditEntry.objects.exists()


def test_update_round_keeps_year_and_edition_once_open(actor):
    round = make.RoundFactory(year=2022, edition=5)

    update(round, actor, year=2023, edition=6, name="Nama baru")

    round.refresh_from_db()
    assert (round.year, round.edition, round.name) == (2022, 5, "Nama baru")


def test_update_round_refuses_the_year_of_another(actor):
    other = make.RoundFactory(year=2021)
    round = make.RoundFactory(competition=other.competition, year=2022, opened_at=None)

    with pytest.raises(services.RoundExists):
        update(round, actor, year=2021)


def test_open_round_shows_it_once(actor):
    round = make.small_round(opened_at=None)
    at = timezone.now()

    services.open_round(round=round, actor=actor, at=at)
    services.open_round(round=round, actor=actor, at=at + timedelta(hours=1))

    round.refresh_from_db()
    assert round.opened_at == at
    assert AuditEntry.objects.filter(action="round.opened").count() == 1


def test_open_round_refuses_while_checks_fail(actor):
    round = make.small_round(opened_at=None, theme="")
    round.stage_set.filter(kind="submission").delete()

    with pytest.raises(services.RoundNotOpenable) as refusal:
        services.open_round(round=round, actor=actor, at=timezone.now())

    assert [each.step for each in refusal.value.contradictions] == [
        checks.Step.BASE,
        checks.Step.CALENDAR,
    ]
    round.refresh_from_db()
    assert not round.is_opened


def test_create_announcement_has_an_address_of_its_own(actor):
    round = make.RoundFactory()
    data = {
        "round": round,
        "number": "",
        "issued_date": date(2022, 1, 31),
        "title": "Pembukaan KIPP",
        "body": "Dibuka.",
        "publish_at": NOW,
        "actor": actor,
        "at": NOW,
    }

    first, second = (services.create_announcement(**data) for _ in range(2))

    assert (first.slug, second.slug) == ("pembukaan-kipp", "pembukaan-kipp-2")
    assert AuditEntry.objects.filter(action="announcement.created").count() == 2

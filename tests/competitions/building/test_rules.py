"""Every shipped definition becomes rows and comes back word for word."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from competitions import building, checks, definitions, queries, services
from tests.factories import competitions as make

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 1, 5, 9, tzinfo=WIB)
KEYS = [each.key for each in definitions.presets()]


def create(definition, actor, **fields):
    data = {
        "competition": make.CompetitionFactory(),
        "year": 2026,
        "edition": 1,
        "name": "Kompetisi 2026",
        "theme": "Pelayanan prima",
        "organiser": "Bagian Organisasi",
        "definition": definition,
        "stages": services.planned_stages(definition, date(2026, 2, 2), WIB),
        "actor": actor,
        "at": NOW,
    }
    return services.create_round(**(data | fields))


def exported(round):
    return definitions.to_yaml(building.definition_of(queries.round_parts(round)))


@pytest.mark.parametrize("key", KEYS)
def test_preset_lacks_nothing(key, actor):
    round = create(definitions.preset(key), actor)

    found = checks.contradictions(queries.round_parts(round), NOW)

    assert [each.sentence for each in found] == []


@pytest.mark.parametrize("key", KEYS)
def test_export_import_export_is_the_same_to_the_byte(key, actor):
    preset = definitions.preset(key)
    first = exported(create(preset, actor))

    again = definitions.parse(first, key="impor", file="impor.yaml")
    second = exported(create(again, actor, year=2027, name="Yang lain"))

    assert second == first
    assert first == definitions.to_yaml(preset)
    assert definitions.to_json(again) == definitions.to_json(preset)

"""A round that is only prepared can be taken away; an open one stays."""

import pytest
from django.utils import timezone

from competitions import definitions, services
from competitions.models import Round
from core.models import AuditEntry
from tests.factories import competitions as make
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "key", ["zona-integritas-kota-pekalongan", "kipp-provinsi-jawa-tengah"]
)
def test_prepared_round_goes_with_all_its_rules(city, actor, key):
    at = timezone.now()
    round = services.create_round(
        competition=make.CompetitionFactory(government=city),
        year=2027,
        edition=1,
        name="Putaran keliru",
        theme="Tema",
        organiser="Bagian",
        definition=definitions.preset(key),
        actor=actor,
        at=at,
    )

    services.remove_round(round=round, actor=actor, at=at)

    assert not Round.objects.exists()
    entry = AuditEntry.objects.get(action="round.removed")
    assert entry.changes == {"name": ["Putaran keliru", None]}


def test_round_with_an_event_or_an_open_one_stays(city, actor):
    at = timezone.now()
    open_one = make.small_round(government=city)
    used = make.small_round(government=city, opened_at=None)
    EventFactory(round=used)

    for round in (open_one, used):
        with pytest.raises(services.RoundNotRemovable):
            services.remove_round(round=round, actor=actor, at=at)

    assert Round.objects.count() == 2

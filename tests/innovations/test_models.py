"""What the database refuses of achievements."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from innovations.models import Achievement
from tests.factories.innovations import InnovationFactory

pytestmark = pytest.mark.django_db
AT = datetime(2022, 6, 30, 8, tzinfo=UTC)


def achievement(innovation, **fields):
    return Achievement(
        innovation=innovation,
        year=2022,
        competition="KIPP Kota Tegal 2022",
        level="Juara I",
        public_from=AT,
        recorded_at=AT,
        **fields,
    )


def test_award_of_the_portal_is_an_achievement_once():
    innovation = InnovationFactory()
    given = {"source_key": "award:12", "confirmed_at": AT}
    achievement(innovation, **given).save()

    with (
        pytest.raises(IntegrityError, match="innovations_achievement_source_once"),
        transaction.atomic(),
    ):
        achievement(innovation, **given).save()

    # What was typed in has no source and may stand beside another.
    achievement(innovation).save()
    achievement(innovation).save()
    assert Achievement.objects.count() == 3


def test_award_of_the_portal_counts_at_once():
    with pytest.raises(
        IntegrityError, match="innovations_achievement_of_portal_is_confirmed"
    ):
        achievement(InnovationFactory(), source_key="award:12").save()

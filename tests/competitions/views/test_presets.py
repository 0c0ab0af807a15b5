"""Each shipped set of rules becomes a round by clicking, and opens."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from competitions import definitions
from competitions.models import Round
from competitions.setup import URL_NAMES

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"competitions:{name}", args=args)


@pytest.mark.parametrize("key", [each.key for each in definitions.presets()])
def test_preset_is_made_a_round_and_opened_by_clicking(client, secretariat, city, key):
    first_day = timezone.localdate() + timedelta(days=30)

    made = client.post(
        url("round_create"),
        {
            "competition": "+",
            "series_name": "Kompetisi Inovasi",
            "government": city.pk,
            "year": str(first_day.year),
            "edition": "1",
            "theme": "Pelayanan prima",
            "organiser": "Bagian Organisasi",
            "preset": key,
            "first_day": first_day.isoformat(),
        },
    )

    round = Round.objects.get()
    assert made.url == url("round_setup", round.slug)
    for name in ["competitions:round_setup", *URL_NAMES.values()]:
        assert client.get(reverse(name, args=[round.slug])).status_code == 200
    client.post(url("round_open", round.slug))
    round.refresh_from_db()
    assert round.is_opened
    assert client.get(round.get_absolute_url()).status_code == 200

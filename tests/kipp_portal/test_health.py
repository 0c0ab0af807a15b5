from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from core.periodic import LAST_BEAT_KEY, note_beat
from kipp_portal import health

NOWHERE = "redis://127.0.0.1:1"


def ready(client):
    response = client.get(reverse("readyz"))
    data = response.json()
    bad = {name for name, check in data["checks"].items() if not check["ok"]}
    return response.status_code, data, bad


def test_healthz_asks_nothing(client, django_assert_num_queries, settings):
    settings.CELERY_BROKER_URL = f"{NOWHERE}/0"

    response = client.get(reverse("healthz"))

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_when_all_is_there(client):
    note_beat()

    status, data, bad = ready(client)

    assert (status, data["status"], bad) == (200, "ok", set())
    assert set(data["checks"]) == {"database", "cache", "broker", "storage", "beat"}
    assert data["last_beat_seconds"] == 0


@pytest.mark.django_db
def test_readyz_when_cache_and_broker_are_away(client, settings):
    note_beat()
    settings.CELERY_BROKER_URL = f"{NOWHERE}/0"
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": f"{NOWHERE}/1"}
    }

    status, data, bad = ready(client)

    assert (status, data["status"]) == (503, "unavailable")
    assert bad == {"cache", "broker", "beat"}
    assert data["last_beat_seconds"] is None


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "is_bad"), [(170, False), (190, True)])
def test_readyz_when_the_clock_stands(client, age, is_bad):
    noted = timezone.now() - timedelta(seconds=age)
    cache.set(LAST_BEAT_KEY, noted.isoformat())

    status, data, bad = ready(client)

    assert (status, bad) == ((503, {"beat"}) if is_bad else (200, set()))
    assert age <= data["last_beat_seconds"] <= age + 5


@pytest.mark.django_db
def test_readyz_when_files_cannot_be_written(client, settings, tmp_path):
    note_beat()
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a directory should be")
    settings.MEDIA_ROOT = blocked

    status, _data, bad = ready(client)

    assert (status, bad) == (503, {"storage"})


@pytest.mark.django_db
def test_readyz_tells_no_secret(client, settings):
    settings.CELERY_BROKER_URL = "redis://:rahasia@127.0.0.1:1/0"

    response = client.get(reverse("readyz"))

    assert response.status_code == 503
    assert "rahasia" not in response.content.decode()


def test_last_beat_age_of_a_portal_never_started():
    assert health.last_beat_age(timezone.now()) is None

"""The world of `world.py`, built once for each module that asks for it."""

from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.http import HttpResponseNotFound
from django.test import override_settings

from tests.project.visits import Leaks, Visitor
from tests.project.world import build_world


@pytest.fixture(scope="module")
def make_world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Give a context manager that builds a world and takes it away again."""

    @contextmanager
    def make(**details):
        media = tmp_path_factory.mktemp("media")
        with (
            django_db_blocker.unblock(),
            override_settings(MEDIA_ROOT=media),
            transaction.atomic(),
        ):
            world = build_world(**details)
            world.media = media
            # Or else the planner takes the tables for empty, as they were before.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            yield world
            transaction.set_rollback(True)

    return make


@pytest.fixture(scope="module")
def _visitor(world):
    return Visitor(world)


@pytest.fixture
def visitor(_visitor, settings):
    """Somebody to ask as anybody of the world; files are where the world put them."""
    settings.MEDIA_ROOT = _visitor.world.media
    return _visitor


@pytest.fixture
def plain_refusals(monkeypatch):
    """Answer 404 with its reason alone: the whole page takes most of a refusal."""

    def refuse(request, exception):
        return HttpResponseNotFound(str(exception))

    monkeypatch.setattr("kipp_portal.urls.handler404", refuse, raising=False)


@pytest.fixture(scope="module")
def leaks(world):
    return Leaks(world.markers)


@pytest.fixture(scope="module")
def world(make_world):
    with make_world() as made:
        yield made

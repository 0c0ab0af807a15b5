from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from innovations import services
from innovations.models import Innovation
from innovations.sdgs import SDGS, sdg_labels
from tests.factories.accounts import (
    AuthorFactory,
    InstitutionFactory,
    SecretariatFactory,
)
from tests.factories.innovations import InnovationFactory

AT = datetime(2022, 3, 20, 3, tzinfo=UTC)


def register(title, institution=None):
    return services.register_innovation(
        institution=institution or InstitutionFactory(), title=title, at=AT
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Pulang Bawa Akta", "pulang-bawa-akta"),
        ("e-Kelurahan & Loket", "e-kelurahan-loket"),
        ("!!!", "inovasi"),
        ("x" * 200, "x" * 200),
    ],
)
def test_register_finds_a_slug(title, slug):
    assert register(title).slug == slug


@pytest.mark.django_db
def test_same_title_takes_the_next_free_slug():
    slugs = [register("Jempol").slug for _n in range(3)]

    assert slugs == ["jempol", "jempol-2", "jempol-3"]
    assert register("Jempol Dua").slug == "jempol-dua"


@pytest.mark.django_db
def test_slug_taken_at_the_same_moment_is_passed_by(monkeypatch):
    register("Jempol")
    answers = iter(["jempol", "jempol-2"])
    monkeypatch.setattr(services.registering, "_free_slug", lambda title: next(answers))

    assert register("Jempol").slug == "jempol-2"


@pytest.mark.django_db
def test_slug_is_unique_in_the_database():
    InnovationFactory(slug="sama")

    with pytest.raises(IntegrityError):
        InnovationFactory(slug="sama")


@pytest.mark.django_db
def test_describe_keeps_what_is_not_said_anew():
    innovation = InnovationFactory(started_date=date(2020, 1, 6), sdgs=[3])

    services.describe_innovation(
        innovation=innovation, title="Judul baru", started_date=None, sdgs=[]
    )

    stored = Innovation.objects.get()
    assert (stored.title, stored.started_date, stored.sdgs) == (
        "Judul baru",
        date(2020, 1, 6),
        [3],
    )


@pytest.mark.django_db
def test_describe_takes_over_what_is_said():
    innovation = InnovationFactory(started_date=date(2020, 1, 6), sdgs=[3])

    services.describe_innovation(
        innovation=innovation,
        title="A",
        started_date=date(2021, 2, 3),
        sdgs=[16, 4, 4],
    )

    stored = Innovation.objects.get()
    assert (stored.started_date, stored.sdgs) == (date(2021, 2, 3), [4, 16])


@pytest.mark.django_db
def test_innovation_is_visible_to_its_institution_and_its_secretariat_only():
    innovation = InnovationFactory()
    institution = innovation.institution
    elsewhere = InstitutionFactory(government=institution.government)

    def sees(user):
        return Innovation.objects.visible_to(user).exists()

    assert sees(AuthorFactory(institution=institution))
    assert sees(SecretariatFactory(government=institution.government))
    assert not sees(AuthorFactory(institution=elsewhere))
    assert not sees(SecretariatFactory())


def test_goals_are_the_seventeen_named_in_order():
    assert list(SDGS) == list(range(1, 18))
    assert [label.split(".")[0] for label in sdg_labels([16, 3, 99, 3])] == ["3", "16"]

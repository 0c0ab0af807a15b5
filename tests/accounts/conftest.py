"""A city with an institution, and its secretariat signed in."""

import pytest

from tests.factories.accounts import (
    GovernmentFactory,
    InstitutionFactory,
    SecretariatFactory,
)


@pytest.fixture
def city():
    return GovernmentFactory(slug="kota-tegal")


@pytest.fixture
def institution(city):
    return InstitutionFactory(government=city, code="DINKES")


@pytest.fixture
def secretariat(client, city):
    person = SecretariatFactory(government=city, name="Aa Sekretaris")
    client.force_login(person)
    return person

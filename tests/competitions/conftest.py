import pytest
from django.utils import translation

from tests.factories.accounts import GovernmentFactory, SecretariatFactory


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def actor():
    return SecretariatFactory()


@pytest.fixture
def city():
    return GovernmentFactory(short_name="Kota Tegal")


@pytest.fixture
def secretariat(client, city):
    """Somebody of the city's secretariat, who has signed in."""
    user = SecretariatFactory(government=city)
    client.force_login(user)
    return user

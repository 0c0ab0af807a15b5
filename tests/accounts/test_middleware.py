import pytest
from django.test import RequestFactory
from django.utils import timezone

from accounts.middleware import ClientAddressMiddleware
from core import audit
from core.requests import client_address
from tests.factories.accounts import GovernmentFactory

FORGED = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7"}


def address_seen(**meta):
    seen = []
    middleware = ClientAddressMiddleware(
        lambda request: seen.append(client_address.get())
    )
    middleware(RequestFactory().get("/", **meta))
    return seen[0]


def test_address_without_proxy_ignores_what_the_visitor_writes(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0

    assert address_seen(REMOTE_ADDR="192.0.2.4", **FORGED) == "192.0.2.4"


def test_address_behind_one_proxy_is_the_last_one_named(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert address_seen(REMOTE_ADDR="127.0.0.1", **FORGED) == "198.51.100.7"


def test_address_of_a_request_past_the_proxies_is_unknown(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3

    assert address_seen(REMOTE_ADDR="127.0.0.1", **FORGED) is None


def test_address_is_forgotten_after_the_request():
    address_seen(REMOTE_ADDR="192.0.2.4")

    assert client_address.get() is None


@pytest.mark.django_db
def test_audit_entry_carries_the_address():
    government = GovernmentFactory()
    record = []
    middleware = ClientAddressMiddleware(
        lambda request: record.append(
            audit.record("x.done", actor=None, target=government, at=timezone.now())
        )
    )

    middleware(RequestFactory().get("/", REMOTE_ADDR="2001:db8::1"))

    record[0].refresh_from_db()
    assert record[0].address == "2001:db8::1"

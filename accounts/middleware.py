from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse

from core.requests import client_address


class ClientAddressMiddleware:
    """Note where a request comes from, for the audit trail.

    Behind a proxy it is the address that the outermost trusted proxy saw; what a
    visitor writes into X-Forwarded-For counts for nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        noted = client_address.set(_address_of(request))
        try:
            return self.get_response(request)
        finally:
            client_address.reset(noted)


def _address_of(request: HttpRequest) -> str | None:
    try:
        return str(get_adapter().get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied):  # past the proxies, or a socket
        return None

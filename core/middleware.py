from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.requests import PortalRequest


class RequestTimeMiddleware:
    """Note on `request.received_at` when the request arrived.

    Deadlines are decided by this moment, not by when a worker got to the row.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cast(PortalRequest, request).received_at = timezone.now()
        return self.get_response(request)

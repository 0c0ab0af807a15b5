from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from core import rush
from core.requests import PortalRequest, waited


class RequestTimeMiddleware:
    """Note on `request.received_at` when the request arrived.

    Deadlines are decided by this moment, not by when a thread had time for it or a
    worker got to the row. What takes long is told when people have to wait.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        rush.note(waited.get())
        cast(PortalRequest, request).received_at = timezone.now() - waited.get()
        return self.get_response(request)


class LanguageMiddleware:
    """Speak the language the visitor chose, kept in a cookie; else the portal's own.

    What the browser asks for does not count: many are set to English by their maker.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen in dict(settings.LANGUAGES):
            with translation.override(chosen):
                response = self.get_response(request)
        else:
            response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        return response


class PrivatePageMiddleware:
    """Keep what somebody sees after signing in out of every cache.

    No shared cache gives it to the next person, and after signing out the browser's
    way back asks the portal again. Pages that never looked who asks are the same for
    all and keep what their view says.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response

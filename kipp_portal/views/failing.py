"""What is answered when the portal fails; nothing here asks the database."""

import sys

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from django.utils.cache import add_never_cache_headers

from accounts import keeping

RETRY_SECONDS = 5


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault; while the database is away, that it comes back.

    Then a page that was sent holds what was typed, for one more try, and a page that
    was asked for asks again by itself. What a script sends it sends again (autosave).
    """
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponseServerError(loader.render_to_string("500.html"))
    if "X-Requested-With" in request.headers:
        answer: HttpResponse = JsonResponse({"state": "unavailable"}, status=503)
    else:
        fields = _typed(request) if request.method == "POST" else None
        context = {"fields": fields, "is_sent": request.method == "POST"}
        page = loader.render_to_string("503.html", context)
        answer = HttpResponse(page, status=503)
        if request.method in ("GET", "HEAD"):
            answer["Refresh"] = str(RETRY_SECONDS)
    answer["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(answer)
    return answer


def _typed(request: HttpRequest) -> list[list[str]] | None:
    """What was sent, with its token; None if it is nothing or not to be shown."""
    try:
        if any(keeping.is_secret(name) for name in request.POST):
            return None
        fields = keeping.content(request)
        token = request.POST.get("csrfmiddlewaretoken", "")
    except (MultiPartParserError, SuspiciousOperation, OSError):
        return None
    return [["csrfmiddlewaretoken", token], *fields] if fields and token else None

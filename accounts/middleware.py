from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import addresses, keeping
from accounts.backends import lacks_second_factor
from accounts.models import KeptForm
from accounts.sessions import BEGAN, NOTED_EVERY, SEEN, idle_seconds
from core.requests import PortalRequest, client_address

# What somebody who must have a second factor may do before it is there.
OVER = "session_is_over"
STOP_POLLING = 286  # as htmx reads it
SET_UP = ("mfa_", "account_logout", "account_reauthenticate", "accounts:session_")


class ClientAddressMiddleware:
    """Note where a request comes from, for the audit trail.

    Behind a proxy it is the address that the outermost trusted proxy saw; what a
    visitor writes into X-Forwarded-For counts for nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        noted = client_address.set(addresses.seen_by_proxies(request))
        try:
            return self.get_response(request)
        finally:
            client_address.reset(noted)


class SignedInMiddleware:
    """Ends sessions in time, asks for the second factor, loses no typed text.

    It stands behind the middleware that knows the person and before the one that
    sends strangers to the sign-in page.
    """

    def __init__(self, get_response: Callable[[PortalRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        vars(request)[OVER] = _end_or_note(request)
        response = self.get_response(request)
        _forget_what_was_sent(request, response)
        return response

    def process_view(
        self,
        request: PortalRequest,
        view: Callable[..., HttpResponse],
        args: list[Any],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        is_public = not getattr(view, "login_required", True)
        if vars(request)[OVER]:
            messages.info(
                request,
                _("You were signed out because nothing happened for a while."),
            )
        if not request.user.is_authenticated:
            return _answer_stranger(request, is_public)
        return _ask_for_second_factor(request, is_public)


def _end_or_note(request: PortalRequest) -> bool:
    """End a session whose time is over; else note the sign of life.

    What a page asks by itself carries X-Background and is no sign of life.
    """
    session = request.session
    if "_auth_user_id" not in session:
        return False
    now = request.received_at.timestamp()
    seen, began = session.get(SEEN, 0), session.get(BEGAN, now)
    if seen and (
        now - seen > idle_seconds() or now - began > settings.SESSION_COOKIE_AGE
    ):
        key = session.session_key
        logout(request)
        UserSession.objects.filter(session_key=key).delete()
        return True
    is_alive = "X-Background" not in request.headers
    if is_alive and now - seen >= NOTED_EVERY.total_seconds():
        session[SEEN], session[BEGAN] = now, began
        UserSession.objects.filter(session_key=session.session_key).update(
            last_seen_at=request.received_at,
            ip=addresses.counted(request),
        )
    return False


def _answer_stranger(request: PortalRequest, is_public: bool) -> HttpResponse | None:
    """Keep the text of a form that has lost its session. None: go on as ever."""
    login_url = reverse(settings.LOGIN_URL)
    if "HX-Request" in request.headers and request.path == login_url:
        return _answer_htmx(request, login_url)
    # Where a script sends the form, the page still holds it all, and tries again.
    is_sent_by_hand = "X-Requested-With" not in request.headers
    return None if is_public or not is_sent_by_hand else keeping.way_back(request)


def _answer_htmx(request: PortalRequest, login_url: str) -> HttpResponse:
    """Put no sign-in page into a part of another page, where htmx has been led to it.

    What the page asked by itself stops; what somebody pressed leads to signing in.
    """
    if "X-Background" in request.headers:
        return HttpResponse(status=STOP_POLLING)
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    onward = urlencode({"next": parts.path or "/"})
    return HttpResponse(headers={"HX-Redirect": f"{login_url}?{onward}"})


def _ask_for_second_factor(
    request: PortalRequest, is_public: bool
) -> HttpResponse | None:
    if not settings.SECOND_FACTOR_REQUIRED:
        return None
    user, match = request.user, request.resolver_match
    if not user.is_authenticated or not lacks_second_factor(user):
        return None
    if match and match.view_name.startswith(SET_UP):
        return None
    if is_public:
        # They read what everybody reads.
        request.user = AnonymousUser()
        return None
    if request.method == "POST":
        keeping.keep(request)
    return redirect("mfa_index")


def _forget_what_was_sent(request: PortalRequest, response: HttpResponse) -> None:
    """Let go of a kept text that was sent again and taken."""
    sent = request.POST if hasattr(request, "_post") else {}
    code = sent.get(keeping.MARK, "")
    if not code or response.status_code not in (302, 303):
        return
    if not request.user.is_authenticated:
        return
    queued = getattr(get_messages(request), "_queued_messages", [])
    if any(each.level >= messages.ERROR for each in queued):
        return
    try:
        KeptForm.objects.typed_by(request.user).filter(code=UUID(code)).delete()
    except ValueError:  # no code of ours
        return

"""Where somebody is signed in, and how long still."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import devices, services
from accounts.requests import SignedInRequest
from accounts.sessions import idle_seconds, seconds_left, session_name


def _open_sessions(request: SignedInRequest) -> list[UserSession]:
    at = request.received_at
    alive = UserSession.objects.filter(
        user=request.user,
        last_seen_at__gt=at - timedelta(seconds=idle_seconds()),
        session_key__in=Session.objects.filter(expire_date__gt=at).values("pk"),
    ).order_by("-last_seen_at", "-pk")
    sessions = list(alive)
    for each in sessions:
        each.key = session_name(each)
        each.device = devices.describe(each.user_agent)
        each.is_this = each.session_key == request.session.session_key
    return sorted(sessions, key=lambda each: not each.is_this)


@require_safe
@never_cache
def session_list(request: SignedInRequest) -> HttpResponse:
    """Every browser the person is signed in with."""
    sessions = _open_sessions(request)
    return render(request, "accounts/session_list.html", {"sessions": sessions})


@require_POST
def session_end(request: SignedInRequest, key: str) -> HttpResponse:
    """Sign out one other browser."""
    for session in UserSession.objects.filter(user=request.user):
        is_this = session.session_key == request.session.session_key
        if session_name(session) == key and not is_this:
            services.end_session(session=session, at=request.received_at)
            messages.success(request, _("That device was signed out."))
            return redirect("accounts:session_list")
    raise Http404


@require_POST
def session_end_others(request: SignedInRequest) -> HttpResponse:
    """Sign out every browser but this one."""
    this = request.session.session_key or ""
    services.end_sessions(user=request.user, but=this, at=request.received_at)
    messages.success(request, _("All other devices were signed out."))
    return redirect("accounts:session_list")


@require_safe
@never_cache
def session_left(request: SignedInRequest) -> HttpResponse:
    """Say how many seconds the session lasts; asking does not prolong it."""
    return _say_what_is_left(request)


@require_POST
def session_extend(request: SignedInRequest) -> HttpResponse:
    """Stay signed in: the request itself is the sign of life."""
    return _say_what_is_left(request)


def _say_what_is_left(request: SignedInRequest) -> HttpResponse:
    seconds, can_extend = seconds_left(request)
    return JsonResponse({"seconds": seconds, "can_extend": can_extend})

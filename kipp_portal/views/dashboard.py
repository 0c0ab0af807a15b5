"""The first page after signing in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import acting
from accounts.requests import SignedInRequest
from kipp_portal import dashboards


@require_safe
def dashboard(request: SignedInRequest) -> HttpResponse:
    """What to do next, for every role of the person, or those of one body."""
    shown = dashboards.load(
        request.user,
        request.received_at,
        acting=acting.acting(request, request.user),
    )
    return render(
        request,
        "kipp_portal/dashboard.html",
        {"dashboard": shown, "now": request.received_at},
    )

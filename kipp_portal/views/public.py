"""What everybody may read."""

from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_cookie
from django.views.i18n import set_language

from accounts import keeping
from competitions import permissions
from core.requests import PortalRequest
from kipp_portal import home as home_page
from kipp_portal import privacy_notice


@require_safe
@login_not_required
@vary_on_cookie
def home(request: PortalRequest) -> HttpResponse:
    """The running round, who takes part, who won, what was announced."""
    shown = home_page.load(request.received_at)
    has_messages = bool(len(get_messages(request)))
    etag = None if has_messages else _etag(request, shown)
    # Unchanged to the minute: a phone on a bad line gets an empty answer.
    response = get_conditional_response(request, etag=etag) if etag else None
    if response is None:
        zone = shown.featured.round.zone if shown.featured else None
        with timezone.override(zone or timezone.get_current_timezone()):
            response = render(
                request,
                "kipp_portal/home.html",
                {
                    "home": shown,
                    "featured": shown.featured,
                    "may_begin": shown.featured
                    and permissions.may_begin_proposal(
                        request.user, shown.featured.round
                    ),
                    "now": request.received_at,
                    "public_body": shown.featured.round.competition.government.name
                    if shown.featured
                    else "",
                },
            )
    if etag:
        response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _etag(request: PortalRequest, shown: home_page.Home) -> str:
    """Name the page: what it shows, to whom, in which language, at which minute."""
    get_token(request)  # the page holds it; a new one makes a new page
    parts = [
        repr(shown),
        str(request.user.pk),
        str(get_language()),
        str(request.META.get("CSRF_COOKIE", "")),
        f"{request.received_at:%Y%m%d%H%M}",
    ]
    return quote_etag(sha256("\n".join(parts).encode()).hexdigest()[:32])


@require_safe
@login_not_required
def help_page(request: PortalRequest) -> HttpResponse:
    """A short guide for each role."""
    return render(request, "kipp_portal/help.html")


@require_safe
@login_not_required
def privacy(request: PortalRequest) -> HttpResponse:
    """What the portal keeps of people, why, and how long."""
    context = {
        "notice": privacy_notice,
        "officers": privacy_notice.officers(),
        "cookies": privacy_notice.cookies(),
    }
    return render(request, "kipp_portal/privacy.html", context)


@require_POST
@login_not_required
@csrf_exempt
def language_choose(request: PortalRequest) -> HttpResponse:
    """Keep the language for this browser and go back to the page it came from.

    It asks for no token: every public page holds its button, and a token, new each
    time, would make two answers of the same page differ. Nothing but the words of
    pages hangs on it.
    """
    return set_language(request)


def csrf_failure(request: PortalRequest, reason: str = "") -> HttpResponse:
    """Say in plain words that a form was too old; give back what was typed.

    Whoever signed in again meanwhile, in another tab, reads and sends it at once.
    """
    if way_back := keeping.way_back(request):
        return way_back
    if request.path == reverse("account_login"):
        # Two tabs showed this page, and one has signed in.
        messages.info(request, _("The page was open for too long. Sign in once more."))
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", status=403)

"""The way in through a city's own sign-in, where one is set up."""

import logging

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import (
    OAuth2CallbackView,
    OAuth2LoginView,
)
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

from accounts import entrance
from accounts.provider import SingleSignOnClient, SingleSignOnProvider
from core.requests import PortalRequest

logger = logging.getLogger(__name__)


@require_GET
@never_cache
@login_not_required
def single_sign_on_login(request: PortalRequest) -> HttpResponse:
    """Send the browser to the provider."""
    return _ask(OAuth2LoginView, request)


@require_GET
@never_cache
@login_not_required
def single_sign_on_callback(request: PortalRequest) -> HttpResponse:
    """Take the browser back, and let in whom the provider names."""
    return _ask(OAuth2CallbackView, request)


def _ask(view: type, request: PortalRequest) -> HttpResponse:
    client = SingleSignOnClient(request, SingleSignOnProvider.id)
    try:
        answer: HttpResponse = view.adapter_view(client)(request)  # type: ignore[attr-defined]
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (RequestException, KeyError, TypeError, ValueError):
        logger.exception("The single sign-on does not answer as it should")
        return entrance.refusal_page(request, "away")
    return answer

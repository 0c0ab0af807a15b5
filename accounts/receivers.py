"""What accounts do when others signal: the library, when somebody has signed in."""

from datetime import datetime
from typing import Any

from allauth.account.signals import (
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in as session_begun
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import devices, services, sessions
from accounts.models import User


@receiver(user_logged_in, dispatch_uid="accounts.note_sign_in")
def note_sign_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Write the sign-in into the person's access history."""
    services.note_sign_in(
        user=user,
        device=devices.describe(request.headers.get("User-Agent", "")),
        at=getattr(request, "received_at", None) or timezone.now(),
    )


@receiver(session_begun, dispatch_uid="accounts.begin_session")
def begin_session(request: HttpRequest, **kwargs: Any) -> None:
    """Note in the session when it began, for it lasts no longer than a day's work."""
    now = _now(request).timestamp()
    request.session[sessions.BEGAN] = request.session[sessions.SEEN] = now


@receiver([password_changed, password_set, password_reset], dispatch_uid="accounts.pw")
def note_password(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A new password ends every session but the one in which it was chosen."""
    at = _now(request)
    services.note_password_changed(user=user, at=at)
    services.end_sessions(user=user, at=at, but=request.session.session_key or "")


@receiver(authenticator_added, dispatch_uid="accounts.note_factor_added")
def note_factor_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    services.note_second_factor_added(user=user, factor=authenticator, at=_now(request))


@receiver(authenticator_removed, dispatch_uid="accounts.note_factor_removed")
def note_factor_removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    services.note_second_factor_removed(
        user=user, factor=authenticator, at=_now(request)
    )


@receiver(authenticator_reset, dispatch_uid="accounts.note_codes_renewed")
def note_codes_renewed(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    services.note_recovery_codes_renewed(
        user=user, factor=authenticator, at=_now(request)
    )


def _now(request: HttpRequest) -> datetime:
    return getattr(request, "received_at", None) or timezone.now()

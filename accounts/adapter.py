"""What the sign-in library asks us: mails, addresses, links, limits, secrets."""

import base64
import binascii
import hashlib
import logging
import secrets
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthError, Provider
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from requests import RequestException

from accounts import addresses, entrance, keeping, mails
from accounts.models import KeptForm, User

logger = logging.getLogger(__name__)

# What the library says when there were too many tries.
LIMITED = {"too_many_login_attempts", "rate_limited"}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation: nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        return bool(url) and entrance.is_inside(str(url))

    def get_client_ip(self, request: HttpRequest) -> str:
        return addresses.counted(request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Lead to the address the portal is known by, whatever Host was asked for."""
        path = reverse("account_reset_password_from_key", args=["UID", "KEY"])
        return str(settings.BASE_URL).rstrip("/") + path.replace("UID-KEY", key)

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        mails.send_later(self._write_mail(template_prefix, email, context))

    def pretend_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Do all that sending a mail does, and send none.

        The page must answer alike, and as soon, for every address: known or not.
        """
        self._write_mail(template_prefix, email, context)
        mails.send_later(None)

    def _write_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> EmailMessage:
        details = {"email": email, **context}
        message: EmailMessage = self.render_mail(template_prefix, email, details)
        return message

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Give the message `code`; too many tries get a page of their own, with 429."""
        if code in LIMITED:
            raise ImmediateHttpResponse(respond_429(context.request))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        # Not by Host, as the library does: a name more would be tries more.
        return str(credentials.get("email", "")).lower()

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **details: Any
    ) -> HttpResponse:
        """Go on to where the person wanted; first to what they had typed, if any."""
        response: HttpResponse = super().post_login(request, user, **details)
        kept = (
            KeptForm.objects.typed_by(user)
            .fresh(request.received_at)  # type: ignore[attr-defined]
            .order_by("-created_at", "-pk")
            .first()
        )
        if kept:
            url = kept.get_absolute_url()
            onward = response.headers.get("Location", "")
            if onward and entrance.is_inside(onward) and onward != url:
                url = f"{url}?{urlencode({'next': onward})}"
            response = redirect(url)
        keeping.remember_person(request, response, user)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors belong to the portal's own address; secrets are enciphered."""

    def get_totp_issuer(self) -> str:
        return str(settings.PORTAL_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.PORTAL_HOST, "name": settings.PORTAL_NAME}

    def generate_authenticator_name(
        self, user: AbstractBaseUser, type: Authenticator.Type
    ) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decipher a secret; one that cannot be read fits no code any more."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except (InvalidToken, binascii.Error):
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"second factor:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in digests])


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """A city's own sign-in opens accounts that exist, and makes none."""

    def is_open_for_signup(
        self, request: HttpRequest, sociallogin: SocialLogin
    ) -> bool:
        return False

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return secrets.token_urlsafe(24)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find whose account it is: by the provider's name for them, or their e-mail.

        The e-mail counts only if the provider has checked it, and only the first time:
        the address of somebody who left may be given to the next one.
        """
        if sociallogin.is_existing:
            return
        address = next(
            (each.email for each in sociallogin.email_addresses if each.verified), ""
        )
        # Kept in lower case. The database's own folding would take look-alikes too.
        user = User.objects.filter(email=address.lower()).first() if address else None
        if user is None:
            _refuse(request, "unknown" if address else "unverified")
        provider = sociallogin.account.provider
        if SocialAccount.objects.filter(user=user, provider=provider).exists():
            _refuse(request, "taken")
        sociallogin.user = user
        sociallogin.account.user = user
        sociallogin.account.save()

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(redirect("account_login"))
        if exception:
            logger.warning("Single sign-on failed: %s", exception)
        is_away = isinstance(exception, RequestException)
        _refuse(request, "away" if is_away else "failed")


def _refuse(request: HttpRequest, reason: str) -> NoReturn:
    raise ImmediateHttpResponse(entrance.refusal_page(request, reason))

"""A city's single sign-on by OpenID Connect. allauth finds it under this name."""

import secrets
from typing import Any

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
)
from allauth.socialaccount.providers.openid_connect.views import (
    OpenIDConnectOAuth2Adapter,
)
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

NONCES = "single_sign_on_nonces"
CLOCKS_DIFFER = 60  # seconds
SIGNED_BY = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"}


class SingleSignOnClient(OpenIDConnectOAuth2Adapter):
    """Talks with the provider, and believes what it has signed for this request."""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        base_url: str = settings.BASE_URL
        return base_url.rstrip("/") + reverse("single_sign_on_callback")

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **details: Any
    ) -> SocialLogin:
        """Check the provider's word and give who it says has signed in.

        Raises OAuth2Error if the token is not signed by it, for us, and for the very
        request this browser sent.
        """
        try:
            claims = self._claims(app, details["response"]["id_token"])
            self._spend_nonce(request, claims)
            person = self._fetch_user_info(token.token)
            if person["sub"] != claims["sub"]:
                raise OAuth2Error("The provider speaks of two people")
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The provider's answer cannot be read") from error
        return self.get_provider().sociallogin_from_response(
            request, {"userinfo": person}
        )

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """What the provider has signed, once the signature and its terms are checked.

        Not the library's own way, which trusts the connection in place of the
        signature and takes only keys that have a name.
        """
        config = self.openid_config
        issuer = str(app.settings["server_url"])
        if config["issuer"].rstrip("/") != issuer.rstrip("/"):
            raise OAuth2Error("Another provider answers than the one set up")
        try:
            header = jwt.get_unverified_header(id_token)
            if header.get("alg") not in SIGNED_BY:
                raise OAuth2Error("The token is not signed with a key of the provider")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                self._key(header.get("kid")),
                algorithms=[header["alg"]],
                audience=app.client_id,
                issuer=config["issuer"],
                leeway=CLOCKS_DIFFER,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("The token is not good") from error
        return claims

    def _key(self, name: str | None) -> Any:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        fitting = [each for each in keys if name in (None, each.key_id)]
        if not fitting:
            raise OAuth2Error("The provider has no such key")
        return fitting[0].key

    def _spend_nonce(self, request: HttpRequest, claims: dict[str, Any]) -> None:
        nonces = request.session.get(NONCES, [])
        if claims["nonce"] not in nonces:
            raise OAuth2Error("The token is not meant for this request")
        request.session[NONCES] = [each for each in nonces if each != claims["nonce"]]


class SingleSignOnProvider(OpenIDConnectProvider):
    """One provider for the whole portal, set up by the environment."""

    id = "single_sign_on"
    oauth2_adapter_class = SingleSignOnClient
    pkce_enabled_default = True

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("single_sign_on_login")

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Ask for no more than we need, whatever stands in the address."""
        nonce = secrets.token_urlsafe(24)
        request.session[NONCES] = [*request.session.get(NONCES, []), nonce][-5:]
        asked: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        return asked | {
            "process": AuthProcess.LOGIN,
            "scope": ["openid", "profile", "email"],
            "auth_params": {"nonce": nonce},
        }

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """The address, checked only if the provider says so and nothing else."""
        person = data["userinfo"]
        is_checked = str(person.get("email_verified")).lower() == "true"
        email = str(person.get("email") or "")
        return [EmailAddress(email=email, verified=is_checked)] if email else []

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}  # what the provider tells of a person is not kept


provider_classes = [SingleSignOnProvider]

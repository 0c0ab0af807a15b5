"""Keeping what was typed in a form whose session had ended.

Signing in leaves a signed cookie that outlives the session: whose browser this was,
and which form tokens were given out to them. What comes without a session, or with the
token of an earlier one, is kept for that person if the token is one of theirs. So the
next person at a shared computer never sees it, and no other site can slip a text in.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

# Django's own way of reading a token back; a test tells when it changes.
from django.middleware.csrf import (  # type: ignore[attr-defined]
    CSRF_TOKEN_LENGTH,
    _check_token_format,
    _unmask_cipher_token,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import entrance
from accounts.models import KeptForm, User

COOKIE = "kipp_person"
COOKIE_SECONDS = 2 * 24 * 3600
SALT = "accounts.keeping"
TOKENS = 5
MAX_BYTES = 1024 * 1024
PER_PERSON = 20
# Marks the form that sends a kept text again.
MARK = "kept_form"
NOT_TEXT = {"csrfmiddlewaretoken", "autosave", MARK}
SECRET_WORDS = ("password", "sandi", "secret", "credential")


def remember_person(
    request: HttpRequest, response: HttpResponse, user: AbstractBaseUser
) -> None:
    """Leave the cookie that says whose forms this browser shows from now on."""
    person, tokens = _read_cookie(request)
    if person != user.pk:
        tokens = []
    if secret := request.META.get("CSRF_COOKIE"):
        tokens = [*tokens, _digest(secret)][-TOKENS:]
    response.set_cookie(
        COOKIE,
        signing.dumps({"person": user.pk, "tokens": tokens}, salt=SALT),
        max_age=COOKIE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def typist(request: HttpRequest) -> User | None:
    """Who typed what `request` sends, as far as it can be known for certain."""
    person, tokens = _read_cookie(request)
    token = request.POST.get("csrfmiddlewaretoken", "")
    if person is None or _token_digest(token) not in tokens:
        return None
    if request.user.is_authenticated and request.user.pk != person:
        return None
    return User.objects.filter(pk=person, is_active=True).first()


def content(request: HttpRequest) -> list[list[str]] | None:
    """What was typed, without passwords; None if nothing, or more than is kept.

    Null bytes go: no form takes them, and the database cannot hold them.
    """
    pairs = [
        [name.replace("\0", ""), text.replace("\0", "")]
        for name, texts in request.POST.lists()
        if name not in NOT_TEXT and not is_secret(name)
        for text in texts
    ]
    is_kept = pairs and len(json.dumps(pairs).encode()) <= MAX_BYTES
    return pairs if is_kept else None


def is_secret(name: str) -> bool:
    """Whether the field `name` holds what is never kept or shown again."""
    return any(word in name.lower() for word in SECRET_WORDS)


def keep(request: HttpRequest) -> KeptForm | None:
    """Keep the text that `request` sends for the person who typed it, if any.

    The same text is kept once. Of one person the newest `PER_PERSON` stay.
    """
    try:
        user, fields = typist(request), content(request)
    except (MultiPartParserError, RequestDataTooBig, TooManyFilesSent):
        return None
    if user is None or fields is None:
        return None
    at = request.received_at  # type: ignore[attr-defined]
    details: dict[str, Any] = {
        "path": request.get_full_path()[:2000],
        "page": _page(request)[:2000],
        "fields": fields,
        "files": [str(each) for each in request.FILES.values()],
    }
    mine = KeptForm.objects.typed_by(user)
    kept = mine.fresh(at).filter(path=details["path"], fields=fields).first()
    if kept is None:
        kept = KeptForm.objects.create(user=user, created_at=at, **details)
        newest = mine.order_by("-created_at", "-pk").values("pk")[:PER_PERSON]
        mine.exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
    return kept


def way_back(request: HttpRequest) -> HttpResponse | None:
    """Keep what `request` sends, and lead to where its typist gets it back.

    None if it sends nothing that can be kept.
    """
    kept = keep(request) if request.method == "POST" else None
    if kept is None:
        return None
    if request.user.is_authenticated:
        return redirect(kept.get_absolute_url())
    messages.info(
        request, _("What you typed is kept. Sign in, and it is shown to you again.")
    )
    # Not to the kept text itself: somebody else may sign in here next.
    login_url = reverse(settings.LOGIN_URL)
    return redirect(f"{login_url}?{urlencode({'next': kept.page})}")


def _page(request: HttpRequest) -> str:
    """Where the form stands: the page that sent it, or else where it was sent."""
    parts = urlsplit(request.META.get("HTTP_REFERER", ""))
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    is_ours = parts.netloc == request.get_host() and entrance.is_inside(path)
    return path if is_ours else request.get_full_path()


def _read_cookie(request: HttpRequest) -> tuple[int | None, list[str]]:
    try:
        found = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_SECONDS
        )
        return int(found["person"]), list(found["tokens"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None, []


def _token_digest(token: str) -> str:
    try:
        _check_token_format(token)
    except Exception:  # whatever Django calls a token that is none
        return ""
    is_masked = len(token) == CSRF_TOKEN_LENGTH
    return _digest(_unmask_cipher_token(token) if is_masked else token)


def _digest(secret: str) -> str:
    return salted_hmac(SALT, secret, algorithm="sha256").hexdigest()[:32]

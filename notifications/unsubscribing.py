"""The signed link with which a mail is wished away: no signing in, one press."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from notifications.kinds import MessageKind, find

_SALT = "notifications.unsubscribe"


@dataclass(frozen=True)
class Wish:
    """Whose mails of which kind are no longer wanted."""

    user_id: int
    kind: MessageKind


def url_of(user_id: int, kind: MessageKind) -> str:
    """Give the whole address to unsubscribe at; "" for a compulsory kind."""
    if kind.is_compulsory:
        return ""
    token = signing.dumps([user_id, kind.key], salt=_SALT)
    path = reverse("notifications:unsubscribe", args=[token])
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def read_token(token: str) -> Wish | None:
    """Give what a link says; None if we did not sign it or the kind is gone.

    It does not expire: a mail of years ago must still unsubscribe.
    """
    try:
        user_id, key = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    kind = find(key)
    if kind is None or kind.is_compulsory:
        return None
    return Wish(user_id, kind)

"""Who is told what about the keys to their account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.services import notify


def password_changed(user: User, *, at: datetime) -> None:
    _tell(user, "password_changed", _("Your password was changed"), at=at)


def second_factor_added(user: User, *, kind: str, at: datetime) -> None:
    what = _("A second factor was added to your account: %(kind)s") % {"kind": kind}
    _tell(user, "second_factor_added", what, at=at)


def second_factor_removed(user: User, *, kind: str, at: datetime) -> None:
    what = _("A second factor was removed from your account: %(kind)s") % {"kind": kind}
    _tell(user, "second_factor_removed", what, at=at)


def recovery_codes_renewed(user: User, *, at: datetime) -> None:
    what = _("New recovery codes were made for your account")
    _tell(user, "recovery_codes_renewed", what, at=at)


def second_factor_reset(
    user: User, *, actor: User, reason: str, at: datetime, scope: str
) -> None:
    what = _("The second factor of your account was reset by %(actor)s") % {
        "actor": actor
    }
    _tell(user, "second_factor_reset", what, {"reason": reason}, at=at, scope=scope)


def email_changed(user: User, *, new: str, at: datetime) -> None:
    """Tell the address that was; call it before the new one is written."""
    what = _("The e-mail address of your account is now %(email)s") % {"email": new}
    _tell(user, "email_changed", what, at=at)


def _tell(
    user: User,
    kind: str,
    what: str,
    details: Mapping[str, Any] | None = None,
    *,
    at: datetime,
    scope: str = "",
) -> None:
    notify(
        recipients=[user],
        kind=f"account.{kind}",
        key=f"{user.pk}:{at.isoformat()}",
        template="accounts/emails/account_secured",
        context={"what": what, "at": at, "reason": "", **(details or {})},
        path=reverse("mfa_index"),
        at=at,
        scope=scope,
    )

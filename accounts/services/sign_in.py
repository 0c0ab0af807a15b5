"""The keys to an account: address, second factor, open sessions."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import sign_in_notices
from accounts.models import KeptForm, SignInLimit, User
from core import audit
from core.errors import DomainError


class EmailNotChanged(DomainError):
    """The address has an account already, or was changed in the meantime."""


class SecondFactorNotReset(DomainError):
    """The person has no second factor, or is the one who asks."""


def change_email(
    *, user: User, email: str, before: str, actor: User, at: datetime
) -> User:
    """Let `user` sign in with `email` instead of `before`, and tell the old address.

    Raises EmailNotChanged if the address is no longer `before` or `email` is taken.
    """
    email = email.strip().lower()
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if user.email != before:
            raise EmailNotChanged(_("This link was used already or is out of date."))
        if User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
            raise EmailNotChanged(_("This address cannot be used. Choose another."))
        sign_in_notices.email_changed(user, new=email, at=at)
        user.email = email
        user.save(update_fields=["email"])
        audit.record(
            "user.email_changed",
            actor=actor,
            target=user,
            at=at,
            changes={"email": [before, email]},
        )
    return user


def reset_second_factor(
    *, user: User, actor: User, at: datetime, reason: str, scope: str = ""
) -> User:
    """Take a lost second factor from `user`, who must set up a new one.

    Ends their open sessions, and tells them. `scope` is the code of the government
    that answers for it; the caller has asked `permissions.can_reset_second_factor`.

    Raises SecondFactorNotReset if there is none, or it is the actor's own.
    """
    if user.pk == actor.pk:
        raise SecondFactorNotReset(_("Somebody else must reset your second factor."))
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        factors = Authenticator.objects.filter(user=user)
        kinds = sorted(factors.values_list("type", flat=True))
        if not kinds:
            raise SecondFactorNotReset(_("This person has no second factor."))
        factors.delete()
        audit.record(
            "second_factor.reset",
            actor=actor,
            target=user,
            at=at,
            scope=scope,
            reason=reason,
            changes={"kinds": kinds},
        )
        sign_in_notices.second_factor_reset(
            user, actor=actor, reason=reason, at=at, scope=scope
        )
        transaction.on_commit(lambda: _sign_out_everywhere(user))
    return user


def end_session(*, session: UserSession, at: datetime) -> None:
    """Sign out one browser of its owner."""
    user, address = session.user, session.ip
    session.end()
    audit.record(
        "session.ended",
        actor=user,
        target=user,
        at=at,
        changes={"count": 1, "address": address},
    )


def end_sessions(*, user: User, at: datetime, but: str = "") -> int:
    """Sign out the browsers of `user` but the one with the session key `but`.

    Gives how many there were.
    """
    open_sessions = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for session in open_sessions:
        session.end()
    if open_sessions:
        changes = {"count": len(open_sessions)}
        audit.record("session.ended", actor=user, target=user, at=at, changes=changes)
    return len(open_sessions)


def _sign_out_everywhere(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def note_password_changed(*, user: User, at: datetime) -> None:
    """Put a new password on record, and tell its owner."""
    with transaction.atomic():
        audit.record("password.changed", actor=user, target=user, at=at)
        sign_in_notices.password_changed(user, at=at)


def note_second_factor_added(
    *, user: User, factor: Authenticator, at: datetime
) -> None:
    """Put a new second factor on record, and tell its owner.

    Recovery codes come with the first one: of them there is nothing to tell.
    """
    if factor.type == Authenticator.Type.RECOVERY_CODES:
        return
    with transaction.atomic():
        _record(user, "second_factor.added", factor, at)
        sign_in_notices.second_factor_added(user, kind=kind_of(factor), at=at)


def note_second_factor_removed(
    *, user: User, factor: Authenticator, at: datetime
) -> None:
    """Put a removed second factor on record, and tell its owner."""
    if factor.type == Authenticator.Type.RECOVERY_CODES:
        return
    with transaction.atomic():
        _record(user, "second_factor.removed", factor, at)
        sign_in_notices.second_factor_removed(user, kind=kind_of(factor), at=at)


def note_recovery_codes_renewed(
    *, user: User, factor: Authenticator, at: datetime
) -> None:
    """Put new recovery codes on record, and tell their owner."""
    with transaction.atomic():
        _record(user, "recovery_codes.renewed", factor, at)
        sign_in_notices.recovery_codes_renewed(user, at=at)


def kind_of(factor: Authenticator) -> str:
    """What people call a second factor."""
    if factor.type == Authenticator.Type.WEBAUTHN:
        return _("passkey")
    return _("authenticator app")


def forget_kept_forms(*, at: datetime) -> int:
    """Delete what was kept of forms for longer than a day; give how many.

    Counts of tries whose window is over go as well.
    """
    SignInLimit.objects.filter(expires__lt=at).delete()
    return KeptForm.objects.stale(at).delete()[0]


def _record(user: User, action: str, factor: Authenticator, at: datetime) -> None:
    changes = {"type": factor.type}
    audit.record(action, actor=user, target=user, at=at, changes=changes)

"""Closing an account, and taking the person's data out of it (rule DAT-04)."""

import secrets
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Invitation, KeptForm, Membership, User
from accounts.services.people import end_membership_at_once
from core import audit
from notifications.services import forget_person

# Without those that are taken for others.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8


def close_account(*, user: User, actor: User | None, at: datetime) -> User:
    """End the roles and sessions of a person, who signs in no more.

    Name and address stay beside what the person did; telephone and NIP go. Raises what
    `end_membership_at_once` raises where a role cannot end.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        _end_roles(user, actor, at)
        _shut(user)
        user.save(update_fields=["is_active", "password", "phone", "employee_number"])
        audit.record("user.deactivated", actor=actor, target=user, at=at)
    return user


def pseudonymise(*, user: User, actor: User | None, at: datetime) -> User:
    """Close an account and take from it all that names the person.

    Official records keep pointing at the account, so that who decided what stays one
    person; which one is known no more. The trail and sealed results are not touched:
    they hold the name as part of the record (docs/decisions, personal data).
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        _end_roles(user, actor, at)
        address = user.email
        code = "".join(secrets.choice(_LETTERS) for _number in range(CODE_LENGTH))
        _shut(user)
        with translation.override(settings.LANGUAGE_CODE):
            user.name = _("Deleted person #%(code)s") % {"code": code}
        user.email = f"{code.lower()}@dihapus.invalid"
        user.is_system_admin = False
        user.pseudonymised_at = at
        user.save()
        _forget_sign_in(user)
        _forget_invitations(user, address)
        forget_person(recipient=user, address=address, stand_in=user.email)
        audit.record("user.pseudonymised", actor=actor, target=user, at=at)
    return user


def _shut(user: User) -> None:
    """Nobody gets in any more, and open sessions end."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    user.is_active = False
    user.set_unusable_password()
    user.phone = ""
    user.employee_number = ""


def _end_roles(user: User, actor: User | None, at: datetime) -> None:
    """End at once what is in force, and what is to come before it begins."""
    held = Membership.objects.filter(user=user).standing(at)
    for membership in held.order_by("pk"):
        end_membership_at_once(
            membership=membership,
            reason=_("The account was closed."),
            actor=actor,
            at=at,
        )


def _forget_sign_in(user: User) -> None:
    """Take what the library keeps for signing in, and what was typed and kept."""
    kept: list[Any] = [
        EmailAddress,
        Authenticator,
        UserSession,
        SocialAccount,
        KeptForm,
    ]
    for model in kept:
        model.objects.filter(user=user).delete()


def _forget_invitations(user: User, address: str) -> None:
    Invitation.objects.filter(Q(accepted_by=user) | Q(email__iexact=address)).exclude(
        state=Invitation.State.OPEN
    ).update(name=user.name, email=user.email)
    Invitation.objects.open().filter(email__iexact=address).delete()

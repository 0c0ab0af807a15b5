"""How a person wants to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from notifications import chats, kinds
from notifications.message_kinds import DIGEST
from notifications.models import (
    ChatConsent,
    ChatScope,
    Delivery,
    MailMode,
    Preference,
)
from notifications.unsubscribing import Wish


class NumberRefused(DomainError):
    """No chat can be opened under this number."""


@dataclass(frozen=True)
class Choice:
    """What somebody wants for one kind."""

    mail: str = MailMode.AT_ONCE
    by_whatsapp: bool = False

    @property
    def is_default(self) -> bool:
        return self == Choice()


def save_preferences(
    *, user: AbstractBaseUser, choices: Mapping[str, Choice], at: datetime
) -> None:
    """Keep `choices` by kind; kinds that are not named stay as they are.

    The mail of a compulsory kind is sent whatever is chosen. Holds for what is written
    from now on.
    """
    with transaction.atomic():
        # Two tabs may save together: the person's row is the lock.
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        stored = {
            each.kind: each for each in Preference.objects.filter(user_id=user.pk)
        }
        changes = {}
        for key, asked in choices.items():
            if kinds.kind(key).is_compulsory:
                asked = Choice(by_whatsapp=asked.by_whatsapp)
            row = stored.get(key)
            held = Choice(row.mail, row.by_whatsapp) if row else Choice()
            if asked != held:
                changes[key] = [_in_words(held), _in_words(asked)]
                _store(user, key, asked)
        if changes:
            audit.record(
                "preferences.changed", actor=user, target=user, at=at, changes=changes
            )


def _store(user: AbstractBaseUser, key: str, choice: Choice) -> None:
    rows = Preference.objects.filter(user_id=user.pk, kind=key)
    if choice.is_default:
        rows.delete()
        return
    values = {"mail": choice.mail, "by_whatsapp": choice.by_whatsapp}
    rows.update_or_create(user_id=user.pk, kind=key, defaults=values)


def _in_words(choice: Choice) -> str:
    return f"{choice.mail}+whatsapp" if choice.by_whatsapp else str(choice.mail)


def unsubscribe(*, wish: Wish, at: datetime) -> None:
    """Send no more mails of a kind; of the digest: tell its news in the portal only."""
    user = get_user_model()._default_manager.filter(pk=wish.user_id).first()
    if user is None:
        return
    with transaction.atomic():
        held = {each.kind: each for each in Preference.objects.filter(user_id=user.pk)}
        if wish.kind is DIGEST:
            keys = [key for key, each in held.items() if each.mail == MailMode.DAILY]
        else:
            keys = [wish.kind.key]
        choices = {
            key: Choice(
                MailMode.PORTAL, held[key].by_whatsapp if key in held else False
            )
            for key in keys
        }
        save_preferences(user=user, choices=choices, at=at)


def agree_to_chat(*, user: AbstractBaseUser, phone: str, at: datetime) -> ChatConsent:
    """Note that the person wants to be written to by WhatsApp under `phone`.

    The portal itself writes there once the number is proved, see `proving`.

    Raises NumberRefused if no chat can be opened under it.
    """
    number = chats.chat_number(phone)
    if not number:
        raise NumberRefused(
            _("Write the number of a mobile phone, as in 0812 3456 7890.")
        )
    with transaction.atomic():
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        held = ChatConsent.objects.given().filter(user_id=user.pk).first()
        if held and held.number == number:
            return held
        _end(user, at)
        consent = ChatConsent.objects.create(
            user_id=user.pk, number=number, given_at=at
        )
        audit.record("chat_consent.given", actor=user, target=consent, at=at)
    return consent


def end_chat(*, user: AbstractBaseUser, at: datetime) -> None:
    """Write to the person by WhatsApp no more; what waits is left out."""
    with transaction.atomic():
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        consent = _end(user, at)
        if consent:
            audit.record("chat_consent.ended", actor=user, target=consent, at=at)


def _end(user: AbstractBaseUser, at: datetime) -> ChatConsent | None:
    consent = ChatConsent.objects.given().filter(user_id=user.pk).first()
    if consent is None:
        return None
    consent.ended_at = at
    consent.save(update_fields=["ended_at"])
    Delivery.objects.filter(
        message__recipient=user.pk,
        channel=Delivery.Channel.WHATSAPP,
        state=Delivery.State.PENDING,
    ).update(
        state=Delivery.State.SKIPPED,
        secret="",
        error=_("The person no longer wants to be written to by WhatsApp."),
    )
    return consent


def open_chats(*, scope: str, actor: AbstractBaseUser, at: datetime) -> None:
    """Let messages in the name of `scope` also go out by WhatsApp."""
    with transaction.atomic():
        row, is_new = ChatScope.objects.get_or_create(
            scope=scope, defaults={"opened_by": cast(Any, actor), "opened_at": at}
        )
        if is_new:
            audit.record(
                "chat_scope.opened", actor=actor, target=row, at=at, scope=scope
            )


def close_chats(*, scope: str, actor: AbstractBaseUser, at: datetime) -> None:
    """Let messages in the name of `scope` go out by WhatsApp no more."""
    with transaction.atomic():
        row = ChatScope.objects.select_for_update().filter(scope=scope).first()
        if row:
            audit.record(
                "chat_scope.closed", actor=actor, target=row, at=at, scope=scope
            )
            row.delete()

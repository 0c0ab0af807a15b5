"""That a number for WhatsApp is the person's own: a code goes there and comes back."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core import audit
from core.background import enqueue
from core.errors import DomainError
from notifications import proof, tasks
from notifications.channels import whatsapp
from notifications.emails import LINK_MARK
from notifications.message_kinds import CHAT_CODE
from notifications.models import (
    CODE_MINUTES,
    CODE_WINDOW,
    ChatCode,
    ChatConsent,
    Delivery,
    Message,
)

CODES_A_DAY = 5
PAUSE = timedelta(minutes=1)


class CodeNotSent(DomainError):
    """No code can be sent to the number now."""


class NumberNotProved(DomainError):
    """The code does not fit, is out of date, or was tried too often."""


def send_chat_code(*, user: AbstractBaseUser, at: datetime) -> ChatCode:
    """Send a code to the number that the person gave; it replaces those before.

    Raises CodeNotSent without a number to prove or a gateway, and where the person or
    the number has had enough codes. Source: rule MSG-03 in docs/rules.md.
    """
    if whatsapp.gateway() is None:
        raise CodeNotSent(_("This portal cannot write by WhatsApp itself."))
    with transaction.atomic():
        consent = _unproved(user)
        if consent is None:
            raise CodeNotSent(_("There is no number that waits to be proved."))
        ChatCode.objects.filter(created_at__lte=at - CODE_WINDOW).delete()
        _refuse_too_many(consent, at)
        secret = proof.new_code()
        code = ChatCode.objects.create(
            consent=consent, digest=proof.digest_of(secret, consent), created_at=at
        )
        _write(user, code, secret, at)
        audit.record("chat_code.sent", actor=user, target=consent, at=at)
    return code


def prove_number(*, user: AbstractBaseUser, code: str, at: datetime) -> ChatConsent:
    """Let the portal write to the number whose newest code the person has typed.

    Raises NumberNotProved, and counts the miss. Source: rule MSG-03 in docs/rules.md.
    """
    with transaction.atomic():
        consent = _unproved(user)
        newest = (
            ChatCode.objects.filter(consent=consent).order_by("-pk").first()
            if consent
            else None
        )
        usable = newest and ChatCode.objects.usable(at).filter(pk=newest.pk).exists()
        if consent is None or newest is None or not usable:
            raise NumberNotProved(
                _("This code is out of date or was tried too often. Ask for a new one.")
            )
        if is_right := proof.fits(code, newest, consent):
            consent.proved_at = at
            consent.save(update_fields=["proved_at"])
            audit.record("chat_consent.proved", actor=user, target=consent, at=at)
        else:
            ChatCode.objects.filter(pk=newest.pk).update(misses=F("misses") + 1)
    # The miss is committed before the refusal is raised: else it would not count.
    if not is_right:
        raise NumberNotProved(
            _("The code is not right. Type the one that was sent to you last.")
        )
    return consent


def _unproved(user: AbstractBaseUser) -> ChatConsent | None:
    """The number that waits to be proved; the person's row is the lock."""
    get_user_model()._default_manager.select_for_update().get(pk=user.pk)
    return ChatConsent.objects.given().filter(user_id=user.pk, proved_at=None).first()


def _refuse_too_many(consent: ChatConsent, at: datetime) -> None:
    with connection.cursor() as cursor:  # several people may ask for one number
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('notifications.number'),"
            " hashtext(%s))",
            [consent.number],
        )
    counted = ChatCode.objects.counted(at)
    own = counted.filter(consent__user=consent.user_id)
    if own.filter(created_at__gt=at - PAUSE).exists():
        raise CodeNotSent(_("A code has just been sent. Wait a minute."))
    to_number = counted.filter(consent__number=consent.number)
    if own.count() >= CODES_A_DAY or to_number.count() >= CODES_A_DAY:
        raise CodeNotSent(
            _("Enough codes were sent for today. Ask for one again tomorrow.")
        )


def _write(user: AbstractBaseUser, code: ChatCode, secret: str, at: datetime) -> None:
    """Put the code into the outbox; who reads it by mistake learns no name."""
    language = getattr(user, "language", "")
    with translation.override(language or settings.LANGUAGE_CODE):
        text = _(
            "%(code)s is your code for the page of your notifications. It works for "
            "%(minutes)d minutes. Give it to nobody. If you did not ask for it, do "
            "nothing: the portal then writes no more to this number."
        ) % {"code": LINK_MARK, "minutes": CODE_MINUTES}
        message = Message.objects.create(
            recipient_id=user.pk,
            kind=CHAT_CODE.key,
            key=str(code.pk),
            subject=_("Code for your WhatsApp number"),
            body_text=text,
            body_html="",
            path=reverse("notifications:preference_edit"),
            created_at=at,
            read_at=at,  # it is no news in the portal
            expires_at=at + timedelta(minutes=CODE_MINUTES),
        )
    delivery = Delivery.objects.create(
        message=message,
        channel=Delivery.Channel.WHATSAPP,
        address=code.consent.number,
        secret=secret,
        next_attempt_at=at,
    )
    enqueue(tasks.deliver_message, delivery.pk)

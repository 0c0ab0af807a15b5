"""Sending again what has failed."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.background import enqueue
from core.errors import DomainError
from notifications import tasks, ways
from notifications.emails import LINK_MARK
from notifications.models import ChatConsent, Delivery


class NotRetryable(DomainError):
    """This delivery cannot be sent again."""


def retry_delivery(
    *, delivery: Delivery, actor: AbstractBaseUser, at: datetime
) -> Delivery:
    """Send again what failed or came back, to where the person is reached now.

    Raises NotRetryable if it neither failed nor came back, went with a digest, held a
    link that is forgotten, or nobody is there to be written to any more.
    """
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("message__recipient")
            .get(pk=delivery.pk)
        )
        _check(delivery)
        old = delivery.address
        delivery.address = _address_now(delivery)
        delivery.state = Delivery.State.PENDING
        delivery.attempts = 0
        delivery.sent_at = None
        delivery.error = ""
        delivery.next_attempt_at = at
        delivery.save(
            update_fields=[
                "address",
                "state",
                "attempts",
                "sent_at",
                "error",
                "next_attempt_at",
            ]
        )
        delivery.delivery_set.filter(
            state__in=[Delivery.State.FAILED, Delivery.State.BOUNCED]
        ).update(state=Delivery.State.PENDING, sent_at=None, error="")
        audit.record(
            "delivery.retried",
            actor=actor,
            target=delivery,
            at=at,
            scope=delivery.message.scope,
            changes={"address": [old, delivery.address]}
            if old != delivery.address
            else None,
        )
        enqueue(tasks.deliver_message, delivery.pk)
    return delivery


def can_retry(delivery: Delivery) -> bool:
    """Whether `retry_delivery` would; reads the message, and asks for a consent."""
    try:
        _check(delivery)
        _address_now(delivery)
    except NotRetryable:
        return False
    return True


def _check(delivery: Delivery) -> None:
    if not delivery.is_failed and not delivery.is_bounced:
        raise NotRetryable(_("Only what failed or came back can be sent again."))
    if delivery.is_for_digest:
        raise NotRetryable(_("This went with a daily digest. Send the digest again."))
    if LINK_MARK in delivery.message.body_text:
        raise NotRetryable(
            _("The link in this mail is forgotten. Send the invitation again instead.")
        )
    if not delivery.message.body_text:
        raise NotRetryable(_("The text of this message is deleted."))


def _address_now(delivery: Delivery) -> str:
    person = delivery.message.recipient
    if person is None:
        return delivery.address
    if not person.is_active:
        raise NotRetryable(_("The account of this person is closed."))
    if not delivery.is_by_whatsapp:
        return ways.address_of(person)
    consent = ChatConsent.objects.given().filter(user_id=person.pk).first()
    if consent is None:
        raise NotRetryable(
            _("The person no longer wants to be written to by WhatsApp.")
        )
    return consent.number

"""Handing a delivery to its channel, once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from notifications import troubles
from notifications.channels import mail, whatsapp
from notifications.channels.outcomes import Accepted, Outcome, Refused, TryLater
from notifications.emails import LINK_MARK
from notifications.models import (
    AddressTrouble,
    ChatConsent,
    Delivery,
    DeliveryQuerySet,
)

# After attempt 1, 2, …; when they are used up the delivery has failed.
RETRY_DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
# What failed longer ago is sent again singly, if at all: its time is over.
GIVEN_UP_WITHIN = timedelta(days=14)
SENDERS = {
    Delivery.Channel.EMAIL: mail.send,
    Delivery.Channel.WHATSAPP: whatsapp.send,
}


def deliver(*, delivery_id: int, at: datetime) -> bool:
    """Send one delivery that is due at `at`; tell whether it was sent.

    What makes no sense any more, after an outage, is left out and says so.

    The row stays locked from before the first word to the other side until "sent" is
    committed: a second worker passes it by, and a worker that dies leaves it waiting.
    Dying between the other side's last answer and the commit sends it again, under the
    same Message-ID or idempotency key; no order of the two steps can avoid both that
    and a loss.
    """
    with transaction.atomic():
        delivery = (
            Delivery.objects.due(at)
            .on_their_own()
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("message")
            .filter(pk=delivery_id)
            .first()
        )
        if delivery is None:
            return False
        if delivery.message.is_out_of_date(at):
            delivery.state = Delivery.State.SKIPPED
            delivery.error = _("It was out of date before it could be sent.")
        else:
            delivery.attempts += 1
            _note(delivery, SENDERS[Delivery.Channel(delivery.channel)](delivery), at)
        if not delivery.is_pending:
            delivery.secret = ""
            _carry_along(delivery)
        delivery.save(
            update_fields=[
                "state",
                "attempts",
                "next_attempt_at",
                "sent_at",
                "error",
                "secret",
                "reference",
            ]
        )
    return delivery.is_sent


def _note(delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    match outcome:
        case Accepted(reference):
            delivery.state = Delivery.State.SENT
            delivery.sent_at = at
            delivery.error = ""
            delivery.reference = reference
        case Refused(reason, blames_address):
            delivery.state = Delivery.State.FAILED
            delivery.error = reason
            if blames_address:
                troubles.count(delivery.address, reason, at=at)
        case TryLater(reason, wait):
            delivery.error = reason
            if delivery.attempts > len(RETRY_DELAYS):
                delivery.state = Delivery.State.FAILED
            else:
                usual = RETRY_DELAYS[delivery.attempts - 1]
                delivery.next_attempt_at = at + max(usual, wait)


def _carry_along(mail_of_digest: Delivery) -> None:
    """What a digest tells of has gone the way of its mail."""
    mail_of_digest.delivery_set.filter(state=Delivery.State.PENDING).update(
        state=mail_of_digest.state,
        sent_at=mail_of_digest.sent_at,
        error=mail_of_digest.error,
    )


def given_up(deliveries: DeliveryQuerySet, at: datetime) -> DeliveryQuerySet:
    """Keep what failed since nobody took it for days, and may go out again at `at`.

    What was refused for good is left out, and whoever is not to be written to; so is
    what is out of date, holds a forgotten link, or has lost its text.
    """
    proved = ChatConsent.objects.proved().filter(user=OuterRef("message__recipient"))
    troubled = AddressTrouble.objects.filter(address=Lower(OuterRef("address")))
    return (
        deliveries.on_their_own()
        .filter(
            Q(message__recipient=None) | Q(message__recipient__is_active=True),
            Q(message__expires_at=None) | Q(message__expires_at__gt=at),
            ~Q(channel=Delivery.Channel.WHATSAPP) | Exists(proved),
            ~Exists(troubled),
            state=Delivery.State.FAILED,
            attempts__gt=len(RETRY_DELAYS),
            message__created_at__gt=at - GIVEN_UP_WITHIN,
        )
        .exclude(message__body_text="")
        .exclude(message__body_text__contains=LINK_MARK)
    )

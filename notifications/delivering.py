"""Handing a delivery to its channel, once."""

from datetime import datetime, timedelta

from django.db import transaction

from notifications import troubles
from notifications.channels import mail, whatsapp
from notifications.channels.outcomes import Accepted, Outcome, Refused, TryLater
from notifications.models import Delivery

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
SENDERS = {
    Delivery.Channel.EMAIL: mail.send,
    Delivery.Channel.WHATSAPP: whatsapp.send,
}


def deliver(*, delivery_id: int, at: datetime) -> bool:
    """Send one delivery that is due at `at`; tell whether it was sent.

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

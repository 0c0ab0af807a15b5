"""Handing a delivery to its channel, once."""

import logging
import smtplib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from notifications import emails
from notifications.models import Delivery

logger = logging.getLogger(__name__)

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


def deliver(*, delivery_id: int, at: datetime) -> bool:
    """Send one delivery that is due at `at`; tell whether it was sent.

    The row stays locked from before the first word to the mail server until "sent" is
    committed: a second worker passes it by, and a worker that dies leaves it waiting.
    Dying between the server's last answer and the commit sends it again, under the
    same Message-ID; no order of the two steps can avoid both that and a loss.
    """
    with transaction.atomic():
        delivery = (
            Delivery.objects.due(at)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("message")
            .filter(pk=delivery_id)
            .first()
        )
        if delivery is None:
            return False
        delivery.attempts += 1
        try:
            emails.build_email(delivery).send()
        except (smtplib.SMTPException, OSError) as error:
            _note_failure(delivery, error, at)
        else:
            delivery.state = Delivery.State.SENT
            delivery.sent_at = at
            delivery.error = ""
        if not delivery.is_pending:
            delivery.secret = ""
        delivery.save(
            update_fields=[
                "state",
                "attempts",
                "next_attempt_at",
                "sent_at",
                "error",
                "secret",
            ]
        )
    return delivery.is_sent


def _note_failure(delivery: Delivery, error: Exception, at: datetime) -> None:
    logger.warning("Delivery %s was not sent: %s", delivery.pk, error)
    delivery.error = _explain(error)
    if _is_final(error) or delivery.attempts > len(RETRY_DELAYS):
        delivery.state = Delivery.State.FAILED
    else:
        delivery.next_attempt_at = at + RETRY_DELAYS[delivery.attempts - 1]


def _is_final(error: Exception) -> bool:
    """Tell whether the mail server refused the address for good (codes 5xx)."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _reply in error.recipients.values()
    )


def _explain(error: Exception) -> str:
    """Say in words what went wrong, with what the other side answered."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [_decode(reply) for _code, reply in error.recipients.values()]
        return _("The address was refused: %(reply)s") % {"reply": "; ".join(replies)}
    if isinstance(error, smtplib.SMTPResponseException):
        return _("The mail server refused the mail: %(code)s %(reply)s") % {
            "code": error.smtp_code,
            "reply": _decode(error.smtp_error),
        }
    return _("The mail server could not be reached: %(reason)s") % {"reason": error}


def _decode(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply

"""Mails that left and came back, and the addresses they were for."""

import logging
from datetime import datetime
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from notifications import bounces, troubles, ways
from notifications.emails import LINK_MARK
from notifications.message_kinds import ADDRESS_CHECK
from notifications.models import AddressTrouble, Delivery, Message
from notifications.services.telling import notify_address

logger = logging.getLogger(__name__)


class AddressCheckRefused(DomainError):
    """No letter to check the address with can be sent now."""


def read_bounces(*, directory: Path, at: datetime) -> dict[str, int]:
    """Read the reports that wait in `directory`; give how many told what.

    A file goes out of the way only after what it says is noted: who is killed between
    the two reads it again, and finds the mail marked already.
    """
    counts = {"bounced": 0, "known": 0, "other": 0}
    for path in bounces.waiting(directory):
        report = bounces.read_report(bounces.content_of(path))
        if report is None:
            logger.warning("%s in the folder of bounces is no report", path.name)
            outcome = "other"
        else:
            outcome = "bounced" if note_bounce(report=report, at=at) else "known"
        bounces.put_away(directory, path, is_read=outcome != "other")
        counts[outcome] += 1
    return counts


def note_bounce(*, report: bounces.Report, at: datetime) -> bool:
    """Mark the mail of `report` as come back; tell whether that is new.

    A report about somebody else's address than the mail went to is not believed, and
    one that only tells of a delay changes nothing.
    """
    with transaction.atomic():
        delivery = (
            Delivery.objects.filter(
                pk=report.delivery_id,
                message__code=report.message_code,
                channel=Delivery.Channel.EMAIL,
            )
            .select_for_update()
            .first()
        )
        if (
            delivery is None
            or not delivery.is_sent
            or not report.is_final
            or delivery.address.lower() != report.recipient
        ):
            return False
        delivery.state = Delivery.State.BOUNCED
        delivery.error = _("Came back: %(reason)s") % {"reason": report.reason}
        delivery.save(update_fields=["state", "error"])
        delivery.delivery_set.filter(state=Delivery.State.SENT).update(
            state=Delivery.State.BOUNCED, error=delivery.error
        )
        troubles.count(delivery.address, delivery.error, at=at)
    return True


def send_address_check(*, user: AbstractBaseUser, at: datetime) -> None:
    """Mail a link to the person's own address: opening it shows that mails arrive.

    Raises AddressCheckRefused if mails arrive as it is, or one is on its way.
    """
    with transaction.atomic():
        address = ways.address_of(user)
        trouble = (
            AddressTrouble.objects.select_for_update()
            .filter(address=address.lower())
            .first()
        )
        if trouble is None:
            raise AddressCheckRefused(_("No mail to your address has come back."))
        key = f"{trouble.pk}:{at:%Y-%m-%dT%H}"
        if Message.objects.filter(kind=ADDRESS_CHECK.key, key=key).exists():
            raise AddressCheckRefused(
                _("A mail to check your address has just been sent. Wait an hour.")
            )
        notify_address(
            address=address,
            name=str(user),
            kind=ADDRESS_CHECK.key,
            key=key,
            template="notifications/emails/address_check",
            context={"hours": troubles.LINK_HOURS},
            path=reverse("notifications:address_confirm", args=[LINK_MARK]),
            secret=troubles.token_of(trouble),
            at=at,
        )
        audit.record("address.check_sent", actor=user, target=trouble, at=at)


def confirm_address(*, token: str, at: datetime) -> bool:
    """Write to an address again that a link proves to be read; tell if it was so."""
    with transaction.atomic():
        trouble = troubles.read_token(token)
        if trouble is None:
            return False
        audit.record("address.confirmed", actor=None, target=trouble, at=at)
        trouble.delete()
    return True

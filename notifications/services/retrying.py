"""Sending again what has failed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from core import audit
from core.background import enqueue, enqueue_each
from core.errors import DomainError
from notifications import delivering, tasks, ways
from notifications.emails import LINK_MARK
from notifications.models import Delivery, DeliveryQuerySet

AT_ONCE = 200


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


def retry_deliveries(
    *, deliveries: DeliveryQuerySet, actor: AbstractBaseUser, at: datetime
) -> int:
    """Send again all of `deliveries` that were given up; give how many.

    Two presses share them: what one has taken the other finds waiting. The first leave
    at once, the rest as the clock sweeps them up, so that a mail server that has just
    come back is not overrun. Source: rule MSG-04 in docs/rules.md.
    """
    with transaction.atomic():
        taken = list(
            delivering.given_up(deliveries, at)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("message__recipient")
            .defer("message__body_text", "message__body_html")
            .order_by("pk")
        )
        numbers = _numbers(taken)
        # Somebody may have taken their number out a moment ago.
        taken = [
            each
            for each in taken
            if not each.is_by_whatsapp or each.message.recipient_id in numbers
        ]
        if not taken:
            return 0
        moved = _moved(taken, numbers)
        Delivery.objects.bulk_update(moved, ["address"], batch_size=500)
        again = Delivery.objects.filter(pk__in=[each.pk for each in taken])
        again.update(
            state=Delivery.State.PENDING, next_attempt_at=at, attempts=0, error=""
        )
        carried = Delivery.objects.filter(carrier__in=again)
        carried.filter(state=Delivery.State.FAILED).update(
            state=Delivery.State.PENDING, error=""
        )
        _record_each(taken, actor, at)
        enqueue_each(tasks.deliver_message, [each.pk for each in taken[:AT_ONCE]])
    return len(taken)


def _numbers(taken: Sequence[Delivery]) -> Mapping[int, str]:
    """The numbers of those whom `taken` was to reach by WhatsApp."""
    return ways.numbers_of(
        [
            each.message.recipient_id
            for each in taken
            if each.is_by_whatsapp and each.message.recipient_id
        ]
    )


def _moved(taken: Sequence[Delivery], numbers: Mapping[int, str]) -> list[Delivery]:
    """Give those of `taken` whose reader is reached elsewhere now, changed to that."""
    moved = []
    for each in taken:
        person = each.message.recipient
        if person is None:
            continue
        now = numbers[person.pk] if each.is_by_whatsapp else ways.address_of(person)
        if now != each.address:
            each.address = now
            moved.append(each)
    return moved


def _record_each(
    taken: Sequence[Delivery], actor: AbstractBaseUser, at: datetime
) -> None:
    by_scope: dict[str, dict[Model, Mapping[str, int]]] = {}
    for each in taken:
        of_scope = by_scope.setdefault(each.message.scope, {})
        of_scope[each] = {"count": len(taken)}
    for scope, changes_of in by_scope.items():
        audit.record_each(
            "delivery.retried", actor=actor, changes_of=changes_of, at=at, scope=scope
        )


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
    number = ways.numbers_of([person.pk]).get(person.pk)
    if number is None:
        raise NotRetryable(
            _("The person has no number that may be written to by WhatsApp.")
        )
    return number

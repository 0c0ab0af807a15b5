"""The digest of the day: one mail with what came since the last."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.background import enqueue
from notifications import digests, tasks, ways
from notifications.message_kinds import DIGEST
from notifications.models import Delivery, Message


def write_digest(*, recipient_id: int, at: datetime) -> Message | None:
    """Write one person's digest of the day if there is something to tell.

    What the person has read in the portal meanwhile is left out. There is one digest
    a day in the person's own zone: what comes due after it waits for the next, and
    what waited while the clock stood still goes into one.
    """
    with transaction.atomic():
        # A second clock waits here, and then finds that all of it has a carrier.
        waiting = list(
            digests.waiting(at)
            .filter(message__recipient=recipient_id)
            .select_for_update(of=("self",))
            .select_related("message")
            .order_by("message__created_at", "pk")
        )
        if not waiting:
            return None
        person = get_user_model()._default_manager.get(pk=recipient_id)
        unread = _without_needless(person, waiting, at)
        if not unread:
            return None
        zone = ways.zones_of([person.pk])[person.pk]
        key = at.astimezone(ZoneInfo(zone)).date().isoformat()
        told = Message.objects.filter(recipient=person.pk, kind=DIGEST.key, key=key)
        if told.exists():
            _of(unread).update(next_attempt_at=ways.next_digest(zone, at))
            return None
        return _send(person, unread, key=key, zone=zone, at=at)


def _without_needless(
    person: AbstractBaseUser, waiting: Sequence[Delivery], at: datetime
) -> list[Delivery]:
    """Leave out what was read or is over, and all of it for whom no mail reaches."""
    address = ways.address_of(person)
    if not person.is_active or not address or ways.muted_among([address]):
        _skip(waiting, ways.muted_text() if person.is_active else "")
        return []
    _skip(
        [each for each in waiting if each.message.is_read],
        _("Read in the portal before the digest was written."),
    )
    unread = [each for each in waiting if not each.message.is_read]
    late = [each for each in unread if each.message.is_out_of_date(at)]
    _skip(late, _("It was out of date before it could be sent."))
    return [each for each in unread if each not in late]


def _send(
    person: AbstractBaseUser,
    unread: Sequence[Delivery],
    *,
    key: str,
    zone: str,
    at: datetime,
) -> Message:
    scopes = {each.message.scope for each in unread}
    scope = scopes.pop() if len(scopes) == 1 else ""
    notice = digests.write(person, unread, zone=zone)
    message = Message.objects.create(
        recipient_id=person.pk,
        kind=DIGEST.key,
        key=key,
        scope=scope,
        subject=notice.subject,
        body_text=notice.body_text,
        body_html=notice.body_html,
        path=reverse("notifications:message_list"),
        created_at=at,
        read_at=at,  # it repeats what stands in the portal anyway
    )
    mail = Delivery.objects.create(
        message=message,
        channel=Delivery.Channel.EMAIL,
        address=ways.address_of(person),
        next_attempt_at=at,
    )
    _of(unread).update(carrier=mail)
    enqueue(tasks.deliver_message, mail.pk)
    return message


def _skip(deliveries: Sequence[Delivery], why: str) -> None:
    _of(deliveries).update(state=Delivery.State.SKIPPED, error=why)


def _of(deliveries: Sequence[Delivery]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__in=[each.pk for each in deliveries])

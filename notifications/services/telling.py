"""Telling people: one message per person and event, and its deliveries."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from core.background import enqueue, enqueue_each
from notifications import emails, kinds, tasks, ways, wording
from notifications.kinds import MessageKind
from notifications.models import Delivery, Message, MessageTemplate


def notify(
    *,
    recipients: Iterable[AbstractBaseUser],
    kind: str,
    key: str,
    template: str,
    context: Mapping[str, Any],
    path: str,
    at: datetime,
    scope: str = "",
    channels: ways.Channels = None,
    expires_at: datetime | None = None,
) -> list[Message]:
    """Tell each of `recipients` once about the event `key`; give the new messages.

    Who was told of this `kind` and `key` before, and who is no longer active, is left
    out. `template` is "<app>/emails/<notice>", with files `.subject.txt`, `.body.txt`
    and `.body.html`, written from `context` with `recipient` and `url` (the whole
    address of `path`). `scope` is the code of the government that speaks: its people
    see what became of the mail. The mails leave when the caller's transaction commits,
    or with the digest of the day: as each person wishes, see `ways`. `channels` names
    the only ones to be used beside the notice in the portal. What makes no sense after
    `expires_at` does not wait for a digest that comes later, and is not sent then.
    """
    declared = kinds.kind(kind)
    people = {person.pk: person for person in recipients if person.is_active}
    url = f"{settings.BASE_URL.rstrip('/')}{path}"
    with transaction.atomic():
        told = set(
            Message.objects.filter(
                recipient__in=people, kind=kind, key=key
            ).values_list("recipient", flat=True)
        )
        new = {pk: person for pk, person in sorted(people.items()) if pk not in told}
        if not new:
            return []
        own = wording.own_template(scope=scope, kind=declared)
        drafts = [
            _write_message(person, declared, template, {**context, "url": url}, own=own)
            for person in new.values()
        ]
        for draft in drafts:
            draft.key, draft.path, draft.created_at = key, path, at
            draft.scope, draft.expires_at = scope, expires_at
        by_person = ways.ways_of(
            new.values(),
            declared,
            scope=scope,
            channels=channels,
            expires_at=expires_at,
            at=at,
        )
        return _store(drafts, by_person, at)


def notify_address(
    *,
    address: str,
    name: str,
    kind: str,
    key: str,
    template: str,
    context: Mapping[str, Any],
    path: str,
    secret: str,
    at: datetime,
    scope: str = "",
) -> Message:
    """Write to an address alone, once about the event `key`.

    As `notify`; the mail is all they get, whatever was wished. `path` holds
    `emails.LINK_MARK` where the mail shall show `secret`. The mark is what is stored:
    the secret itself waits with the delivery and is forgotten when the mail has left or
    has failed.
    """
    url = f"{settings.BASE_URL.rstrip('/')}{path}"
    recipient = emails.Addressee(name=name, email=address)
    notice = emails.write_notice(
        template,
        {**context, "recipient": recipient, "url": url},
        own=wording.own_template(scope=scope, kind=kinds.kind(kind)),
    )
    with transaction.atomic():
        message = Message.objects.create(
            addressee=name,
            address=address,
            kind=kind,
            key=key,
            subject=notice.subject,
            body_text=notice.body_text,
            body_html=notice.body_html,
            scope=scope,
            created_at=at,
        )
        delivery = Delivery.objects.create(
            message=message,
            channel=Delivery.Channel.EMAIL,
            address=address,
            secret=secret,
            next_attempt_at=at,
        )
        enqueue(tasks.deliver_message, delivery.pk)
    return message


def _write_message(
    person: AbstractBaseUser,
    kind: MessageKind,
    template: str,
    context: Mapping[str, Any],
    *,
    own: MessageTemplate | None,
) -> Message:
    values = {
        **context,
        "recipient": person,
        "unsubscribe_url": "" if kind.is_compulsory else emails.UNSUBSCRIBE_MARK,
    }
    notice = emails.write_notice(template, values, own=own)
    return Message(
        recipient_id=person.pk,
        kind=kind.key,
        subject=notice.subject,
        body_text=notice.body_text,
        body_html=notice.body_html,
    )


def _store(
    drafts: list[Message], by_person: Mapping[int, ways.Way], at: datetime
) -> list[Message]:
    # Another worker may tell the same people of the same event at this moment: the
    # constraint lets one of the two in, and ours are those found under our codes.
    Message.objects.bulk_create(drafts, ignore_conflicts=True)
    codes = [draft.code for draft in drafts]
    new = list(Message.objects.filter(code__in=codes).order_by("recipient_id"))
    deliveries = Delivery.objects.bulk_create(
        delivery
        for message in new
        if message.recipient_id
        for delivery in ways.deliveries_of(
            message, by_person[message.recipient_id], at=at
        )
    )
    enqueue_each(
        tasks.deliver_message,
        [each.pk for each in deliveries if each.is_pending and not each.is_for_digest],
    )
    return new

"""Telling people: one message per person and event, and its delivery."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from core.background import enqueue
from notifications import emails, tasks
from notifications.models import Delivery, Message


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
) -> list[Message]:
    """Tell each of `recipients` once about the event `key`; give the new messages.

    Who was told of this `kind` and `key` before, and who is no longer active, is left
    out. `template` is "<app>/emails/<notice>", with files `.subject.txt`, `.body.txt`
    and `.body.html`, written from `context` with `recipient` and `url` (the whole
    address of `path`). `scope` is the code of the government that speaks: its people
    see what became of the mail. The mails leave when the caller's transaction commits.
    """
    people = {person.pk: person for person in recipients if person.is_active}
    url = f"{settings.BASE_URL.rstrip('/')}{path}"
    with transaction.atomic():
        told = set(
            Message.objects.filter(
                recipient__in=people, kind=kind, key=key
            ).values_list("recipient", flat=True)
        )
        drafts = [
            _write_message(
                person, template, {**context, "recipient": person, "url": url}
            )
            for _pk, person in sorted(people.items())
            if person.pk not in told
        ]
        for draft in drafts:
            draft.kind, draft.key, draft.scope = kind, key, scope
            draft.path, draft.created_at = path, at
        return _store(drafts, people, at)


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
    """Write to somebody without an account, once about the event `key`.

    As `notify`; the mail alone is what they get. `path` holds `emails.LINK_MARK`
    where the mail shall show `secret`. The mark is what is stored: the secret itself
    waits with the delivery and is forgotten when the mail has left or has failed.
    """
    url = f"{settings.BASE_URL.rstrip('/')}{path}"
    recipient = emails.Addressee(name=name, email=address)
    notice = emails.write_notice(
        template, {**context, "recipient": recipient, "url": url}
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
        enqueue(tasks.deliver_email, delivery.pk)
    return message


def _write_message(
    person: AbstractBaseUser, template: str, context: Mapping[str, Any]
) -> Message:
    notice = emails.write_notice(template, context)
    return Message(
        recipient_id=person.pk,
        subject=notice.subject,
        body_text=notice.body_text,
        body_html=notice.body_html,
    )


def _store(
    drafts: list[Message], people: Mapping[int, AbstractBaseUser], at: datetime
) -> list[Message]:
    # Another worker may tell the same people of the same event at this moment: the
    # constraint lets one of the two in, and ours are those found under our codes.
    Message.objects.bulk_create(drafts, ignore_conflicts=True)
    codes = [draft.code for draft in drafts]
    new = list(Message.objects.filter(code__in=codes).order_by("recipient_id"))
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            message=message,
            channel=Delivery.Channel.EMAIL,
            address=address,
            next_attempt_at=at,
        )
        for message in new
        if message.recipient_id
        and (address := _email_address(people[message.recipient_id]))
    )
    for delivery in deliveries:
        enqueue(tasks.deliver_email, delivery.pk)
    return new


def _email_address(person: AbstractBaseUser) -> str:
    return str(getattr(person, person.get_email_field_name()))


def mark_read(*, message: Message, at: datetime) -> None:
    """Note that the message was read; the first time counts."""
    Message.objects.filter(pk=message.pk).unread().update(read_at=at)


def mark_all_read(*, recipient: AbstractBaseUser, at: datetime) -> int:
    """Note that `recipient` has read all messages; give how many were unread."""
    return Message.objects.visible_to(recipient).unread().update(read_at=at)


def forget_person(*, recipient: AbstractBaseUser, address: str, stand_in: str) -> None:
    """Take the words and the `address` out of what was sent to somebody.

    That something was sent, when and about what, stays. What still waits to be sent is
    left; the next call takes it. `stand_in` is written in place of the address.
    """
    settled = Delivery.objects.exclude(state=Delivery.State.PENDING)
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING)
    own = Message.objects.filter(recipient_id=recipient.pk)
    own.exclude(pk__in=waiting.values("message")).exclude(
        body_text="", body_html=""
    ).update(body_text="", body_html="")
    settled.filter(message__recipient_id=recipient.pk).exclude(address=stand_in).update(
        address=stand_in, error=""
    )
    if address:
        settled.filter(address__iexact=address).update(address=stand_in, error="")
        Message.objects.filter(address__iexact=address).exclude(
            pk__in=waiting.values("message")
        ).update(address=stand_in, addressee="", body_text="", body_html="")

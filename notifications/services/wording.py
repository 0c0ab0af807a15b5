"""A government's own words for a kind of message."""

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from notifications import kinds, wording
from notifications.models import MessageTemplate


class WordingRefused(DomainError):
    """The kind keeps its text, or the text has a fault that is named."""


def save_wording(
    *,
    scope: str,
    kind: str,
    subject: str,
    body: str,
    actor: AbstractBaseUser,
    at: datetime,
) -> MessageTemplate:
    """Let messages of `kind` in the name of `scope` use these words from now on.

    Raises WordingRefused. Source: rule MSG-01 in docs/rules.md.
    """
    _refuse(kind, subject, body)
    with transaction.atomic():
        template, is_new = MessageTemplate.objects.select_for_update().get_or_create(
            scope=scope,
            kind=kind,
            defaults={
                "subject": subject,
                "body": body,
                "changed_by": cast(Any, actor),
                "changed_at": at,
            },
        )
        old = {"subject": "", "body": ""}
        if not is_new:
            old = {"subject": template.subject, "body": template.body}
            template.subject, template.body = subject, body
            template.changed_by, template.changed_at = cast(Any, actor), at
            template.save(update_fields=["subject", "body", "changed_by", "changed_at"])
        audit.record(
            "message_template.changed",
            actor=actor,
            target=template,
            at=at,
            scope=scope,
            changes={
                "kind": kind,
                "subject": [old["subject"], subject],
                "body": [old["body"], body],
            },
        )
    return template


def reset_wording(
    *, scope: str, kind: str, actor: AbstractBaseUser, at: datetime
) -> None:
    """Let messages of `kind` use the text that comes with the portal again."""
    with transaction.atomic():
        template = (
            MessageTemplate.objects.select_for_update()
            .filter(scope=scope, kind=kind)
            .first()
        )
        if template is None:
            return
        audit.record(
            "message_template.reset",
            actor=actor,
            target=template,
            at=at,
            scope=scope,
            changes={"kind": kind},
        )
        template.delete()


def _refuse(key: str, subject: str, body: str) -> None:
    kind = kinds.find(key)
    if kind is None or not wording.is_editable(kind):
        raise WordingRefused(_("The text of this message is the same for everybody."))
    found = [*wording.faults(subject, kind), *wording.faults(body, kind)]
    if found or not subject.strip() or not body.strip():
        raise WordingRefused(
            str(found[0]) if found else _("Write a subject and a text.")
        )
    if any(mark in subject + body for mark in wording.MARKS):
        raise WordingRefused(_("This text holds a word that the portal needs itself."))

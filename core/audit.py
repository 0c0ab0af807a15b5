"""The audit trail: who did what, when, to which row, and what changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from core.models import AuditEntry
from core.requests import client_address


def record(
    action: str,
    *,
    actor: AbstractBaseUser | None,
    target: models.Model,
    at: datetime,
    scope: str = "",
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry.

    `action` is `<noun>.<past participle>`, as in "proposal.submitted"; `actor` is
    None when the portal itself acted; `scope` is the code of the body whose record
    this is; `changes` maps a field to its new value or to [old, new].
    """
    entry = _entry(action, actor, target, at, scope, reason, changes)
    entry.save(force_insert=True)
    return entry


def record_each(
    action: str,
    *,
    actor: AbstractBaseUser | None,
    changes_of: Mapping[models.Model, Mapping[str, Any]],
    at: datetime,
    scope: str = "",
) -> None:
    """Append an entry for each row of `changes_of`, all in a few statements."""
    AuditEntry.objects.bulk_create(
        (
            _entry(action, actor, target, at, scope, "", changes)
            for target, changes in changes_of.items()
        ),
        batch_size=500,
    )


def _entry(
    action: str,
    actor: AbstractBaseUser | None,
    target: models.Model,
    at: datetime,
    scope: str,
    reason: str,
    changes: Mapping[str, Any] | None,
) -> AuditEntry:
    return AuditEntry(
        action=action,
        actor=cast(Any, actor),  # whatever the user model is
        actor_label=str(actor) if actor else "",
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=str(target)[:200],
        at=at,
        scope=scope,
        reason=reason,
        address=client_address.get(),
        changes=dict(changes or {}),
    )

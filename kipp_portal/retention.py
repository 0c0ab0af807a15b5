"""What the portal forgets, and when (rule DAT-07).

Each rule finds what is due and takes it away in batches, each in a transaction of its
own: a run may be killed at any point, and the next goes on. Running twice does nothing
more. What became of it is one entry of the audit trail, with the counts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts import services as accounts_services
from accounts.models import (
    AccessEntry,
    DataExport,
    InstitutionImport,
    Invitation,
    Membership,
    RetentionRun,
    User,
)
from accounts.models.privacy import ExportState
from core import audit
from judging.models import Juror
from kipp_portal import exporting
from notifications.models import Delivery, DeliveryState, Message
from notifications.services import forget_person
from submissions import services as submissions_services
from submissions.models import PartialUpload

BATCH = 500
YEAR = timedelta(days=365)
MESSAGES_KEPT = 2 * YEAR
UNUSED_KEPT = YEAR
INVITATIONS_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Rule:
    """One kind of data: what is due at a moment, and how a batch of it goes."""

    name: str
    due: Callable[[datetime], QuerySet[Any]]
    forget: Callable[[QuerySet[Any], datetime], object]


def run(*, at: datetime, dry_run: bool = False) -> dict[str, int]:
    """Apply every rule; give how many rows each took, or would take."""
    counts = {
        rule.name: rule.due(at).count() if dry_run else _apply(rule, at)
        for rule in RULES
    }
    taken = {name: number for name, number in counts.items() if number}
    if taken and not dry_run:
        with transaction.atomic():
            made = RetentionRun.objects.create(at=at, counts=taken)
            audit.record(
                "retention.applied", actor=None, target=made, at=at, changes=taken
            )
    return counts


def _apply(rule: Rule, at: datetime) -> int:
    taken = 0
    for keys in _batches(rule.due(at)):
        with transaction.atomic():
            # Asked again: a person may have come back since the keys were read.
            rows = rule.due(at).filter(pk__in=keys)
            taken += rows.count()
            rule.forget(rows, at)
    return taken


def _batches(due: QuerySet[Any]) -> Iterator[list[Any]]:
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


# What is due --------------------------------------------------------------------------


def _old_access(at: datetime) -> QuerySet[AccessEntry]:
    return AccessEntry.objects.filter(at__lte=at - settings.ACCESS_LOG_KEPT)


def _old_exports(at: datetime) -> QuerySet[DataExport]:
    return DataExport.objects.filter(state=ExportState.READY, expires_at__lte=at)


def _old_invitations(at: datetime) -> QuerySet[Invitation]:
    """Those nobody took up; what was accepted is a record of the role."""
    return Invitation.objects.exclude(state=Invitation.State.ACCEPTED).filter(
        expires_at__lte=at - INVITATIONS_KEPT
    )


def _letters_to_strangers(at: datetime) -> QuerySet[Message]:
    """Messages to addresses without an account."""
    return _settled_messages().filter(
        recipient=None, created_at__lte=at - INVITATIONS_KEPT
    )


def _unused_accounts(at: datetime) -> QuerySet[User]:
    """Accounts that nobody ever signed in with, and that stand for nothing now."""
    roles = Membership.objects.standing(at).filter(user=OuterRef("pk"))
    seats = Juror.objects.filter(user=OuterRef("pk"), invited_at__gt=at - UNUSED_KEPT)
    return User.objects.filter(
        ~Exists(roles),
        ~Exists(seats),
        last_login=None,
        pseudonymised_at=None,
        is_system_admin=False,
        date_joined__lte=at - UNUSED_KEPT,
    )


def _old_messages(at: datetime) -> QuerySet[Message]:
    return (
        _settled_messages()
        .filter(read_at__lte=at - MESSAGES_KEPT)
        .exclude(body_text="", body_html="")
    )


def _mails_of_forgotten(at: datetime) -> QuerySet[User]:
    """Pseudonymised people whose last mails have left since."""
    settled = Delivery.objects.exclude(state=DeliveryState.PENDING).filter(
        message__recipient=OuterRef("pk")
    )
    return User.objects.exclude(pseudonymised_at=None).filter(
        Exists(settled.exclude(address=OuterRef("email")))
        | Exists(
            _settled_messages()
            .filter(recipient=OuterRef("pk"))
            .exclude(body_text="", body_html="")
        )
    )


def _abandoned_imports(at: datetime) -> QuerySet[InstitutionImport]:
    return InstitutionImport.objects.filter(expires_at__lte=at)


def _ended_sessions(at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lte=at)


def _traces_of_sessions(at: datetime) -> QuerySet[UserSession]:
    """Devices and addresses of sessions that are no more."""
    alive = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gt=at
    )
    longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    traces: QuerySet[UserSession] = UserSession.objects.filter(
        ~Exists(alive), last_seen_at__lte=at - longest
    )
    return traces


def _settled_messages() -> QuerySet[Message]:
    """Messages of which no mail is still to leave."""
    waiting = Delivery.objects.filter(
        message=OuterRef("pk"), state=DeliveryState.PENDING
    )
    return Message.objects.filter(~Exists(waiting))


# How it goes --------------------------------------------------------------------------


def _delete(rows: QuerySet[Any], at: datetime) -> None:
    rows.delete()


def _expire_exports(rows: QuerySet[DataExport], at: datetime) -> None:
    for export in rows.order_by("pk"):
        exporting.expire(export=export)


def _close_accounts(rows: QuerySet[User], at: datetime) -> None:
    for user in rows.order_by("pk"):
        accounts_services.pseudonymise(user=user, actor=None, at=at)


def _empty_messages(rows: QuerySet[Message], at: datetime) -> None:
    rows.update(body_text="", body_html="")


def _forget_mails(rows: QuerySet[User], at: datetime) -> None:
    for user in rows.order_by("pk"):
        forget_person(recipient=user, address="", stand_in=user.email)


def _stalled_uploads(at: datetime) -> QuerySet[PartialUpload]:
    return PartialUpload.objects.expired(at)


def _cancel_uploads(rows: QuerySet[PartialUpload], at: datetime) -> None:
    for upload in rows.order_by("pk"):
        submissions_services.cancel_upload(upload=upload)


RULES = (
    Rule("access_log", _old_access, _delete),
    Rule("data_exports", _old_exports, _expire_exports),
    Rule("invitations", _old_invitations, _delete),
    Rule("mails_to_strangers", _letters_to_strangers, _delete),
    Rule("unused_accounts", _unused_accounts, _close_accounts),
    Rule("message_bodies", _old_messages, _empty_messages),
    Rule("mails_of_forgotten", _mails_of_forgotten, _forget_mails),
    Rule("abandoned_imports", _abandoned_imports, _delete),
    Rule("stalled_uploads", _stalled_uploads, _cancel_uploads),
    Rule("sessions", _ended_sessions, _delete),
    Rule("session_traces", _traces_of_sessions, _delete),
)

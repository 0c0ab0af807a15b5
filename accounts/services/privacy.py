"""What people ask about their data, and what becomes of it (rules DAT-03 to DAT-05)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import privacy_notices
from accounts.models import DataRequest, Government, Membership, User
from accounts.models.privacy import ANSWERS, DataRequestState
from accounts.services.closing import close_account, pseudonymise
from core import audit
from core.errors import DomainError

# UU 27/2022, articles 31–32 and 40: within 3 × 24 hours.
TERM = timedelta(hours=72)
REMINDED_BEFORE = timedelta(hours=24)


class DataRequestNotTaken(DomainError):
    """There is an open request of this kind already."""


class DataRequestClosed(DomainError):
    """It was answered or taken back before."""


class DataRequestNotAnswered(DomainError):
    """Its account cannot be closed yet; the message says what comes first."""


def make_data_request(*, user: User, kind: str, text: str, at: datetime) -> DataRequest:
    """Put a written request before those who run the person's competitions.

    Raises DataRequestNotTaken while one of the same kind is open.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if DataRequest.objects.open().filter(user=user, kind=kind).exists():
            raise DataRequestNotTaken(
                _(
                    "You have asked for this already. Wait for the answer, or take the "
                    "open request back first."
                )
            )
        data_request = DataRequest.objects.create(
            user=user, kind=kind, text=text, created_at=at, due_at=at + TERM
        )
        bodies = governments_of(user)
        data_request.governments.set(bodies)
        scope = _scope(bodies)
        audit.record(
            "data_request.made",
            actor=user,
            target=data_request,
            at=at,
            scope=scope,
            changes={"kind": kind},
        )
        handlers = _handlers(data_request, bodies)
        privacy_notices.request_made(
            data_request, handlers=handlers, scope=scope, at=at
        )
    return data_request


def cancel_data_request(
    *, data_request: DataRequest, actor: User, at: datetime
) -> DataRequest:
    """Take one's own request back. Raises DataRequestClosed."""
    with transaction.atomic():
        data_request = _open_request(data_request)
        data_request.state = DataRequestState.CANCELLED
        data_request.answered_at = at
        data_request.save(update_fields=["state", "answered_at"])
        audit.record(
            "data_request.cancelled",
            actor=actor,
            target=data_request,
            at=at,
            scope=_scope(list(data_request.governments.all())),
        )
    return data_request


def answer_data_request(
    *,
    data_request: DataRequest,
    state: str,
    answer: str,
    actor: User | None,
    at: datetime,
) -> DataRequest:
    """Answer with a reason, and do what was granted.

    `state` is one of granted, partly, refused. Granting a deletion takes name, address
    and numbers from the account and closes it; granting part of it, or a withdrawal,
    closes it and takes the numbers. A correction is made by hand before it is granted.
    Raises DataRequestClosed, and DataRequestNotAnswered where the person holds a role
    that cannot end yet.
    """
    assert state in ANSWERS
    with transaction.atomic():
        data_request = _open_request(data_request)
        scope = _scope(list(data_request.governments.all()))
        data_request.state = state
        data_request.answer = answer
        data_request.answered_at = at
        data_request.answered_by = actor
        data_request.save(
            update_fields=["state", "answer", "answered_at", "answered_by"]
        )
        audit.record(
            "data_request.answered",
            actor=actor,
            target=data_request,
            at=at,
            scope=scope,
            reason=answer,
            changes={"state": [DataRequestState.OPEN, state]},
        )
        privacy_notices.request_answered(data_request, scope=scope, at=at)
        _carry_out(data_request, actor, at)
    return data_request


def remind_of_data_requests(*, at: datetime) -> int:
    """Remind of what is due within a day, once each; give how many there were."""
    number = 0
    due = DataRequest.objects.open().filter(
        due_at__lte=at + REMINDED_BEFORE, reminded_at=None
    )
    for pk in due.order_by("due_at", "pk").values_list("pk", flat=True):
        with transaction.atomic():
            data_request = (
                due.select_for_update(skip_locked=True, of=("self",))
                .select_related("user")
                .filter(pk=pk)
                .first()
            )
            if data_request is None:
                continue  # answered, or reminded of, by another worker
            data_request.reminded_at = at
            data_request.save(update_fields=["reminded_at"])
            bodies = list(data_request.governments.all())
            privacy_notices.request_due(
                data_request,
                handlers=_handlers(data_request, bodies),
                scope=_scope(bodies),
                at=at,
            )
            number += 1
    return number


def settle_withdrawals(*, at: datetime) -> int:
    """Grant the withdrawals that nobody answered in time: the law sets the term.

    One that cannot be carried out yet stays open, and late in the list of those who
    answer it. Gives how many were granted.
    """
    number = 0
    overdue = DataRequest.objects.open().filter(
        kind=DataRequest.Kind.WITHDRAWAL, due_at__lte=at
    )
    for data_request in overdue.order_by("due_at", "pk"):
        try:
            answer_data_request(
                data_request=data_request,
                state=DataRequestState.GRANTED,
                answer=_("The term ended without an answer: your account was closed."),
                actor=None,
                at=at,
            )
        except (DataRequestClosed, DataRequestNotAnswered):
            continue
        number += 1
    return number


def governments_of(user: User) -> list[Government]:
    """Give the governments a person works in, or has worked in."""
    held = Membership.objects.filter(user=user)
    return list(
        Government.objects.filter(
            Q(pk__in=held.values("government"))
            | Q(pk__in=held.values("institution__government"))
        ).order_by("pk")
    )


def _open_request(data_request: DataRequest) -> DataRequest:
    """Lock it. Raises DataRequestClosed."""
    data_request = (
        DataRequest.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=data_request.pk)
    )
    if not data_request.is_open:
        raise DataRequestClosed(_("This request was answered or taken back already."))
    return data_request


def _carry_out(data_request: DataRequest, actor: User | None, at: datetime) -> None:
    granted = data_request.state == DataRequestState.GRANTED
    partly = data_request.state == DataRequestState.PARTLY
    try:
        if data_request.asks_for_deletion and granted:
            pseudonymise(user=data_request.user, actor=actor, at=at)
        elif (data_request.asks_for_deletion and partly) or (
            data_request.asks_to_close and (granted or partly)
        ):
            close_account(user=data_request.user, actor=actor, at=at)
    except DomainError as refusal:
        raise DataRequestNotAnswered(refusal.message) from refusal


def _handlers(data_request: DataRequest, bodies: Sequence[Government]) -> list[User]:
    """Those who may answer; system admins where no single secretariat is in charge."""
    running = Membership.objects.current().filter(
        role=Membership.Role.SECRETARIAT, government__in=bodies
    )
    people = User.objects.filter(is_active=True).exclude(pk=data_request.user_id)
    secretariat = list(people.filter(pk__in=running.values("user")).order_by("pk"))
    if len(bodies) == 1 and secretariat:
        return secretariat
    admins = people.filter(is_system_admin=True).exclude(
        pk__in=[each.pk for each in secretariat]
    )
    return [*secretariat, *admins.order_by("pk")]


def _scope(bodies: Sequence[Government]) -> str:
    """The record of the one government concerned; of several or none, the portal's."""
    return bodies[0].code if len(bodies) == 1 else ""

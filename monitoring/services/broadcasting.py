"""Writing to a group of people: draft, order, call back, send."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Government, Institution, User
from competitions.models import Round
from core import audit
from core.background import enqueue
from core.errors import DomainError
from monitoring import broadcasting, sending, tasks
from monitoring.models import (
    UNDO_TIME,
    Broadcast,
    BroadcastRecipient,
    BroadcastState,
)

# So many people are written to only after their number was typed.
MANY = 200


class BroadcastRefused(DomainError):
    """It is on its way or sent, has nobody to go to, or was not confirmed."""


@dataclass(frozen=True)
class BroadcastText:
    """To whom, and what."""

    group: str
    round: Round | None
    institution: Institution | None
    subject: str
    body: str


def write_broadcast(
    *, government: Government, text: BroadcastText, actor: User, at: datetime
) -> Broadcast:
    """Keep a draft; nobody gets it yet."""
    with transaction.atomic():
        broadcast = Broadcast.objects.create(
            government=government, written_by=actor, written_at=at, **_values(text)
        )
        _record("broadcast.written", broadcast, actor, at)
    return broadcast


def change_broadcast(
    *, broadcast: Broadcast, text: BroadcastText, actor: User, at: datetime
) -> Broadcast:
    """Change a draft. Raises BroadcastRefused."""
    with transaction.atomic():
        found = _locked(broadcast)
        _refuse_ordered(found)
        for name, value in _values(text).items():
            setattr(found, name, value)
        found.save(update_fields=[*_values(text)])
        _record("broadcast.changed", found, actor, at)
    return found


def delete_broadcast(*, broadcast: Broadcast, actor: User, at: datetime) -> None:
    """Throw a draft away. Raises BroadcastRefused."""
    with transaction.atomic():
        found = _locked(broadcast)
        _refuse_ordered(found)
        _record("broadcast.deleted", found, actor, at)
        found.delete()


def try_broadcast(*, broadcast: Broadcast, actor: User, at: datetime) -> None:
    """Send it to oneself alone, as it will look."""
    with transaction.atomic():
        sending.write_test(broadcast, person=actor, at=at)
        _record("broadcast.tried", broadcast, actor, at)


def order_broadcast(
    *, broadcast: Broadcast, seen: int, actor: User, at: datetime
) -> Broadcast:
    """Let a draft go out when the time to call it back is over.

    Its recipients are those of the group now; `seen` is how many were shown. Raises
    BroadcastRefused if it was ordered, has nobody to go to, or the number has changed.
    Source: rule MSG-02 in docs/rules.md.
    """
    with transaction.atomic():
        found = _locked(broadcast)
        _refuse_ordered(found)
        people = broadcasting.group_of(found, at)
        if not people:
            raise BroadcastRefused(_("Nobody belongs to this group now."))
        if len(people) != seen:
            raise BroadcastRefused(
                _(
                    "The group has changed: it has %(count)d people now, not %(seen)d. "
                    "Look at the list and send again."
                )
                % {"count": len(people), "seen": seen}
            )
        BroadcastRecipient.objects.bulk_create(
            BroadcastRecipient(broadcast=found, user=person) for person in people
        )
        found.state = BroadcastState.SCHEDULED
        found.send_at, found.ordered_by = at + UNDO_TIME, actor
        found.save(update_fields=["state", "send_at", "ordered_by"])
        _record("broadcast.ordered", found, actor, at, count=len(people))
    return found


def undo_broadcast(*, broadcast: Broadcast, actor: User, at: datetime) -> Broadcast:
    """Call an ordered broadcast back; it is a draft again and nobody got it.

    Raises BroadcastRefused once it goes out. Source: rule MSG-02 in docs/rules.md.
    """
    with transaction.atomic():
        found = _locked(broadcast)
        if found.is_draft:
            raise BroadcastRefused(_("It was called back already."))
        # The first who locks the row decides: the sending, or this.
        if not found.can_be_undone(at):
            raise BroadcastRefused(
                _("The time is over: the message is already going out.")
            )
        BroadcastRecipient.objects.filter(broadcast=found).delete()
        found.state, found.send_at, found.ordered_by = BroadcastState.DRAFT, None, None
        found.save(update_fields=["state", "send_at", "ordered_by"])
        _record("broadcast.undone", found, actor, at)
    return found


def start_broadcasts(*, at: datetime) -> int:
    """Begin with what is due, and go on with what was interrupted; give how many."""
    begun = 0
    for pk in list(Broadcast.objects.due(at).values_list("pk", flat=True)):
        begun += _start(pk, at)
    running = Broadcast.objects.filter(state=BroadcastState.SENDING)
    for pk in running.order_by("pk").values_list("pk", flat=True):
        enqueue(tasks.send_broadcast, pk)
    return begun


def _start(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        found = (
            Broadcast.objects.due(at)
            .select_for_update(of=("self",))
            .for_page()
            .filter(pk=pk)
            .first()
        )
        if found is None:
            return False  # called back, or begun by another
        still = {person.pk for person in broadcasting.group_of(found, at)}
        listed = BroadcastRecipient.objects.filter(broadcast=found)
        listed.exclude(user__in=still).update(left_out=True)
        found.state = BroadcastState.SENDING
        found.save(update_fields=["state"])
    return True


def _locked(broadcast: Broadcast) -> Broadcast:
    return (
        Broadcast.objects.select_for_update(of=("self",))
        .for_page()
        .get(pk=broadcast.pk)
    )


def _refuse_ordered(broadcast: Broadcast) -> None:
    if not broadcast.is_draft:
        raise BroadcastRefused(_("This message was ordered or sent already."))


def _values(text: BroadcastText) -> dict[str, object]:
    return {
        "group": text.group,
        "round": text.round,
        "institution": text.institution,
        "subject": text.subject,
        "body": text.body,
    }


def _record(
    action: str, broadcast: Broadcast, actor: User, at: datetime, *, count: int = 0
) -> None:
    audit.record(
        action,
        actor=actor,
        target=broadcast,
        at=at,
        scope=broadcast.government.code,
        changes={
            "group": broadcast.group,
            "subject": broadcast.subject,
            **({"count": count} if count else {}),
        },
    )

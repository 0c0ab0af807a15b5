"""Sending a broadcast in pieces: each is told or not, as a whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from monitoring.models import Broadcast, BroadcastRecipient, BroadcastState
from notifications.services import notify

CHUNK = 50


def send(*, broadcast_id: int, at: datetime) -> int:
    """Write to all who are still waited for; give how many this call has told.

    A piece is claimed by locking its rows, told, and noted in one transaction: a
    second worker passes it by, and a worker that dies leaves it to the next. Messages
    are unique for each person and broadcast besides.
    """
    told = 0
    while piece := _send_piece(broadcast_id, at):
        told += piece
    _finish(broadcast_id, at)
    return told


def _send_piece(broadcast_id: int, at: datetime) -> int:
    with transaction.atomic():
        broadcast = (
            Broadcast.objects.filter(pk=broadcast_id, state=BroadcastState.SENDING)
            .for_page()
            .first()
        )
        if broadcast is None:
            return 0
        rows = list(
            BroadcastRecipient.objects.waiting()
            .filter(broadcast=broadcast)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("user")
            .order_by("user")[:CHUNK]
        )
        if rows:
            write(
                broadcast,
                people=[row.user for row in rows],
                key=broadcast.key,
                at=at,
            )
            BroadcastRecipient.objects.filter(pk__in=[row.pk for row in rows]).update(
                told_at=at
            )
    return len(rows)


def _finish(broadcast_id: int, at: datetime) -> None:
    """Note that it is sent, once no row waits, locked by another worker or not."""
    with transaction.atomic():
        broadcast = (
            Broadcast.objects.select_for_update()
            .filter(pk=broadcast_id, state=BroadcastState.SENDING)
            .first()
        )
        if broadcast is None:
            return
        waiting = BroadcastRecipient.objects.waiting().filter(broadcast=broadcast)
        if waiting.exists():
            return  # another worker has them, or died with them: the clock goes on
        broadcast.state, broadcast.finished_at = BroadcastState.SENT, at
        broadcast.save(update_fields=["state", "finished_at"])


def write_test(broadcast: Broadcast, *, person: User, at: datetime) -> None:
    """Write it to `person` alone, by mail at once, whatever they wish for broadcasts.

    What a group of a round shall read is no matter of who competes, so the kind is one
    of proposals (ACC-02).
    """
    key = f"{broadcast.key}:{at.isoformat()}"
    notify(
        kind="proposal.broadcast_tried",
        **_message(broadcast, people=[person], key=key, at=at),
    )


def write(
    broadcast: Broadcast, *, people: Sequence[User], key: str, at: datetime
) -> None:
    """Write what the secretariat has to say to each of `people`, once for each key."""
    message = _message(broadcast, people=people, key=key, at=at)
    # Whom a group of a round was written to says who takes part (ACC-02).
    if broadcast.tells_of_entries:
        notify(kind="proposal.broadcast", **message)
    else:
        notify(kind="broadcast.sent", **message)


def _message(
    broadcast: Broadcast, *, people: Sequence[User], key: str, at: datetime
) -> dict[str, Any]:
    return {
        "recipients": people,
        "key": key,
        "template": "monitoring/emails/broadcast",
        "context": {"broadcast": broadcast, "government": broadcast.government},
        "path": reverse("monitoring:broadcast_read", args=[broadcast.key]),
        "at": at,
        "scope": broadcast.government.code,
    }

"""What the secretariat does from its overviews: reminding, writing to many."""

from monitoring.services.broadcasting import (
    MANY,
    BroadcastRefused,
    BroadcastText,
    change_broadcast,
    delete_broadcast,
    order_broadcast,
    start_broadcasts,
    try_broadcast,
    undo_broadcast,
    write_broadcast,
)
from monitoring.services.rescuing import (
    AlreadyReminded,
    NotReminded,
    Tally,
    Target,
    note_contact,
    remind,
    remind_all,
)

__all__ = [
    "MANY",
    "AlreadyReminded",
    "BroadcastRefused",
    "BroadcastText",
    "NotReminded",
    "Tally",
    "Target",
    "change_broadcast",
    "delete_broadcast",
    "note_contact",
    "order_broadcast",
    "remind",
    "remind_all",
    "start_broadcasts",
    "try_broadcast",
    "undo_broadcast",
    "write_broadcast",
]

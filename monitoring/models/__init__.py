"""What the overviews keep of their own: contacts of the rescue board, broadcasts."""

from monitoring.models.broadcasts import (
    BROADCAST_KINDS,
    GROUPS_OF_ENTRIES,
    UNDO_TIME,
    Broadcast,
    BroadcastGroup,
    BroadcastQuerySet,
    BroadcastRecipient,
    BroadcastState,
)
from monitoring.models.nudges import Nudge, NudgeChannel

__all__ = [
    "BROADCAST_KINDS",
    "GROUPS_OF_ENTRIES",
    "UNDO_TIME",
    "Broadcast",
    "BroadcastGroup",
    "BroadcastQuerySet",
    "BroadcastRecipient",
    "BroadcastState",
    "Nudge",
    "NudgeChannel",
]

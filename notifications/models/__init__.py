"""Messages, their deliveries, and how people want to be told."""

from notifications.models.addresses import MUTED_AFTER, AddressTrouble
from notifications.models.messages import (
    DELIVERY_MOVES,
    Delivery,
    DeliveryChannel,
    DeliveryQuerySet,
    DeliveryState,
    Message,
    MessageQuerySet,
)
from notifications.models.preferences import (
    CODE_MINUTES,
    CODE_MISSES,
    CODE_WINDOW,
    ChatCode,
    ChatConsent,
    ChatScope,
    MailMode,
    Preference,
)
from notifications.models.templates import MessageTemplate

__all__ = [
    "CODE_MINUTES",
    "CODE_MISSES",
    "CODE_WINDOW",
    "DELIVERY_MOVES",
    "MUTED_AFTER",
    "AddressTrouble",
    "ChatCode",
    "ChatConsent",
    "ChatScope",
    "Delivery",
    "DeliveryChannel",
    "DeliveryQuerySet",
    "DeliveryState",
    "MailMode",
    "Message",
    "MessageQuerySet",
    "MessageTemplate",
    "Preference",
]

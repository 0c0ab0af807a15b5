"""Telling people, and how they want to be told."""

from notifications.services.bouncing import (
    AddressCheckRefused,
    confirm_address,
    note_bounce,
    read_bounces,
    send_address_check,
)
from notifications.services.digesting import write_digest
from notifications.services.forgetting import forget_person
from notifications.services.preferring import (
    Choice,
    NumberRefused,
    agree_to_chat,
    close_chats,
    end_chat,
    open_chats,
    save_preferences,
    unsubscribe,
)
from notifications.services.proving import (
    CodeNotSent,
    NumberNotProved,
    prove_number,
    send_chat_code,
)
from notifications.services.reading import mark_all_read, mark_read
from notifications.services.retrying import (
    NotRetryable,
    can_retry,
    retry_deliveries,
    retry_delivery,
)
from notifications.services.telling import notify, notify_address
from notifications.services.wording import (
    WordingRefused,
    reset_wording,
    save_wording,
)

__all__ = [
    "AddressCheckRefused",
    "Choice",
    "CodeNotSent",
    "NotRetryable",
    "NumberNotProved",
    "NumberRefused",
    "WordingRefused",
    "agree_to_chat",
    "can_retry",
    "close_chats",
    "confirm_address",
    "end_chat",
    "forget_person",
    "mark_all_read",
    "mark_read",
    "note_bounce",
    "notify",
    "notify_address",
    "open_chats",
    "prove_number",
    "read_bounces",
    "reset_wording",
    "retry_deliveries",
    "retry_delivery",
    "save_preferences",
    "save_wording",
    "send_address_check",
    "send_chat_code",
    "unsubscribe",
    "write_digest",
]

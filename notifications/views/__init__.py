"""Pages of messages: one's own, one's wishes, what a secretariat sent."""

from notifications.views.deliveries import (
    chat_scope_list,
    delivery_detail,
    delivery_list,
    delivery_retry,
    delivery_retry_all,
)
from notifications.views.demo import demo_mailbox
from notifications.views.preferences import (
    address_check,
    address_confirm,
    chat_agree,
    chat_code,
    chat_end,
    chat_prove,
    preference_edit,
    unsubscribe,
)
from notifications.views.reading import message_list, message_open
from notifications.views.wording import (
    wording_edit,
    wording_list,
    wording_reset,
)

__all__ = [
    "address_check",
    "address_confirm",
    "chat_agree",
    "chat_code",
    "chat_end",
    "chat_prove",
    "chat_scope_list",
    "delivery_detail",
    "delivery_list",
    "delivery_retry",
    "delivery_retry_all",
    "demo_mailbox",
    "message_list",
    "message_open",
    "preference_edit",
    "unsubscribe",
    "wording_edit",
    "wording_list",
    "wording_reset",
]

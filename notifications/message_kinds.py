"""What people are told about the messages themselves."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import CHAT_CODE_KEY, DIGEST_KEY, Group, MessageKind

DIGEST = MessageKind(DIGEST_KEY, _("Daily digest"), Group.ACCOUNT)
ADDRESS_CHECK = MessageKind(
    "notifications.address_check",
    _("Check of your e-mail address"),
    Group.ACCOUNT,
    is_compulsory=True,
)
CHAT_CODE = MessageKind(
    CHAT_CODE_KEY,
    _("Code for your WhatsApp number"),
    Group.ACCOUNT,
    is_compulsory=True,
)
KINDS = (DIGEST, ADDRESS_CHECK, CHAT_CODE)

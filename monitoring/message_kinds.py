"""What people are told from the secretariat's rescue board."""

from django.utils.translation import gettext_lazy as _

from competitions.message_kinds import DEADLINE, ROUND
from notifications.kinds import Group, MessageKind
from notifications.placeholders import word

OF_RESCUE = (
    ROUND,
    word(
        "instansi",
        _("Name of the institution"),
        "institution.name",
        _("Dinas Kesehatan"),
    ),
    DEADLINE,
)

KINDS = (
    MessageKind("broadcast.sent", _("The secretariat writes to many"), Group.DEADLINES),
    # To a group of a round: whom it went to says who takes part (ACC-02).
    MessageKind(
        "proposal.broadcast",
        _("The secretariat writes to those who take part"),
        Group.DEADLINES,
    ),
    MessageKind(
        "proposal.broadcast_tried",
        _("Test of a broadcast to yourself"),
        Group.SECRETARIAT,
        is_compulsory=True,
    ),
    MessageKind(
        "rescue.reminded",
        _("The secretariat reminds your institution"),
        Group.DEADLINES,
        placeholders=OF_RESCUE,
    ),
)

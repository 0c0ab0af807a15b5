"""What people are told about the register of innovations."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Group, MessageKind

KINDS = (
    MessageKind(
        "joint_owner.asked",
        _("Your institution is asked whether it owns an innovation jointly"),
        Group.PROPOSALS,
    ),
)

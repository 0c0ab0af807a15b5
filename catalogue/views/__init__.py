"""The public catalogue, and the register of innovations behind it."""

from catalogue.views.achievements import (
    achievement_confirm,
    achievement_create,
    achievement_delete,
    achievement_edit,
    achievement_file,
)
from catalogue.views.entries import entry_detail, entry_list
from catalogue.views.register import (
    innovation_detail,
    innovation_list,
    innovation_merge,
    innovation_retire,
    innovation_revive,
    joint_owner_confirm,
    joint_owner_create,
    joint_owner_end,
    status_edit,
)

__all__ = [
    "achievement_confirm",
    "achievement_create",
    "achievement_delete",
    "achievement_edit",
    "achievement_file",
    "entry_detail",
    "entry_list",
    "innovation_detail",
    "innovation_list",
    "innovation_merge",
    "innovation_retire",
    "innovation_revive",
    "joint_owner_confirm",
    "joint_owner_create",
    "joint_owner_end",
    "status_edit",
]

"""What people do with the register of innovations."""

from innovations.services.achieving import (
    AchievementData,
    AchievementFixed,
    change_achievement,
    confirm_achievement,
    forget_achievement,
    record_achievement,
    remove_achievement,
    type_achievement,
)
from innovations.services.merging import NotMergeable, merge_innovations
from innovations.services.owning import (
    OwnerNotPossible,
    ask_joint_owner,
    confirm_joint_owner,
    end_joint_owner,
    note_status,
)
from innovations.services.registering import (
    NotInForce,
    describe_innovation,
    register_innovation,
    retire_innovation,
    revive_innovation,
)

__all__ = [
    "AchievementData",
    "AchievementFixed",
    "NotInForce",
    "NotMergeable",
    "OwnerNotPossible",
    "ask_joint_owner",
    "change_achievement",
    "confirm_achievement",
    "confirm_joint_owner",
    "describe_innovation",
    "end_joint_owner",
    "forget_achievement",
    "merge_innovations",
    "note_status",
    "record_achievement",
    "register_innovation",
    "remove_achievement",
    "retire_innovation",
    "revive_innovation",
    "type_achievement",
]

"""How the catalogue and the register are narrowed, and what the register is told."""

from catalogue.forms.entries import EntryFilterForm
from catalogue.forms.register import (
    AchievementForm,
    InnovationFilterForm,
    JointOwnerForm,
    MergeForm,
    RetireForm,
    StatusForm,
)

__all__ = [
    "AchievementForm",
    "EntryFilterForm",
    "InnovationFilterForm",
    "JointOwnerForm",
    "MergeForm",
    "RetireForm",
    "StatusForm",
]

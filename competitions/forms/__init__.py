"""What the secretariat types when it sets up a round."""

from competitions.forms.announcements import AnnouncementForm
from competitions.forms.calendar import ReasonForm, StageForm, stage_forms
from competitions.forms.fields import TextDateField
from competitions.forms.rounds import RoundCreateForm, RoundForm
from competitions.forms.scoring import WeightForm

__all__ = [
    "AnnouncementForm",
    "ReasonForm",
    "RoundCreateForm",
    "RoundForm",
    "StageForm",
    "TextDateField",
    "WeightForm",
    "stage_forms",
]

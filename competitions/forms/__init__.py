"""What the secretariat types when it sets up a round."""

from competitions.forms.announcements import AnnouncementForm, GuidelineForm
from competitions.forms.awards import AwardForm, JuryForm, TieBreakForm
from competitions.forms.calendar import (
    ExceptionForm,
    ExtensionForm,
    ExtensionNoticeForm,
    MoveForm,
    ReasonForm,
    StageForm,
    stage_forms,
)
from competitions.forms.changes import (
    ENTRY_FORMS,
    ChangeReasonForm,
    ChangeRow,
    change_rows,
    entry_form,
    with_consequences,
)
from competitions.forms.entries import EntryForm
from competitions.forms.events import (
    AttendanceCodeForm,
    EventCancelForm,
    EventForm,
    RegistrationForm,
)
from competitions.forms.fields import TextDateField
from competitions.forms.form_parts import (
    CategoryForm,
    ClusterForm,
    ConsentForm,
    FormBaseForm,
    HeaderFieldForm,
    LetterForm,
    SectionForm,
    TrackForm,
)
from competitions.forms.requirements import (
    RequirementForm,
    UsualRequirementsForm,
    usual_requirements,
)
from competitions.forms.rounds import RoundCreateForm, RoundForm
from competitions.forms.scoring import WeightForm
from competitions.forms.scoring_parts import CriterionForm, PredicateForm
from competitions.forms.scoring_stages import ScoringStageForm

__all__ = [
    "ENTRY_FORMS",
    "AnnouncementForm",
    "AttendanceCodeForm",
    "AwardForm",
    "CategoryForm",
    "ChangeReasonForm",
    "ChangeRow",
    "ClusterForm",
    "ConsentForm",
    "CriterionForm",
    "EntryForm",
    "EventCancelForm",
    "EventForm",
    "ExceptionForm",
    "ExtensionForm",
    "ExtensionNoticeForm",
    "FormBaseForm",
    "GuidelineForm",
    "HeaderFieldForm",
    "JuryForm",
    "LetterForm",
    "MoveForm",
    "PredicateForm",
    "ReasonForm",
    "RegistrationForm",
    "RequirementForm",
    "RoundCreateForm",
    "RoundForm",
    "ScoringStageForm",
    "SectionForm",
    "StageForm",
    "TextDateField",
    "TieBreakForm",
    "TrackForm",
    "UsualRequirementsForm",
    "WeightForm",
    "change_rows",
    "entry_form",
    "stage_forms",
    "usual_requirements",
    "with_consequences",
]

from awards.forms.certificates import CommitteeForm, IssueForm
from awards.forms.decrees import AnnouncementForm, DecreeTextForm, ScanForm
from awards.forms.designs import DesignForm, LogoForm
from awards.forms.feedback import FeedbackNoteForm, FeedbackPlanForm
from awards.forms.forwarding import (
    AcceptForm,
    AnswerForm,
    ForwardForm,
    ResultForm,
    StopForm,
)
from awards.forms.giving import DecreeForm, FavouriteForm, RevokeForm

__all__ = [
    "AcceptForm",
    "AnnouncementForm",
    "AnswerForm",
    "CommitteeForm",
    "DecreeForm",
    "DecreeTextForm",
    "DesignForm",
    "FavouriteForm",
    "FeedbackNoteForm",
    "FeedbackPlanForm",
    "ForwardForm",
    "IssueForm",
    "LogoForm",
    "ResultForm",
    "RevokeForm",
    "ScanForm",
    "StopForm",
]

"""What people type about proposals, checked for form only."""

from submissions.forms.checking import (
    BulkForm,
    CorrectionForm,
    ObjectionAnswerForm,
    ObjectionForm,
    PublicationForm,
    ReasonForm,
)
from submissions.forms.filters import ScreeningFilter
from submissions.forms.header import HeaderForm
from submissions.forms.invitations import TrackInvitationForm
from submissions.forms.reminders import ReminderForm
from submissions.forms.screening import ScreeningForm
from submissions.forms.sending import LateForm, ReturnForm
from submissions.forms.writing import (
    AnswerForm,
    ConsentsForm,
    EvidenceForm,
    EvidenceLinkForm,
    LetterForm,
    ProposalForm,
    SendForm,
    StandingForm,
    WithdrawForm,
)

__all__ = [
    "AnswerForm",
    "BulkForm",
    "ConsentsForm",
    "CorrectionForm",
    "EvidenceForm",
    "EvidenceLinkForm",
    "HeaderForm",
    "LateForm",
    "LetterForm",
    "ObjectionAnswerForm",
    "ObjectionForm",
    "ProposalForm",
    "PublicationForm",
    "ReasonForm",
    "ReminderForm",
    "ReturnForm",
    "ScreeningFilter",
    "ScreeningForm",
    "SendForm",
    "StandingForm",
    "TrackInvitationForm",
    "WithdrawForm",
]

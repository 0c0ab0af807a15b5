"""What people type about proposals, checked for form only."""

from submissions.forms.filters import ProposalFilter
from submissions.forms.header import HeaderForm
from submissions.forms.invitations import TrackInvitationForm
from submissions.forms.screening import ScreeningForm
from submissions.forms.writing import (
    AnswerForm,
    ConsentsForm,
    EvidenceForm,
    EvidenceLinkForm,
    LetterForm,
    ProposalForm,
    ReturnForm,
    SendForm,
    StandingForm,
    WithdrawForm,
)

__all__ = [
    "AnswerForm",
    "ConsentsForm",
    "EvidenceForm",
    "EvidenceLinkForm",
    "HeaderForm",
    "LetterForm",
    "ProposalFilter",
    "ProposalForm",
    "ReturnForm",
    "ScreeningForm",
    "SendForm",
    "StandingForm",
    "TrackInvitationForm",
    "WithdrawForm",
]

"""What people type about proposals, checked for form only."""

from submissions.forms.filters import ProposalFilter
from submissions.forms.screening import ScreeningForm
from submissions.forms.writing import (
    AnswerForm,
    EvidenceForm,
    HeaderForm,
    LetterForm,
    ProposalForm,
    ReturnForm,
    SendForm,
    StandingForm,
    WithdrawForm,
)

__all__ = [
    "AnswerForm",
    "EvidenceForm",
    "HeaderForm",
    "LetterForm",
    "ProposalFilter",
    "ProposalForm",
    "ReturnForm",
    "ScreeningForm",
    "SendForm",
    "StandingForm",
    "WithdrawForm",
]

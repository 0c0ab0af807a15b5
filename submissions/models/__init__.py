"""Proposals with all that hangs on them, their screening, and the reminders sent."""

from submissions.models.content import (
    Answer,
    Evidence,
    EvidenceLink,
    LinkCheck,
    LinkOutcome,
    StatementLetter,
)
from submissions.models.corrections import Correction, CorrectionState
from submissions.models.exports import ExportChoice
from submissions.models.invitations import TrackInvitation
from submissions.models.objections import Objection, ObjectionFile, ObjectionState
from submissions.models.proposals import Proposal, ProposalQuerySet
from submissions.models.reminders import Reminder, ReminderRun
from submissions.models.screening import (
    MachineCheck,
    ReasonCode,
    Screening,
    ScreeningItem,
    ScreeningResult,
    ScreeningState,
)
from submissions.models.sending import Gist, LateAdmission, LateText, SectionNote
from submissions.models.states import (
    CONTENT_FIELDS,
    EDITABLE_STATES,
    ENTERED_STATES,
    PROPOSAL_MOVES,
    UNSENT_STATES,
    ProposalState,
)
from submissions.models.taking_over import TakeOver
from submissions.models.uploads import PartialUpload, UploadPiece

__all__ = [
    "CONTENT_FIELDS",
    "EDITABLE_STATES",
    "ENTERED_STATES",
    "PROPOSAL_MOVES",
    "UNSENT_STATES",
    "Answer",
    "Correction",
    "CorrectionState",
    "Evidence",
    "EvidenceLink",
    "ExportChoice",
    "Gist",
    "LateAdmission",
    "LateText",
    "LinkCheck",
    "LinkOutcome",
    "MachineCheck",
    "Objection",
    "ObjectionFile",
    "ObjectionState",
    "PartialUpload",
    "Proposal",
    "ProposalQuerySet",
    "ProposalState",
    "ReasonCode",
    "Reminder",
    "ReminderRun",
    "Screening",
    "ScreeningItem",
    "ScreeningResult",
    "ScreeningState",
    "SectionNote",
    "StatementLetter",
    "TakeOver",
    "TrackInvitation",
    "UploadPiece",
]

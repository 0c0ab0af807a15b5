"""Proposals with all that hangs on them, their screening, and the reminders sent."""

from submissions.models.content import (
    Answer,
    Evidence,
    EvidenceLink,
    StatementLetter,
)
from submissions.models.invitations import TrackInvitation
from submissions.models.proposals import (
    EDITABLE_STATES,
    ENTERED_STATES,
    PROPOSAL_MOVES,
    UNSENT_STATES,
    Proposal,
    ProposalQuerySet,
    ProposalState,
)
from submissions.models.reminders import Reminder
from submissions.models.screening import ReasonCode, Screening, ScreeningItem

__all__ = [
    "EDITABLE_STATES",
    "ENTERED_STATES",
    "PROPOSAL_MOVES",
    "UNSENT_STATES",
    "Answer",
    "Evidence",
    "EvidenceLink",
    "Proposal",
    "ProposalQuerySet",
    "ProposalState",
    "ReasonCode",
    "Reminder",
    "Screening",
    "ScreeningItem",
    "StatementLetter",
    "TrackInvitation",
]

"""Panels, score sheets and results."""

from judging.models.corrections import CORRECTION_MOVES, Correction
from judging.models.decisions import (
    AgreedScore,
    PlenaryDecision,
    PlenaryVote,
    TiePlace,
)
from judging.models.panel import Assignment, Conflict, Juror
from judging.models.plenary import PLENARY_MOVES, Plenary, PlenaryAttendance
from judging.models.presentations import (
    SLOT_MOVES,
    PresentationBreak,
    PresentationDay,
    PresentationPlan,
    PresentationSlot,
    SlotState,
)
from judging.models.results import RESULT_MOVES, Result, ResultPart, ResultRow
from judging.models.sheets import SHEET_MOVES, Score, ScoreSheet, Verdict
from judging.models.suggestions import ConflictSuggestion
from judging.models.visits import (
    ClaimOutcome,
    FieldVisit,
    VisitClaim,
    VisitFinding,
    VisitPhoto,
)

__all__ = [
    "CORRECTION_MOVES",
    "PLENARY_MOVES",
    "RESULT_MOVES",
    "SHEET_MOVES",
    "SLOT_MOVES",
    "AgreedScore",
    "Assignment",
    "ClaimOutcome",
    "Conflict",
    "ConflictSuggestion",
    "Correction",
    "FieldVisit",
    "Juror",
    "Plenary",
    "PlenaryAttendance",
    "PlenaryDecision",
    "PlenaryVote",
    "PresentationBreak",
    "PresentationDay",
    "PresentationPlan",
    "PresentationSlot",
    "Result",
    "ResultPart",
    "ResultRow",
    "Score",
    "ScoreSheet",
    "SlotState",
    "TiePlace",
    "Verdict",
    "VisitClaim",
    "VisitFinding",
    "VisitPhoto",
]

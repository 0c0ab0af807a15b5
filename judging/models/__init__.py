"""Panels, score sheets and results."""

from judging.models.panel import Assignment, Conflict, Juror
from judging.models.results import RESULT_MOVES, Result, ResultPart, ResultRow
from judging.models.sheets import SHEET_MOVES, Score, ScoreSheet, Verdict

__all__ = [
    "RESULT_MOVES",
    "SHEET_MOVES",
    "Assignment",
    "Conflict",
    "Juror",
    "Result",
    "ResultPart",
    "ResultRow",
    "Score",
    "ScoreSheet",
    "Verdict",
]

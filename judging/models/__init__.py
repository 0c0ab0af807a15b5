"""Panels, score sheets and results."""

from judging.models.panel import Assignment, Conflict, Juror
from judging.models.results import RESULT_MOVES, Result, ResultRow
from judging.models.sheets import SHEET_MOVES, Score, ScoreSheet

__all__ = [
    "RESULT_MOVES",
    "SHEET_MOVES",
    "Assignment",
    "Conflict",
    "Juror",
    "Result",
    "ResultRow",
    "Score",
    "ScoreSheet",
]

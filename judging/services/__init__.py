"""What people do in judging."""

from judging.services.panel import (
    AssignmentReport,
    ConflictNotDeclared,
    JurorNotAdded,
    JurorNotReminded,
    NothingAssigned,
    accept_panel,
    add_juror,
    assign_all,
    declare_conflict,
    remind_juror,
)
from judging.services.results import ResultNotSealed, seal_result
from judging.services.scoring import (
    ScoreNotValid,
    SheetConflict,
    SheetIncomplete,
    SheetLocked,
    SheetNotReopened,
    finalise_sheet,
    reopen_sheet,
    save_scores,
    save_verdict,
)

__all__ = [
    "AssignmentReport",
    "ConflictNotDeclared",
    "JurorNotAdded",
    "JurorNotReminded",
    "NothingAssigned",
    "ResultNotSealed",
    "ScoreNotValid",
    "SheetConflict",
    "SheetIncomplete",
    "SheetLocked",
    "SheetNotReopened",
    "accept_panel",
    "add_juror",
    "assign_all",
    "declare_conflict",
    "finalise_sheet",
    "remind_juror",
    "reopen_sheet",
    "save_scores",
    "save_verdict",
    "seal_result",
]

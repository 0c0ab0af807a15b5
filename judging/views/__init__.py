"""Pages of jurors and, for judging, of the secretariat."""

from judging.views.calibration import calibration
from judging.views.desk import (
    conflict_create,
    sheet_edit,
    sheet_evidence,
    sheet_finalise,
)
from judging.views.panel import (
    assignment_create,
    juror_detail,
    juror_list,
    juror_remind,
    sheet_reopen,
)
from judging.views.queue import assignment_list, panel_accept
from judging.views.results import (
    ranking,
    ranking_detail,
    ranking_export,
)
from judging.views.sealed import result_detail, result_export, result_seal

__all__ = [
    "assignment_create",
    "assignment_list",
    "calibration",
    "conflict_create",
    "juror_detail",
    "juror_list",
    "juror_remind",
    "panel_accept",
    "ranking",
    "ranking_detail",
    "ranking_export",
    "result_detail",
    "result_export",
    "result_seal",
    "sheet_edit",
    "sheet_evidence",
    "sheet_finalise",
    "sheet_reopen",
]

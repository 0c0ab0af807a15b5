"""Pages of jurors and, for judging, of the secretariat."""

from judging.views.assigning import assignment_create
from judging.views.assignment_tables import assignment_export, assignment_import
from judging.views.attending import (
    plenary_calendar,
    presentation_detail,
    presentation_detail_calendar,
    presentation_follow,
    presentation_follow_calendar,
)
from judging.views.calibration import calibration
from judging.views.carrying import sheet_export, sheet_import, sheet_print
from judging.views.chair import chair_hints
from judging.views.conflicts import conflict_list, juror_conflict
from judging.views.coverage import coverage, juror_remind, panel_remind
from judging.views.desk import (
    sheet_edit,
    sheet_evidence,
    sheet_finalise,
)
from judging.views.handing import (
    assignment_board,
    assignment_edit,
    assignment_release,
)
from judging.views.namings import naming_list
from judging.views.own_papers import own_paper_file, own_paper_issue
from judging.views.panel import (
    juror_chair,
    juror_detail,
    juror_edit,
    juror_invite,
    juror_list,
    sheet_reopen,
)
from judging.views.papers import (
    minutes_draft,
    minutes_file,
    minutes_issue,
    recap_export,
    recap_file,
    recap_issue,
    score_sheet_file,
    score_sheets_issue,
    sheets_export,
)
from judging.views.performing import (
    presentation_hall,
    presentation_operate,
    presentation_postpone,
    presentation_step,
)
from judging.views.plenary import (
    plenary_apply,
    plenary_attend,
    plenary_cancel,
    plenary_detail,
    plenary_edit,
    plenary_list,
)
from judging.views.plenary_items import (
    plenary_item,
    plenary_tie,
    plenary_withdraw,
)
from judging.views.plenary_screen import (
    screen_agenda,
    screen_calibration,
    screen_item,
    screen_ranking,
)
from judging.views.presenting import (
    presentation_announce,
    presentation_arrange,
    presentation_calendar,
    presentation_call_list,
    presentation_day_create,
    presentation_day_edit,
    presentation_day_remove,
    presentation_move,
    presentation_place,
    presentation_schedule,
    presentation_show_order,
)
from judging.views.queue import assignment_list
from judging.views.replacing import juror_replace
from judging.views.results import (
    ranking,
    ranking_detail,
    ranking_export,
)
from judging.views.sealed import (
    correction_begin,
    correction_give_up,
    correction_seal,
    result_detail,
    result_export,
    result_seal,
)
from judging.views.seat import panel_accept, panel_conflicts, panel_decline
from judging.views.stepping_back import (
    abstention_take_back,
    conflict_create,
    sheet_abstain,
)
from judging.views.visiting import (
    visit_claims,
    visit_list,
    visit_photo,
    visit_photo_preview,
    visit_report,
)

__all__ = [
    "abstention_take_back",
    "assignment_board",
    "assignment_create",
    "assignment_edit",
    "assignment_export",
    "assignment_import",
    "assignment_list",
    "assignment_release",
    "calibration",
    "chair_hints",
    "conflict_create",
    "conflict_list",
    "correction_begin",
    "correction_give_up",
    "correction_seal",
    "coverage",
    "juror_chair",
    "juror_conflict",
    "juror_detail",
    "juror_edit",
    "juror_invite",
    "juror_list",
    "juror_remind",
    "juror_replace",
    "minutes_draft",
    "minutes_file",
    "minutes_issue",
    "naming_list",
    "own_paper_file",
    "own_paper_issue",
    "panel_accept",
    "panel_conflicts",
    "panel_decline",
    "panel_remind",
    "plenary_apply",
    "plenary_attend",
    "plenary_calendar",
    "plenary_cancel",
    "plenary_detail",
    "plenary_edit",
    "plenary_item",
    "plenary_list",
    "plenary_tie",
    "plenary_withdraw",
    "presentation_announce",
    "presentation_arrange",
    "presentation_calendar",
    "presentation_call_list",
    "presentation_day_create",
    "presentation_day_edit",
    "presentation_day_remove",
    "presentation_detail",
    "presentation_detail_calendar",
    "presentation_follow",
    "presentation_follow_calendar",
    "presentation_hall",
    "presentation_move",
    "presentation_operate",
    "presentation_place",
    "presentation_postpone",
    "presentation_schedule",
    "presentation_show_order",
    "presentation_step",
    "ranking",
    "ranking_detail",
    "ranking_export",
    "recap_export",
    "recap_file",
    "recap_issue",
    "result_detail",
    "result_export",
    "result_seal",
    "score_sheet_file",
    "score_sheets_issue",
    "screen_agenda",
    "screen_calibration",
    "screen_item",
    "screen_ranking",
    "sheet_abstain",
    "sheet_edit",
    "sheet_evidence",
    "sheet_export",
    "sheet_finalise",
    "sheet_import",
    "sheet_print",
    "sheet_reopen",
    "sheets_export",
    "visit_claims",
    "visit_list",
    "visit_photo",
    "visit_photo_preview",
    "visit_report",
]

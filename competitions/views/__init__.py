"""Pages of rounds: what the public reads, what the secretariat sets up."""

from competitions.views.announcements import (
    announcement_create,
    announcement_delete,
    announcement_detail,
    announcement_edit,
    announcement_list,
)
from competitions.views.attachments import (
    attachment_delete,
    attachment_file,
    guideline_edit,
)
from competitions.views.calendar import (
    exception_list,
    exception_withdraw,
    round_calendar,
    stage_extend,
)
from competitions.views.event_desk import (
    attendance_list,
    attendance_mark,
    attendance_paper,
    event_admin_list,
    event_cancel,
    event_create,
    event_edit,
)
from competitions.views.events import (
    event_calendar,
    event_detail,
    event_list,
    registration_cancel,
    registration_create,
)
from competitions.views.rounds import (
    round_admin_list,
    round_create,
    round_detail,
    round_list,
)
from competitions.views.rule_changes import (
    rule_change_apply,
    rule_change_confirm,
    rule_change_detail,
    rule_change_discard,
    rule_change_refuse,
    rule_change_withdraw,
)
from competitions.views.rule_entries import (
    entry_create,
    entry_delete,
    entry_edit,
    entry_move,
    link_create,
)
from competitions.views.rule_pages import (
    award_list,
    form_edit,
    form_preview,
    group_list,
    jury_edit,
    requirement_list,
    round_rules,
)
from competitions.views.setup import (
    criterion_edit,
    round_delete,
    round_edit,
    round_open,
    round_setup,
    stage_edit,
)

__all__ = [
    "announcement_create",
    "announcement_delete",
    "announcement_detail",
    "announcement_edit",
    "announcement_list",
    "attachment_delete",
    "attachment_file",
    "attendance_list",
    "attendance_mark",
    "attendance_paper",
    "award_list",
    "criterion_edit",
    "entry_create",
    "entry_delete",
    "entry_edit",
    "entry_move",
    "event_admin_list",
    "event_calendar",
    "event_cancel",
    "event_create",
    "event_detail",
    "event_edit",
    "event_list",
    "exception_list",
    "exception_withdraw",
    "form_edit",
    "form_preview",
    "group_list",
    "guideline_edit",
    "jury_edit",
    "link_create",
    "registration_cancel",
    "registration_create",
    "requirement_list",
    "round_admin_list",
    "round_calendar",
    "round_create",
    "round_delete",
    "round_detail",
    "round_edit",
    "round_list",
    "round_open",
    "round_rules",
    "round_setup",
    "rule_change_apply",
    "rule_change_confirm",
    "rule_change_detail",
    "rule_change_discard",
    "rule_change_refuse",
    "rule_change_withdraw",
    "stage_edit",
    "stage_extend",
]

"""What the secretariat does with rounds."""

from competitions.building import StageData, planned_stages
from competitions.extensions import StageChange, planned_extension
from competitions.merging import differences
from competitions.services.announcements import (
    AnnouncementPublic,
    create_announcement,
    delete_announcement,
    update_announcement,
)
from competitions.services.attachments import (
    AttachmentRefused,
    add_attachments,
    remove_attachment,
)
from competitions.services.calendar import CalendarRefused, save_stages
from competitions.services.changes import (
    ChangeRefused,
    apply_change,
    confirm_change,
    discard_change,
    refuse_change,
    take_back_change,
)
from competitions.services.events import (
    EventData,
    EventOver,
    cancel_event,
    create_event,
    update_event,
)
from competitions.services.extensions import (
    ExceptionRefused,
    Extension,
    NoticeDraft,
    extend_stage,
    grant_exception,
    refuse_extension,
    withdraw_exception,
)
from competitions.services.registrations import (
    AttendanceRefused,
    RegistrationRefused,
    cancel_registration,
    issue_attendance_list,
    mark_attendance,
    refuse_attendance,
    register,
    remind_of_events,
    unmark_attendance,
)
from competitions.services.rounds import (
    CompetitionExists,
    RoundExists,
    RoundNotOpenable,
    RoundNotRemovable,
    create_competition,
    create_round,
    open_round,
    remove_round,
    update_round,
)
from competitions.services.rules import (
    RulesRefused,
    change_rules,
    copy_round,
)

__all__ = [
    "AnnouncementPublic",
    "AttachmentRefused",
    "AttendanceRefused",
    "CalendarRefused",
    "ChangeRefused",
    "CompetitionExists",
    "EventData",
    "EventOver",
    "ExceptionRefused",
    "Extension",
    "NoticeDraft",
    "RegistrationRefused",
    "RoundExists",
    "RoundNotOpenable",
    "RoundNotRemovable",
    "RulesRefused",
    "StageChange",
    "StageData",
    "add_attachments",
    "apply_change",
    "cancel_event",
    "cancel_registration",
    "change_rules",
    "confirm_change",
    "copy_round",
    "create_announcement",
    "create_competition",
    "create_event",
    "create_round",
    "delete_announcement",
    "differences",
    "discard_change",
    "extend_stage",
    "grant_exception",
    "issue_attendance_list",
    "mark_attendance",
    "open_round",
    "planned_extension",
    "planned_stages",
    "refuse_attendance",
    "refuse_change",
    "refuse_extension",
    "register",
    "remind_of_events",
    "remove_attachment",
    "remove_round",
    "save_stages",
    "take_back_change",
    "unmark_attendance",
    "update_announcement",
    "update_event",
    "update_round",
    "withdraw_exception",
]

"""Pages of authors, of those who endorse, and of the secretariat's check."""

from submissions.views.bulk import screening_bulk
from submissions.views.consents import consent_edit
from submissions.views.deciding import (
    proposal_correct,
    screening_confirm,
    screening_publish,
    screening_publish_one,
    screening_send_back,
    screening_take_back,
)
from submissions.views.files import (
    evidence_create,
    evidence_delete,
    evidence_file,
    evidence_preview,
    letter_file,
    letter_list,
    letter_template,
    link_check,
    link_create,
    link_delete,
)
from submissions.views.history import section_history
from submissions.views.invitations import invitation_end, invitation_list
from submissions.views.late import late_admit, late_list, late_take
from submissions.views.notes import note_settle
from submissions.views.objections import (
    objection_answer,
    objection_confirm,
    objection_detail,
    objection_file,
    objection_list,
    objection_send_back,
)
from submissions.views.overview import proposal_create, proposal_detail, proposal_list
from submissions.views.receipts import (
    receipt_detail,
    receipt_file,
    receipt_list,
    receipt_part,
)
from submissions.views.reminders import (
    reminder_delete,
    reminder_edit,
    reminder_list,
)
from submissions.views.screening import (
    screening_edit,
    screening_list,
    screening_refresh,
)
from submissions.views.sending import (
    proposal_check,
    proposal_endorse,
    proposal_return,
    proposal_send,
    proposal_withdraw,
)
from submissions.views.standing import (
    proposal_disqualify,
    proposal_reopen,
    proposal_take_out,
)
from submissions.views.taking_out import (
    innovation_index_file,
    innovation_index_page,
    national_texts,
    national_texts_file,
    proposal_archive,
    proposal_file,
    proposal_table_page,
    round_archive,
)
from submissions.views.taking_over import source_files
from submissions.views.uploading import upload_begin, upload_cancel, upload_part
from submissions.views.writing import header_edit, section_edit

__all__ = [
    "consent_edit",
    "evidence_create",
    "evidence_delete",
    "evidence_file",
    "evidence_preview",
    "header_edit",
    "innovation_index_file",
    "innovation_index_page",
    "invitation_end",
    "invitation_list",
    "late_admit",
    "late_list",
    "late_take",
    "letter_file",
    "letter_list",
    "letter_template",
    "link_check",
    "link_create",
    "link_delete",
    "national_texts",
    "national_texts_file",
    "note_settle",
    "objection_answer",
    "objection_confirm",
    "objection_detail",
    "objection_file",
    "objection_list",
    "objection_send_back",
    "proposal_archive",
    "proposal_check",
    "proposal_correct",
    "proposal_create",
    "proposal_detail",
    "proposal_disqualify",
    "proposal_endorse",
    "proposal_file",
    "proposal_list",
    "proposal_reopen",
    "proposal_return",
    "proposal_send",
    "proposal_table_page",
    "proposal_take_out",
    "proposal_withdraw",
    "receipt_detail",
    "receipt_file",
    "receipt_list",
    "receipt_part",
    "reminder_delete",
    "reminder_edit",
    "reminder_list",
    "round_archive",
    "screening_bulk",
    "screening_confirm",
    "screening_edit",
    "screening_list",
    "screening_publish",
    "screening_publish_one",
    "screening_refresh",
    "screening_send_back",
    "screening_take_back",
    "section_edit",
    "section_history",
    "source_files",
    "upload_begin",
    "upload_cancel",
    "upload_part",
]

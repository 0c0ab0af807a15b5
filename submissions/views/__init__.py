"""Pages of authors, of those who endorse, and of the secretariat's check."""

from submissions.views.files import (
    evidence_create,
    evidence_delete,
    evidence_file,
    letter_file,
    letter_list,
    letter_template,
    link_create,
    link_delete,
)
from submissions.views.invitations import invitation_end, invitation_list
from submissions.views.overview import proposal_create, proposal_detail, proposal_list
from submissions.views.receipts import receipt_detail, receipt_file
from submissions.views.screening import screening_edit, screening_list
from submissions.views.sending import (
    proposal_check,
    proposal_endorse,
    proposal_return,
    proposal_send,
    proposal_withdraw,
)
from submissions.views.standing import proposal_disqualify, proposal_reopen
from submissions.views.writing import consent_edit, header_edit, section_edit

__all__ = [
    "consent_edit",
    "evidence_create",
    "evidence_delete",
    "evidence_file",
    "header_edit",
    "invitation_end",
    "invitation_list",
    "letter_file",
    "letter_list",
    "letter_template",
    "link_create",
    "link_delete",
    "proposal_check",
    "proposal_create",
    "proposal_detail",
    "proposal_disqualify",
    "proposal_endorse",
    "proposal_list",
    "proposal_reopen",
    "proposal_return",
    "proposal_send",
    "proposal_withdraw",
    "receipt_detail",
    "receipt_file",
    "screening_edit",
    "screening_list",
    "section_edit",
]

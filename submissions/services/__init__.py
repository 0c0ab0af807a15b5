"""What people do with proposals."""

from submissions.services.consenting import save_consents
from submissions.services.drafting import (
    AnswerConflict,
    HeaderConflict,
    HeaderDraft,
    InnovationEntered,
    InstitutionElsewhere,
    InstitutionNotAdmitted,
    TrackNotOpen,
    create_proposal,
    save_answer,
    save_header,
)
from submissions.services.files import (
    FileNotTaken,
    add_evidence,
    add_link,
    put_letter,
    remove_evidence,
    remove_letter,
    remove_link,
)
from submissions.services.inviting import (
    InvitationInUse,
    InvitationNotPossible,
    end_invitation,
    invite_into_track,
)
from submissions.services.locking import (
    NotWritable,
    ProposalNotEditable,
    SubmissionClosed,
    brought_up_to_date,
)
from submissions.services.reminding import remind_of_deadlines
from submissions.services.screening import (
    ScreeningIncomplete,
    ScreeningNotPossible,
    Verdict,
    screen_proposal,
)
from submissions.services.standing import (
    ProposalNotDisqualifiable,
    ProposalNotReopenable,
    disqualify_proposal,
    reopen_proposal,
)
from submissions.services.submitting import (
    NobodyEndorses,
    NoteMissing,
    ProposalIncomplete,
    ProposalNotEndorsing,
    ProposalNotSubmittable,
    ProposalNotWithdrawable,
    return_proposal,
    send_proposal,
    submit_proposal,
    withdraw_proposal,
)
from submissions.services.versions import is_behind

__all__ = [
    "AnswerConflict",
    "FileNotTaken",
    "HeaderConflict",
    "HeaderDraft",
    "InnovationEntered",
    "InstitutionElsewhere",
    "InstitutionNotAdmitted",
    "InvitationInUse",
    "InvitationNotPossible",
    "NobodyEndorses",
    "NotWritable",
    "NoteMissing",
    "ProposalIncomplete",
    "ProposalNotDisqualifiable",
    "ProposalNotEditable",
    "ProposalNotEndorsing",
    "ProposalNotReopenable",
    "ProposalNotSubmittable",
    "ProposalNotWithdrawable",
    "ScreeningIncomplete",
    "ScreeningNotPossible",
    "SubmissionClosed",
    "TrackNotOpen",
    "Verdict",
    "add_evidence",
    "add_link",
    "brought_up_to_date",
    "create_proposal",
    "disqualify_proposal",
    "end_invitation",
    "invite_into_track",
    "is_behind",
    "put_letter",
    "remind_of_deadlines",
    "remove_evidence",
    "remove_letter",
    "remove_link",
    "reopen_proposal",
    "return_proposal",
    "save_answer",
    "save_consents",
    "save_header",
    "screen_proposal",
    "send_proposal",
    "submit_proposal",
    "withdraw_proposal",
]

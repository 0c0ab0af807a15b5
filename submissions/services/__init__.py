"""What people do with proposals."""

from submissions.services.drafting import (
    AnswerConflict,
    HeaderConflict,
    HeaderDraft,
    InnovationEntered,
    InstitutionElsewhere,
    create_proposal,
    save_answer,
    save_header,
)
from submissions.services.files import (
    FileNotTaken,
    add_evidence,
    put_letter,
    remove_evidence,
    remove_letter,
)
from submissions.services.locking import (
    NotWritable,
    ProposalNotEditable,
    SubmissionClosed,
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

__all__ = [
    "AnswerConflict",
    "FileNotTaken",
    "HeaderConflict",
    "HeaderDraft",
    "InnovationEntered",
    "InstitutionElsewhere",
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
    "Verdict",
    "add_evidence",
    "create_proposal",
    "disqualify_proposal",
    "put_letter",
    "remind_of_deadlines",
    "remove_evidence",
    "remove_letter",
    "reopen_proposal",
    "return_proposal",
    "save_answer",
    "save_header",
    "screen_proposal",
    "send_proposal",
    "submit_proposal",
    "withdraw_proposal",
]

"""Pages of awards and of what authors are told."""

from awards.views.feedback import (
    feedback_detail,
    feedback_letter,
    feedback_list,
    feedback_notes,
    feedback_release,
)
from awards.views.giving import (
    award_give,
    award_list,
    award_revoke,
    certificate_file,
    certificate_issue,
    decree_edit,
    favourite_choose,
    winner_list,
)

__all__ = [
    "award_give",
    "award_list",
    "award_revoke",
    "certificate_file",
    "certificate_issue",
    "decree_edit",
    "favourite_choose",
    "feedback_detail",
    "feedback_letter",
    "feedback_list",
    "feedback_notes",
    "feedback_release",
    "winner_list",
]

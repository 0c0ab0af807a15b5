"""Pages of awards and of what authors are told."""

from awards.views.certificates import (
    certificate_file,
    certificate_issue,
    certificate_overview,
    committee_add,
    committee_remove,
    own_certificates,
)
from awards.views.decrees import (
    decree_draft,
    decree_public,
    decree_scan,
    decree_scan_file,
    decree_text,
)
from awards.views.designs import (
    design_edit,
    design_list,
    design_logo,
    design_restore,
    design_sample,
)
from awards.views.feedback import (
    feedback_detail,
    feedback_letter,
    feedback_list,
    feedback_notes,
    feedback_release,
)
from awards.views.forwarding import (
    forwarding_ask,
    forwarding_detail,
    forwarding_list,
    forwarding_pack,
    forwarding_result,
    forwarding_stop,
    incoming_list,
)
from awards.views.giving import (
    award_give,
    award_list,
    decree_edit,
    favourite_choose,
)
from awards.views.publishing import (
    announcement_draft,
    announcement_file,
    prize_list,
    publication,
    publication_picture,
    publication_preview,
    winner_list,
    winner_picture,
)
from awards.views.revoking import award_revoke

__all__ = [
    "announcement_draft",
    "announcement_file",
    "award_give",
    "award_list",
    "award_revoke",
    "certificate_file",
    "certificate_issue",
    "certificate_overview",
    "committee_add",
    "committee_remove",
    "decree_draft",
    "decree_edit",
    "decree_public",
    "decree_scan",
    "decree_scan_file",
    "decree_text",
    "design_edit",
    "design_list",
    "design_logo",
    "design_restore",
    "design_sample",
    "favourite_choose",
    "feedback_detail",
    "feedback_letter",
    "feedback_list",
    "feedback_notes",
    "feedback_release",
    "forwarding_ask",
    "forwarding_detail",
    "forwarding_list",
    "forwarding_pack",
    "forwarding_result",
    "forwarding_stop",
    "incoming_list",
    "own_certificates",
    "prize_list",
    "publication",
    "publication_picture",
    "publication_preview",
    "winner_list",
    "winner_picture",
]

"""Pages of rounds: what the public reads, what the secretariat sets up."""

from competitions.views.announcements import (
    announcement_create,
    announcement_detail,
    announcement_list,
)
from competitions.views.rounds import (
    round_admin_list,
    round_create,
    round_detail,
    round_list,
)
from competitions.views.setup import (
    criterion_edit,
    form_preview,
    round_edit,
    round_open,
    round_setup,
    stage_edit,
)

__all__ = [
    "announcement_create",
    "announcement_detail",
    "announcement_list",
    "criterion_edit",
    "form_preview",
    "round_admin_list",
    "round_create",
    "round_detail",
    "round_edit",
    "round_list",
    "round_open",
    "round_setup",
    "stage_edit",
]

"""Overviews of rounds, and the board that rescues what is not sent yet."""

from monitoring.views.broadcasts import (
    broadcast_create,
    broadcast_delete,
    broadcast_detail,
    broadcast_edit,
    broadcast_list,
    broadcast_order,
    broadcast_read,
    broadcast_try,
    broadcast_undo,
)
from monitoring.views.overview import leader_overview, leader_round, round_dashboard
from monitoring.views.rescue import (
    rescue_absent,
    rescue_board,
    rescue_hours,
    rescue_trend,
)
from monitoring.views.rescue_target import (
    rescue_all,
    rescue_institution,
    rescue_note,
    rescue_proposal,
    rescue_remind,
)

__all__ = [
    "broadcast_create",
    "broadcast_delete",
    "broadcast_detail",
    "broadcast_edit",
    "broadcast_list",
    "broadcast_order",
    "broadcast_read",
    "broadcast_try",
    "broadcast_undo",
    "leader_overview",
    "leader_round",
    "rescue_absent",
    "rescue_all",
    "rescue_board",
    "rescue_hours",
    "rescue_institution",
    "rescue_note",
    "rescue_proposal",
    "rescue_remind",
    "rescue_trend",
    "round_dashboard",
]

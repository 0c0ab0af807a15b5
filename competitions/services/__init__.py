"""What the secretariat does with rounds."""

from competitions.building import StageData, planned_stages
from competitions.services.announcements import create_announcement
from competitions.services.calendar import CalendarRefused, save_stages
from competitions.services.rounds import (
    CompetitionExists,
    RoundExists,
    RoundNotOpenable,
    create_competition,
    create_round,
    open_round,
    update_round,
)
from competitions.services.scoring import WeightsRefused, save_weights

__all__ = [
    "CalendarRefused",
    "CompetitionExists",
    "RoundExists",
    "RoundNotOpenable",
    "StageData",
    "WeightsRefused",
    "create_announcement",
    "create_competition",
    "create_round",
    "open_round",
    "planned_stages",
    "save_stages",
    "save_weights",
    "update_round",
]

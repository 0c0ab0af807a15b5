"""The dashboard of a leader: participation in the rounds that run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Government, User
from competitions import phases
from competitions.models import Round, Stage
from monitoring import queries
from monitoring.queries import RoundFigures

SHOWN = 5


@dataclass(frozen=True)
class LeaderRow:
    """One round with its figures."""

    round: Round
    figures: RoundFigures
    current: Stage | None


@dataclass(frozen=True)
class LeaderDashboard:
    """The latest rounds of the leader's governments."""

    rows: Sequence[LeaderRow]


def load_leader(user: User, at: datetime) -> LeaderDashboard:
    """Load it in a constant number of queries."""
    rounds = list(
        Round.objects.published()
        .filter(competition__government__in=Government.objects.led_by(user))
        .for_list()[:SHOWN]
    )
    figures = queries.figures_of(rounds, timezone.localdate(at))
    return LeaderDashboard(
        [
            LeaderRow(
                round,
                figures[round.pk],
                phases.current_stage(round.stage_set.all(), at),
            )
            for round in rounds
        ]
    )

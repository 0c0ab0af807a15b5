"""What a later closing does to the rest of a calendar."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from competitions.checks import SEQUENCE
from competitions.models import Stage
from competitions.phases import stage_of_kind

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class StageChange:
    """The dates of a stage before and after."""

    stage: Stage
    opens_at: datetime
    closes_at: datetime

    @property
    def is_moved(self) -> bool:
        """Whether it begins later too, not only ends later."""
        return self.opens_at != self.stage.opens_at


def planned_extension(
    stages: Sequence[Stage], stage: Stage, closes_at: datetime
) -> list[StageChange]:
    """What changes when `stage` closes at `closes_at`, itself first.

    The stages after it move as many whole days as keep them from overlapping, and no
    day more. Aware moments.
    """
    changes = [StageChange(stage, stage.opens_at, closes_at)]
    if stage.kind not in SEQUENCE:
        return changes
    earlier_end = closes_at
    for kind in SEQUENCE[SEQUENCE.index(Stage.Kind(stage.kind)) + 1 :]:
        later = stage_of_kind(stages, kind)
        if later is None:
            continue
        overlap = earlier_end - later.opens_at
        if overlap <= timedelta(0):
            break
        delay = math.ceil(overlap / _DAY) * _DAY
        changes.append(
            StageChange(later, later.opens_at + delay, later.closes_at + delay)
        )
        earlier_end = later.closes_at + delay
    return changes

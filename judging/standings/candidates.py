"""Whom a stage judges: those whom the stages before it let through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from competitions.models import ScoringStage, Stage
from competitions.queries import ScoringParts
from judging import queries
from judging.standings.live import through


@dataclass(frozen=True)
class Candidates:
    """The ids of the proposals, or the stage that must be over first."""

    ids: frozenset[int] = frozenset()
    waiting_for: ScoringStage | None = None


def candidates_of(
    stage: ScoringStage,
    at: datetime,
    *,
    scoring: Sequence[ScoringParts] | None = None,
    windows: Mapping[str, Stage] | None = None,
) -> Candidates:
    """Find whom `stage` judges; none while a stage before it is still judged.

    `scoring` and `windows` are those of its round, where they are loaded already.
    """
    if scoring is None:
        scoring = queries.scoring_of(stage.round)
    if windows is None:
        windows = queries.windows_of(stage.round)
    before = [each for each in scoring if each.stage.order < stage.order]
    waiting = queries.unshown_stages([each.stage for each in before], windows, at)
    if waiting:
        return Candidates(waiting_for=waiting[0])
    return Candidates(frozenset(through(stage.round, before)))

"""Scoring stages of a round: their windows, criteria, contestants, results."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from competitions import queries as competition_queries
from competitions.models import (
    AwardLevel,
    Criterion,
    Round,
    ScoringStage,
    Stage,
)
from competitions.queries import ScoringParts
from judging.models import Assignment, Result, ResultRow
from submissions.models import Proposal


def scoring_window(round: Round) -> Stage | None:
    """Find the span of the calendar in which jurors score proposals, if it is set."""
    return round.stage_set.filter(kind=Stage.Kind.SCORING).first()


def window_of(stage: ScoringStage) -> Stage | None:
    """Find the span of the calendar in which `stage` is judged, if it is set."""
    return Stage.objects.filter(round=stage.round_id, kind=stage.calendar_kind).first()


def windows_of(round: Round) -> dict[str, Stage]:
    """Find all spans of the calendar in which jurors work, by their kind."""
    spans = Stage.objects.filter(round=round, kind__in=ScoringStage.CALENDAR_KINDS)
    return {span.kind: span for span in spans}


def rounds_in_scoring(at: datetime) -> set[int]:
    """Find the ids of the rounds whose jurors work at `at`."""
    stages = Stage.objects.open_at(at).filter(kind__in=ScoringStage.CALENDAR_KINDS)
    return set(stages.values_list("round", flat=True))


def scoring_of(round: Round) -> list[ScoringParts]:
    """Load the scoring stages of `round` with all they go by; sections are left out."""
    parts = competition_queries.scoring_parts(round, sections=[])
    for each in parts:
        each.stage.round = round
    return parts


def scoring_stages_of(round: Round) -> list[ScoringStage]:
    """List the scoring stages of `round` in their order."""
    return list(round.scoringstage_set.order_by("order", "pk"))


def scoring_stage_of(round: Round) -> ScoringStage | None:
    """Find the stage that the jury scores first."""
    return round.scoringstage_set.order_by("order", "pk").first()


def stage_at_work(
    stages: Sequence[ScoringStage], windows: Mapping[str, Stage], at: datetime
) -> ScoringStage | None:
    """Choose the stage that a page is about: the last of those that have opened."""
    opened = [
        stage
        for stage in stages
        if (window := windows.get(stage.calendar_kind)) and window.opens_at <= at
    ]
    return next(reversed(opened), next(iter(stages), None))


def stage_after(stage: ScoringStage) -> ScoringStage | None:
    """Find a later stage of the round that was assigned already."""
    assigned = Assignment.objects.filter(scoring_stage=OuterRef("pk"))
    return (
        ScoringStage.objects.filter(
            Exists(assigned), round=stage.round_id, order__gt=stage.order
        )
        .order_by("order")
        .first()
    )


def criteria_of(stage: ScoringStage, track: str | None = None) -> list[Criterion]:
    """List the criteria that are scored, in order: the leaves, where it is a tree.

    With the code of a `track` only those that its proposals are judged by.
    """
    found = _leaves(stage).order_by("order", "pk")
    return [each for each in found if track is None or each.is_for(track)]


def criteria_count(stage: ScoringStage) -> int:
    """Count the criteria that are scored."""
    return _leaves(stage).count()


def criteria_to_score(stage: ScoringStage, track: str) -> list[Criterion]:
    """List them with the component of each, where it is a tree.

    As `looks_at` each has the ids of the sections of the form that it looks at.
    """
    pairs = Criterion.sections.through.objects.filter(criterion=OuterRef("pk"))
    found = _leaves(stage).order_by("order", "pk")
    found = found.annotate(
        looks_at=ArraySubquery(pairs.values("section_id"))  # type: ignore[no-redef]
    )
    if stage.is_assessment:  # elsewhere there is no tree
        found = found.select_related("parent")
    return [each for each in found if each.is_for(track)]


def _leaves(stage: ScoringStage) -> QuerySet[Criterion]:
    return stage.criterion_set.filter(criterion=None)


def sealed_result(round: Round | int) -> Result | None:
    """Find the sealed result of a round that stands today."""
    return Result.objects.standing().filter(round=round).first()


def standing_proposals(stage: ScoringStage) -> QuerySet[Proposal]:
    """Keep the proposals of the round: passed and not taken back since.

    The first stage judges all of them, a later one those let through before it.
    """
    return Proposal.objects.filter(
        round=stage.round_id, state=Proposal.State.SCREENED_PASSED
    )


def groupings_of(round: Round, scoring: Iterable[ScoringParts]) -> set[str]:
    """Find by what the proposals of `round` are told apart: in lists and awards."""
    levels = AwardLevel.objects.filter(round=round).values_list("per", flat=True)
    lists = (each.per for parts in scoring for each in parts.shortlists)
    return {"category", *levels, *lists}


def held_predicates(round: Round, codes: Iterable[str]) -> dict[int, set[str]]:
    """Find which of these predicates institutions hold, by the institution's id.

    Held is what a sealed result of another round of the same competition came to.
    """
    rows = ResultRow.objects.filter(
        result__in=Result.objects.standing()
        .filter(round__competition=round.competition_id)
        .exclude(round=round),
        predicate__in=list(codes),
    )
    held: dict[int, set[str]] = {}
    for institution, code in rows.values_list("proposal__institution", "predicate"):
        held.setdefault(institution, set()).add(code)
    return held

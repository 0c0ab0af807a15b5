"""Scores: sums over sheets, and the sheets of one proposal side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast, Greatest

from competitions.models import Criterion, ScoringStage
from judging.models import Juror, Score, ScoreSheet, Verdict
from submissions.models import Proposal


class _Whole(Cast):
    """A cast to whole numbers, which the driver gives as such: nothing to convert.

    40,000 calls that change nothing are a tenth of the ranking.
    """

    def get_db_converters(self, connection: Any) -> list[Any]:
        return []


def score_sums(
    stage: ScoringStage, criteria: Sequence[Criterion]
) -> Iterable[tuple[int, ...]]:
    """Add up final sheets: proposal id, sheets, then a sum for each of `criteria`.

    Sums are in hundredths of a point, None without any score. One row for each
    proposal: reading a row for each criterion took twice the time. Sheets are counted
    by their scores: a final one has one for each criterion of its track, and counting
    distinct sheets would sort all scores first.
    """
    sums = {
        f"sum_{place}": _Whole(
            Sum("score__value", filter=Q(score__criterion=each)) * 100,
            BigIntegerField(),
        )
        for place, each in enumerate(criteria)
    }
    # One that judges every track has a score on each sheet; else the most of any.
    whole = [each for each in criteria if not each.tracks][:1] or criteria
    counts = [Count("score", filter=Q(score__criterion=each)) for each in whole]
    count = Greatest(*counts) if len(counts) > 1 else next(iter(counts), Count("score"))
    return (
        ScoreSheet.objects.open()
        .final()
        .filter(assignment__scoring_stage=stage)
        .values_list("assignment__proposal")
        .annotate(sheets=count, **sums)
        .order_by()
    )


def sheet_values(
    stage: ScoringStage, criteria: Sequence[Criterion]
) -> Iterable[tuple[int, ...]]:
    """Give final sheets: juror id, proposal id, then a value for each of `criteria`.

    Values are in hundredths of a point, None where there is none.
    """
    values = {
        f"value_{place}": _Whole(
            Max("score__value", filter=Q(score__criterion=each)) * 100,
            BigIntegerField(),
        )
        for place, each in enumerate(criteria)
    }
    return (
        ScoreSheet.objects.open()
        .final()
        .filter(assignment__scoring_stage=stage)
        .values_list("assignment__juror", "assignment__proposal")
        .annotate(**values)
        .order_by("assignment__juror", "assignment__proposal")
    )


def verdict_counts(
    stages: Iterable[ScoringStage],
) -> Iterable[tuple[int, int, int, int, int]]:
    """Count what gates say: stage, proposal (ids), passes, remarks, fails."""
    counts = {each.value: Count("pk", filter=Q(verdict=each)) for each in Verdict}
    return (
        ScoreSheet.objects.filter(pk__in=_counted(stages))
        .values_list("assignment__scoring_stage", "assignment__proposal")
        .annotate(**counts)
        .order_by()
    )


def sheet_totals(
    stage: ScoringStage, proposals: Iterable[int]
) -> Iterable[tuple[int, int, Decimal]]:
    """Give weighted totals of final sheets: (proposal id, juror id, total)."""
    weighted = F("score__value") * F("score__criterion__weight")
    rows = (
        # From the sheets on: asked by scores, the database reads those of all.
        ScoreSheet.objects.open()
        .final()
        .filter(
            assignment__scoring_stage=stage, assignment__proposal__in=list(proposals)
        )
        .values_list("assignment__proposal", "assignment__juror")
        .annotate(total=Sum(weighted))
        .order_by()
    )
    return (
        (proposal, juror, total.scaleb(-2))
        for proposal, juror, total in rows
        if total is not None
    )


def _counted(stages: Iterable[ScoringStage]) -> QuerySet[ScoreSheet, int]:
    return (
        ScoreSheet.objects.open()
        .final()
        .filter(assignment__scoring_stage__in=list(stages))
        .values_list("pk", flat=True)
    )


@dataclass(frozen=True)
class Column:
    """One juror's sheet of one proposal, laid out by criterion."""

    juror: Juror
    sheet: ScoreSheet
    scores: list[Score | None]
    total: Decimal | None


def columns_of(
    stage: ScoringStage, criteria: Sequence[Criterion], proposal: Proposal
) -> list[Column]:
    """Load all final sheets of `proposal` that count, with scores and notes.

    Scores come in the order of `criteria`.
    """
    sheets = (
        ScoreSheet.objects.open()
        .final()
        .filter(assignment__scoring_stage=stage, assignment__proposal=proposal)
        .select_related("assignment__juror__user")
        .prefetch_related("score_set")
        .order_by("assignment__juror")
    )
    columns = []
    for sheet in sheets:
        scores = {score.criterion_id: score for score in sheet.score_set.all()}
        weighted = [
            score.value * each.weight
            for each in criteria
            if (score := scores.get(each.pk)) and score.value is not None
        ]
        columns.append(
            Column(
                sheet.assignment.juror,
                sheet,
                [scores.get(each.pk) for each in criteria],
                sum(weighted, Decimal(0)).scaleb(-2) if weighted else None,
            )
        )
    return columns


def names_of(proposals: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Give title, institution and category of proposals, by their id."""
    rows = Proposal.objects.filter(pk__in=list(proposals)).values_list(
        "pk", "title", "institution__name", "category__name"
    )
    return {pk: (title, name, category or "") for pk, title, name, category in rows}

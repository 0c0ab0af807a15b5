"""Scores: sums over sheets, and the sheets of one proposal side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BigIntegerField, Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast

from competitions.models import Criterion, ScoringStage
from judging.models import Juror, Score, ScoreSheet, Verdict
from submissions.models import Proposal


def score_sums(
    stage: ScoringStage, criteria: Sequence[Criterion]
) -> Iterable[tuple[int, ...]]:
    """Add up final sheets: proposal id, sheets, then a sum for each of `criteria`.

    Sums are in hundredths of a point, None without any score. One row for each
    proposal: reading a row for each criterion took twice the time.
    """
    sums = {
        f"sum_{place}": Cast(
            Sum("score__value", filter=Q(score__criterion=each)) * 100,
            BigIntegerField(),
        )
        for place, each in enumerate(criteria)
    }
    return (
        ScoreSheet.objects.open()
        .final()
        .filter(assignment__scoring_stage=stage)
        .values_list("assignment__proposal")
        .annotate(sheets=Count("pk", distinct=True), **sums)
        .order_by()
    )


def sheet_values(
    stage: ScoringStage, criteria: Sequence[Criterion]
) -> Iterable[tuple[int, ...]]:
    """Give final sheets: juror id, proposal id, then a value for each of `criteria`.

    Values are in hundredths of a point, None where there is none.
    """
    values = {
        f"value_{place}": Cast(
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
    rows = (
        Score.objects.filter(
            sheet__in=_counted([stage]), sheet__assignment__proposal__in=proposals
        )
        .values_list("sheet__assignment__proposal", "sheet__assignment__juror")
        .annotate(total=Sum(F("value") * F("criterion__weight")))
        .order_by()
    )
    return ((proposal, juror, total.scaleb(-2)) for proposal, juror, total in rows)


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
    totals = {juror: total for _p, juror, total in sheet_totals(stage, [proposal.pk])}
    columns = []
    for sheet in sheets:
        juror = sheet.assignment.juror
        scores = {score.criterion_id: score for score in sheet.score_set.all()}
        columns.append(
            Column(
                juror,
                sheet,
                [scores.get(each.pk) for each in criteria],
                totals.get(juror.pk),
            )
        )
    return columns


def names_of(proposals: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Give title, institution and category of proposals, by their id."""
    rows = Proposal.objects.filter(pk__in=list(proposals)).values_list(
        "pk", "title", "institution__name", "category__name"
    )
    return {pk: (title, name, category or "") for pk, title, name, category in rows}

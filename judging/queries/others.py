"""What other jurors gave, for a juror who may know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from competitions.models import Criterion, ScoringStage
from judging.models import Score, ScoreSheet
from judging.queries.scores import sheet_totals


@dataclass(frozen=True)
class OtherSheet:
    """The scores of another juror, who has a number in place of a name."""

    number: int
    values: Sequence[Decimal | None]
    total: Decimal | None


def others_of(sheet: ScoreSheet, criteria: Sequence[Criterion]) -> list[OtherSheet]:
    """Give the final sheets of the same proposal, where the juror of `sheet` may look.

    Only once their own is final, and only where the stage says so. They come by their
    keys, which are random: the same number is another person at the next proposal.
    Source: rule SCO-42 in docs/rules.md.
    """
    assignment = sheet.assignment
    stage = assignment.scoring_stage
    if not sheet.is_final or stage.others_scores != ScoringStage.OthersScores.AFTER_OWN:
        return []
    sheets = list(
        ScoreSheet.objects.open()
        .final()
        .filter(
            assignment__scoring_stage=stage, assignment__proposal=assignment.proposal_id
        )
        .exclude(pk=sheet.pk)
        .order_by("key")
        .values_list("pk", "assignment__juror")
    )
    given = {
        (row.sheet_id, row.criterion_id): row.value
        for row in Score.objects.filter(sheet__in=[pk for pk, _juror in sheets])
    }
    totals = {
        juror: total
        for _proposal, juror, total in sheet_totals(stage, [assignment.proposal_id])
    }
    return [
        OtherSheet(
            number=number,
            values=[given.get((pk, each.pk)) for each in criteria],
            total=totals.get(juror),
        )
        for number, (pk, juror) in enumerate(sheets, start=1)
    ]

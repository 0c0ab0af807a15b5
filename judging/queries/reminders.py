"""Who still has sheets to finish in a stage of the calendar."""

from competitions.models import Stage
from judging.models import Juror, ScoreSheet
from judging.queries.sheets import PROGRESS, Progress


def jurors_with_open_sheets(stage: Stage) -> list[tuple[Juror, Progress]]:
    """The sitting jurors whose sheets of `stage` are not all finished."""
    rows = (
        ScoreSheet.objects.open()
        .filter(
            assignment__scoring_stage__round=stage.round_id,
            assignment__scoring_stage__calendar_kind=stage.kind,
        )
        .values_list("assignment__juror")
        .annotate(**PROGRESS)
        .order_by()
    )
    progress = {juror: Progress(*counts) for juror, *counts in rows}
    jurors = Juror.objects.filter(
        pk__in=[pk for pk, each in progress.items() if each.left],
        user__is_active=True,
    )
    sitting = jurors.sitting().select_related("user").order_by("pk")
    return [(juror, progress[juror.pk]) for juror in sitting]

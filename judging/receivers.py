"""What the jury answers when the calendar asks."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from competitions.models import Stage
from competitions.signals import stage_concerns
from judging.models import Juror

JURY_KINDS = {
    Stage.Kind.SCORING,
    Stage.Kind.PRESENTATION,
    Stage.Kind.FIELD_VISIT,
    Stage.Kind.PLENARY,
}


@receiver(stage_concerns, dispatch_uid="judging.stage_concerns")
def jurors_concerned(*, stage: Stage, **kwargs: Any) -> Sequence[int]:
    """The panel, where the jury is at work."""
    if stage.kind not in JURY_KINDS:
        return []
    jurors = Juror.objects.filter(round=stage.round_id)
    return list(jurors.values_list("user", flat=True))

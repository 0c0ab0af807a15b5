"""What the jury answers when the calendar or a change of the rules asks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from competitions.consequences import Consequence, Progress, Ranks, RuleEdit
from competitions.models import ReminderAudience, Round, Stage
from competitions.signals import (
    rule_edit_concerns,
    rule_edit_ranks,
    scoring_progress,
    stage_concerns,
)
from core import dates
from judging import notices, queries, rule_effects
from judging.models import Juror, PresentationSlot
from submissions.models import Proposal
from submissions.occasions import Occasion
from submissions.recipients import Reached
from submissions.signals import appointments, reminder_audience

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
    jurors = Juror.objects.sitting().filter(round=stage.round_id)
    return list(jurors.values_list("user", flat=True))


@receiver(appointments, dispatch_uid="judging.appointments")
def presentation_of(
    *, proposal: Proposal, **kwargs: Any
) -> Sequence[Mapping[str, str]]:
    """The time of a proposal's presentation, once its institution was told."""
    if not proposal.has_passed:
        return []
    told = PresentationSlot.objects.standing().filter(
        proposal=proposal, told_at__isnull=False
    )
    zone = proposal.round.zone
    return [
        {
            "label": slot.plan.scoring_stage.name,
            "when": dates.format_datetime(
                slot.told_time or slot.planned_at, "medium", zone
            ),
            "url": reverse("judging:presentation_detail", args=[proposal.code]),
        }
        for slot in told.select_related("plan__scoring_stage").order_by("told_time")
    ]


@receiver(scoring_progress, dispatch_uid="judging.scoring_progress")
def jury_progress(*, round: Round, **kwargs: Any) -> Progress:
    """How far the jury is."""
    return rule_effects.progress_of(round)


@receiver(rule_edit_concerns, dispatch_uid="judging.rule_edit_concerns")
def sheets_concerned(*, edit: RuleEdit, **kwargs: Any) -> Sequence[Consequence]:
    """What new rules mean to the sheets."""
    return list(rule_effects.consequences(edit))


@receiver(rule_edit_ranks, dispatch_uid="judging.rule_edit_ranks")
def ranks_compared(*, edit: RuleEdit, **kwargs: Any) -> Ranks | None:
    """Ranks before and after."""
    return rule_effects.ranks(edit)


@receiver(reminder_audience, dispatch_uid="judging.reminder_audience")
def jurors_reminded(*, stage: Stage, audience: str, **kwargs: Any) -> list[Reached]:
    """The jurors with open sheets, each with what is left for them."""
    if audience != ReminderAudience.JURORS:
        return []
    return [
        Reached(juror.user, tell=_telling(juror, progress))
        for juror, progress in queries.jurors_with_open_sheets(stage)
    ]


def _telling(
    juror: Juror, progress: queries.Progress
) -> Callable[[Occasion, datetime], None]:
    def tell(occasion: Occasion, at: datetime) -> None:
        notices.sheets_due(juror, progress=progress, occasion=occasion, at=at)

    return tell

"""What the applicants' side answers: to the calendar, to a change of the rules."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from accounts.models import Membership
from competitions.consequences import Consequence, RuleEdit
from competitions.models import Stage
from competitions.signals import rule_edit_concerns, stage_concerns
from submissions import rule_effects
from submissions.models import Proposal

# Stages that wait for, or visit, those who have entered.
APPLICANT_KINDS = {
    Stage.Kind.SCREENING,
    Stage.Kind.PRESENTATION,
    Stage.Kind.FIELD_VISIT,
}


@receiver(stage_concerns, dispatch_uid="submissions.stage_concerns")
def applicants_concerned(*, stage: Stage, **kwargs: Any) -> Sequence[int]:
    """The people of the institutions that have entered the round."""
    if stage.kind not in APPLICANT_KINDS:
        return []
    entered = Proposal.objects.entered().filter(round=stage.round_id)
    people = Membership.objects.current().filter(
        institution__in=entered.values("institution")
    )
    return list(people.values_list("user", flat=True))


@receiver(rule_edit_concerns, dispatch_uid="submissions.rule_edit_concerns")
def proposals_concerned(*, edit: RuleEdit, **kwargs: Any) -> Sequence[Consequence]:
    """What new rules mean to drafts and to what was submitted."""
    return list(rule_effects.consequences(edit))

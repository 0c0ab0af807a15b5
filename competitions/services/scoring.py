"""The weights of a round's criteria."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions import checks
from competitions.models import Criterion, Round, ScoringStage, Stage, Track
from competitions.queries import ScoringParts
from competitions.services.base import locked, record
from core import dates
from core.errors import DomainError


class WeightsRefused(DomainError):
    """The weights cannot be changed any more, or do not sum to 100."""


def save_weights(
    *,
    scoring_stage: ScoringStage,
    weights: Mapping[str, Decimal],
    actor: User,
    at: datetime,
) -> None:
    """Set the weights of a scoring stage: percent by code of the criterion.

    While the round is prepared any sum may be kept; once it is opened they must sum
    to 100, and once the jury scores they stand.

    Raises WeightsRefused.
    """
    with transaction.atomic():
        round = locked(scoring_stage.round)
        if round.is_opened:
            _refuse_late_weights(round, at)
        changes = {}
        criteria = list(Criterion.objects.filter(scoring_stage=scoring_stage))
        for criterion in criteria:
            weight = weights[criterion.code]
            if weight != criterion.weight:
                changes[criterion.code] = [criterion.weight, weight]
                criterion.weight = weight
        if round.is_opened:
            tracks = list(Track.objects.filter(round=round).order_by("order", "pk"))
            parts = ScoringParts(scoring_stage, criteria)
            for sentence in checks.check_weights(parts, tracks):
                raise WeightsRefused(sentence)
        Criterion.objects.bulk_update(criteria, ["weight"])
        if changes:
            record("round.weights_changed", round, actor, at, changes)


def _refuse_late_weights(round: Round, at: datetime) -> None:
    scoring = Stage.objects.filter(round=round, kind=Stage.Kind.SCORING).first()
    if scoring and scoring.opens_at <= at:
        raise WeightsRefused(
            _("The jury scores since %(moment)s. The weights can no longer be changed.")
            % {"moment": dates.format_datetime(scoring.opens_at, "medium", round.zone)}
        )

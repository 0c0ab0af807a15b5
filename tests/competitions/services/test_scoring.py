from decimal import Decimal

import pytest
from django.utils import timezone

from competitions import services
from core.models import AuditEntry
from tests.factories import competitions as make

pytestmark = pytest.mark.django_db


def save_weights(round, actor, at=None, **weights):
    services.save_weights(
        scoring_stage=round.scoringstage_set.get(),
        weights={code: Decimal(weight) for code, weight in weights.items()},
        actor=actor,
        at=at or timezone.now(),
    )


def weights_of(round):
    criteria = round.scoringstage_set.get().criterion_set.order_by("order")
    return [each.weight for each in criteria]


def test_save_weights_keeps_any_sum_while_preparing(actor):
    round = make.small_round(opened_at=None)

    save_weights(round, actor, kebaruan=50, signifikansi=60)

    assert weights_of(round) == [50, 60]
    changes = AuditEntry.objects.get(action="round.weights_changed").changes
    assert changes == {"kebaruan": ["40.00", "50"]}


def test_save_weights_of_an_open_round_must_sum_to_100(actor):
    round = make.small_round(phase="submission")

    with pytest.raises(services.WeightsRefused):
        save_weights(round, actor, kebaruan=50, signifikansi=60)
    save_weights(round, actor, kebaruan=50, signifikansi=50)

    assert weights_of(round) == [50, 50]


def test_save_weights_stand_once_the_jury_scores(actor):
    round = make.small_round(phase="scoring")

    with pytest.raises(services.WeightsRefused) as refusal:
        save_weights(round, actor, kebaruan=50, signifikansi=50)

    assert "no longer be changed" in refusal.value.message
    assert weights_of(round) == [40, 60]

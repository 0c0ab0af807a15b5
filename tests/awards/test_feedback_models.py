"""What the database itself refuses of feedback."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from awards.models import FeedbackNote, FeedbackPlan
from judging.models import Score
from tests.factories.accounts import UserFactory
from tests.factories.feedback import judged_round, released_round

pytestmark = pytest.mark.django_db


def refused(sql, *params):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except DatabaseError:
        return True
    return False


def test_what_was_released_stays_so():
    released_round((80, 70))
    plan = FeedbackPlan.objects.get()

    for change in ("released_at = NULL, released_by_id = NULL", "places = 'all'"):
        assert refused(f"UPDATE awards_feedbackplan SET {change}")
    assert refused("DELETE FROM awards_feedbackplan WHERE id = %s", plan.pk)


def test_plan_is_released_by_somebody_and_announced_after():
    round = judged_round((80, 70))

    with pytest.raises(IntegrityError, match="by_somebody"), transaction.atomic():
        FeedbackPlan.objects.create(round=round, released_at=timezone.now())
    with pytest.raises(IntegrityError, match="when_released"), transaction.atomic():
        FeedbackPlan.objects.create(round=round, announced_at=timezone.now())


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"choice": "edited", "reason": "x"}, "text_when_edited"),
        ({"choice": "withheld", "reason": "x", "text": "x"}, "text_when_edited"),
        ({"choice": "withheld"}, "has_reason"),
    ],
)
def test_decision_on_a_note_is_whole(fields, name):
    judged_round((80, 70), jurors=1)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FeedbackNote.objects.create(
            score=Score.objects.earliest("pk"),
            decided_by=UserFactory(),
            decided_at=timezone.now(),
            **fields,
        )


def test_decision_on_a_note_is_never_deleted():
    judged_round((80, 70), jurors=1)
    FeedbackNote.objects.create(
        score=Score.objects.earliest("pk"),
        choice="withheld",
        reason="x",
        decided_by=UserFactory(),
        decided_at=timezone.now(),
    )

    assert refused("DELETE FROM awards_feedbacknote")

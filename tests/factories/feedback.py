"""Rounds whose authors are told how they were judged."""

from datetime import timedelta

from django.utils import timezone

from awards import services
from awards.models import FeedbackPlan
from judging.models import ScoreSheet
from tests.factories.accounts import SecretariatFactory, SignatoryFactory
from tests.factories.judging import ScoreFactory, scoring_round, seal

AGO, LATER = timedelta(hours=-1), timedelta(days=2)
ANCHORS = [
    {"from": 0, "to": 59, "label": "Kurang", "text": "Belum tampak."},
    {"from": 60, "to": 79, "label": "Cukup", "text": "Tampak sebagian."},
    {"from": 80, "to": 100, "label": "Baik", "text": "Tampak jelas dan terukur."},
]


def judged_round(*values, jurors=2, publish_in=AGO, prepare=None, **fields):
    """A sealed round with a decree; `values` are those of its proposals, in order.

    Each is a pair for novelty (40) and significance (60), the same from every juror,
    with a note that names criterion and juror. `prepare` may change the round first.
    """
    round = scoring_round(jurors=jurors, proposals=len(values), **fields)
    stage = round.scoringstage_set.get()
    stage.criterion_set.update(anchors=ANCHORS)
    stage.pass_mark, stage.shortlist_size = 70, 1
    stage.save()
    proposals = list(round.proposal_set.order_by("pk"))
    for sheet in ScoreSheet.objects.filter(assignment__juror__round=round):
        own = values[
            [each.pk for each in proposals].index(sheet.assignment.proposal_id)
        ]
        for criterion, value in zip(
            stage.criterion_set.order_by("order"), own, strict=True
        ):
            juror = sheet.assignment.juror_id
            note = f"{criterion.code} juri-{juror}"
            ScoreFactory(sheet=sheet, criterion=criterion, value=value, note=note)
        sheet.state, sheet.version = "final", 1
        sheet.finalised_at = sheet.saved_at = timezone.now()
        sheet.save()
    if prepare:
        prepare(round)
    seal(round)
    government = round.competition.government
    SignatoryFactory(government=government)
    actor = SecretariatFactory(government=government)
    services.give_awards(round=round, actor=actor, at=timezone.now())
    services.record_decree(
        round=round,
        number="000.8/112/2022",
        decree_date=timezone.localdate(),
        publish_at=timezone.now() + publish_in,
        actor=actor,
        at=timezone.now(),
    )
    return round


def released_round(*values, places="shortlisted", **fields):
    """The same with its feedback released, and announced where the winners are out."""
    round = judged_round(*values, **fields)
    actor = SecretariatFactory(government=round.competition.government)
    at = timezone.now()
    services.plan_feedback(round=round, places=places, actor=actor, at=at)
    services.release_feedback(round=round, actor=actor, at=at)
    plan = FeedbackPlan.objects.get(round=round)
    services.announce_feedback(plan_id=plan.pk, at=at)
    return round

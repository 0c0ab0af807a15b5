"""Assigned by two at once, or while jurors finish: nothing is done twice or lost."""

from collections import Counter
from decimal import Decimal

import pytest
from django.utils import timezone

from judging import queries, services
from judging.models import Assignment, Score, ScoreSheet
from judging.workload import Choices
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import JurorFactory, scoring_round
from tests.factories.submissions import ProposalFactory
from tests.judging.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def applier(stage, secretary, digest):
    return lambda: services.apply_assignment(
        scoring_stage=stage,
        choices=Choices(),
        digest=digest,
        actor=secretary,
        at=timezone.now(),
    )


def shown(stage):
    return services.plan_assignment(
        scoring_stage=stage, choices=Choices(), at=timezone.now()
    )


def test_two_who_saw_the_same_apply_it_once():
    round = scoring_round(jurors=2, proposals=0)
    ProposalFactory.create_batch(3, round=round, state="screened_passed")
    stage = round.scoringstage_set.get()
    secretary = SecretariatFactory(government=round.competition.government)
    digest = shown(stage).digest

    answers = at_once(*[applier(stage, secretary, digest)] * 2)

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"AssignmentReport": 1, "PlanChanged": 1}
    assert ScoreSheet.objects.count() == 6


def finisher(sheet):
    """Score a sheet and finish it, as its juror does."""

    def finish():
        stage = sheet.assignment.scoring_stage
        who = {"actor": sheet.assignment.juror.user, "at": timezone.now()}
        saved = services.save_scores(
            sheet=sheet,
            scores=dict.fromkeys(queries.criteria_of(stage), Decimal(80)),
            notes={},
            base_version=0,
            **who,
        )
        return services.finalise_sheet(sheet=saved, base_version=1, **who)

    return finish


@pytest.mark.parametrize("attempt", range(3))
def test_what_is_finished_during_an_assignment_stays_with_its_juror(attempt):
    round = scoring_round(jurors=1, proposals=4)
    round.scoringstage_set.update(jurors_per_proposal=1)
    JurorFactory(round=round)
    stage = round.scoringstage_set.get()
    secretary = SecretariatFactory(government=round.competition.government)
    proposed = shown(stage)
    sheet = ScoreSheet.objects.select_related(
        "assignment__juror__user", "assignment__scoring_stage"
    ).get(assignment__proposal=proposed.plan.released[0].proposal)

    applied, finished = at_once(
        applier(stage, secretary, proposed.digest), finisher(sheet)
    )

    sheet.refresh_from_db()
    if isinstance(finished, ScoreSheet):
        assert isinstance(applied, services.PlanChanged)
        assert not Assignment.objects.exclude(released_at=None).exists()
        assert sheet.is_final
    else:
        assert isinstance(finished, services.SheetLocked)
        # What was acknowledged before it was taken is kept with the sheet.
        assert isinstance(applied, services.AssignmentReport)
        assert not sheet.is_final


@pytest.mark.parametrize("attempt", range(3))
def test_sheet_taken_by_hand_takes_no_score_afterwards(attempt):
    round = scoring_round(jurors=1, proposals=1)
    secretary = SecretariatFactory(government=round.competition.government)
    sheet = ScoreSheet.objects.select_related(
        "assignment__juror__user", "assignment__scoring_stage"
    ).get()

    def take():
        return services.take_proposal(
            assignment=sheet.assignment,
            reason="Salah bidang.",
            actor=secretary,
            at=timezone.now(),
        )

    taken, finished = at_once(take, finisher(sheet))

    sheet.refresh_from_db()
    if isinstance(finished, ScoreSheet):
        assert isinstance(taken, services.AssignmentRefused)
    else:
        assert isinstance(finished, services.SheetLocked)
        assert taken is None
        assert sheet.version == Score.objects.count() / 2

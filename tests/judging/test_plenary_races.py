"""Many at once at a plenary: one outcome, and nothing lost without a word."""

import pytest
from django.utils import timezone

from core.models import AuditEntry
from judging import services
from judging.models import Plenary, PlenaryDecision, Result, ScoreSheet
from tests.factories.plenary import (
    agree,
    apply,
    judged_round,
    open_plenary,
    secretary_of,
)
from tests.judging.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(answers):
    return sorted(type(each).__name__ for each in answers)


def test_two_secretaries_applying_apply_once():
    round = judged_round(80, 70, jurors=3)
    plenary = open_plenary(round)
    agree(plenary, round.proposal_set.order_by("pk")[1], 90, 90)

    answers = at_once(lambda: apply(plenary), lambda: apply(plenary))

    assert kinds(answers) == ["Plenary", "PlenaryClosed"]
    assert AuditEntry.objects.filter(action="plenary.applied").count() == 1


def test_two_secretaries_opening_open_once():
    round = judged_round(80, jurors=3)
    one, two = secretary_of(round), secretary_of(round)

    answers = at_once(
        lambda: open_plenary(round, actor=one), lambda: open_plenary(round, actor=two)
    )

    assert kinds(answers) == ["Plenary", "PlenaryNotOpened"]
    assert Plenary.objects.count() == 1


def test_plenary_that_opens_meets_a_sheet_being_reopened():
    round = judged_round(80, jurors=3, phase="scoring")  # all done before the end
    sheet = ScoreSheet.objects.order_by("pk").first()
    actor = secretary_of(round)

    answers = at_once(
        lambda: open_plenary(round, actor=actor),
        lambda: services.reopen_sheet(
            sheet=sheet, reason="Keliru.", actor=actor, at=timezone.now()
        ),
    )

    # Whoever comes second is refused: a plenary never sits over an open sheet.
    sheet.refresh_from_db()
    assert Plenary.objects.exists() == sheet.is_final, answers


def test_applying_meets_sealing():
    round = judged_round(80, 70, jurors=3)
    plenary = open_plenary(round)
    agree(plenary, round.proposal_set.order_by("pk")[1], 90, 90)
    actor = secretary_of(round)

    applied, sealed = at_once(
        lambda: apply(plenary),
        lambda: services.seal_result(round=round, actor=actor, at=timezone.now()),
    )

    assert isinstance(applied, Plenary)
    if isinstance(sealed, Result):  # it came second
        assert '"agreed":[{' in sealed.payload
    else:
        assert isinstance(sealed, services.ResultNotSealed)


def test_decision_meets_applying():
    round = judged_round(80, 70, jurors=3)
    plenary = open_plenary(round)
    proposal = round.proposal_set.order_by("pk")[1]

    decided, applied = at_once(
        lambda: agree(plenary, proposal, 90, 90), lambda: apply(plenary)
    )

    assert isinstance(applied, Plenary)
    # It was noted before and counts, or it was refused: never noted without effect.
    assert PlenaryDecision.objects.exists() == isinstance(decided, PlenaryDecision)

"""Saving, finishing, abstaining, giving back and sealing at the same moment."""

from collections import Counter
from decimal import Decimal

import pytest
from django.utils import timezone

from judging import queries, services
from judging.models import Result, Score, ScoreSheet
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import scoring_round, write_sheet
from tests.judging.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "Bukan bidang saya."


@pytest.fixture
def sheet():
    scoring_round(jurors=1, proposals=1)
    found = ScoreSheet.objects.select_related(
        "assignment__juror__user", "assignment__scoring_stage__round__competition"
    ).get()
    return write_sheet(found, 80, 80, is_final=False)


def act(sheet, name, **more):
    given = {"sheet": sheet, "actor": sheet.assignment.juror.user} | more
    return lambda: getattr(services, name)(at=timezone.now(), **given)


def save(sheet, value):
    first = queries.criteria_of(sheet.assignment.scoring_stage)[0]
    return act(
        sheet,
        "save_scores",
        scores={first: Decimal(value)},
        notes={},
        base_version=1,
    )


def test_of_finishing_and_abstaining_one_holds(sheet):
    answers = at_once(
        act(sheet, "finalise_sheet", base_version=1),
        act(sheet, "abstain", base_version=1, reason=REASON),
        act(sheet, "finalise_sheet", base_version=1),
        act(sheet, "abstain", base_version=1, reason=REASON),
    )

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"ScoreSheet": 1, "SheetLocked": 3}
    (held,) = [each for each in answers if isinstance(each, ScoreSheet)]
    sheet.refresh_from_db()
    assert sheet.state == held.state
    assert bool(sheet.abstain_reason) == sheet.is_abstained


def test_save_beside_an_abstention_is_whole_or_refused(sheet):
    saved, abstained = at_once(
        save(sheet, 33), act(sheet, "abstain", base_version=1, reason=REASON)
    )

    value = Score.objects.order_by("criterion__order").first().value
    sheet.refresh_from_db()
    if isinstance(saved, ScoreSheet):  # then the abstention saw another version
        assert isinstance(abstained, services.SheetConflict)
        assert (value, sheet.is_done) == (33, False)
    else:
        assert isinstance(saved, services.SheetLocked)
        assert (value, sheet.is_abstained) == (80, True)


def test_taking_back_twice_opens_once(sheet):
    services.abstain(
        sheet=sheet,
        reason=REASON,
        base_version=1,
        actor=sheet.assignment.juror.user,
        at=timezone.now(),
    )
    reopen = act(
        sheet, "reopen_sheet", actor=SecretariatFactory(), reason="Mohon dinilai."
    )

    answers = at_once(
        act(sheet, "take_abstention_back"), act(sheet, "take_abstention_back"), reopen
    )

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds["ScoreSheet"] == 1
    sheet.refresh_from_db()
    assert (sheet.is_done, sheet.abstain_reason) == (False, "")


def test_first_look_by_many_windows_is_kept_once(sheet):
    at_once(*[act_open(sheet) for _window in range(6)])

    sheet.refresh_from_db()
    assert sheet.opened_at is not None
    history = sheet.events.filter(opened_at__isnull=False).values("opened_at")
    assert history.distinct().count() == 1


def act_open(sheet):
    return lambda: services.note_opening(sheet=sheet, at=timezone.now())


def test_look_and_abstention_beside_the_seal_are_before_it_or_refused():
    round = scoring_round(jurors=2, proposals=1)
    first, second = ScoreSheet.objects.select_related(
        "assignment__juror__user", "assignment__scoring_stage"
    ).order_by("pk")
    write_sheet(first, 80, 80)
    write_sheet(second, 70, 70, is_final=False)
    secretary = SecretariatFactory(government=round.competition.government)

    answers = at_once(
        act(second, "abstain", base_version=1, reason=REASON),
        act_open(second),
        lambda: services.seal_result(round=round, actor=secretary, at=timezone.now()),
    )

    second.refresh_from_db()
    for answer in answers:
        assert answer is None or isinstance(
            answer, (ScoreSheet, Result, services.SheetLocked, services.ResultNotSealed)
        ), answer
    assert second.is_abstained == isinstance(answers[0], ScoreSheet)

"""Many at once: each acknowledged score is there once, and no save is lost."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from judging import queries, services
from judging.models import Result, Score, ScoreSheet
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import scoring_round, write_sheet
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run `calls` in threads that start together; give what each returned or raised."""
    gate = threading.Barrier(len(calls))

    def run(call):
        try:
            gate.wait(timeout=20)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def saver(sheet, criterion, value, version=0, at=None):
    return lambda: services.save_scores(
        sheet=sheet,
        scores={criterion: Decimal(value)},
        notes={},
        base_version=version,
        actor=sheet.assignment.juror.user,
        at=at or timezone.now(),
    )


def test_twelve_jurors_with_two_tabs_each():
    round = scoring_round(jurors=12, proposals=1)
    first, second = queries.criteria_of(round.scoringstage_set.get())
    sheets = list(ScoreSheet.objects.select_related("assignment__juror__user"))

    answers = at_once(
        *(
            saver(sheet, criterion, 70 + place)
            for sheet in sheets
            for place, criterion in enumerate((first, second))
        )
    )

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"ScoreSheet": 12, "SheetConflict": 12}
    acknowledged = {answer.pk for answer in answers if isinstance(answer, ScoreSheet)}
    assert acknowledged == {sheet.pk for sheet in sheets}
    assert Score.objects.count() == 12
    assert set(ScoreSheet.objects.values_list("version", flat=True)) == {1}


def test_two_tabs_finishing_together_finish_once():
    scoring_round(jurors=1, proposals=1)
    sheet = ScoreSheet.objects.select_related("assignment__juror__user").get()
    write_sheet(sheet, 80, 80, is_final=False)

    def finish():
        return services.finalise_sheet(
            sheet=sheet,
            base_version=1,
            actor=sheet.assignment.juror.user,
            at=timezone.now(),
        )

    answers = at_once(finish, finish)

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"ScoreSheet": 1, "SheetLocked": 1}


@pytest.mark.parametrize("attempt", range(3))
def test_save_during_sealing_is_in_the_seal_or_refused(attempt):
    round = scoring_round(jurors=6, proposals=1, phase="plenary")
    stage = round.scoringstage_set.get()
    criterion = queries.criteria_of(stage)[0]
    window = queries.scoring_window(round)
    secretary = SecretariatFactory(government=round.competition.government)
    final, *drafts = ScoreSheet.objects.select_related(
        "assignment__juror__user", "assignment__scoring_stage"
    )
    write_sheet(final, 80, 80)

    def do_seal():
        return services.seal_result(
            round=stage.round, actor=secretary, at=timezone.now()
        )

    # They were sent while scoring was open, and are dealt with while it is sealed.
    result, *answers = at_once(
        do_seal,
        *(saver(sheet, criterion, 71, at=window.opens_at) for sheet in drafts),
    )

    assert isinstance(result, Result)
    for sheet, answer in zip(drafts, answers, strict=True):
        sealed = (
            f'"scores":{{"kebaruan":"71.00","signifikansi":null}},"sheet":"{sheet.key}"'
        )
        if isinstance(answer, ScoreSheet):
            assert sealed in result.payload
        else:
            assert isinstance(answer, services.SheetLocked)
            assert sealed not in result.payload
            assert not Score.objects.filter(sheet=sheet).exists()


def test_two_secretaries_seal_once():
    round = scoring_round(jurors=1, proposals=1)
    write_sheet(
        ScoreSheet.objects.select_related("assignment__scoring_stage").get(), 80, 80
    )
    secretary = SecretariatFactory(government=round.competition.government)

    def do_seal():
        return services.seal_result(
            round=round,
            actor=secretary,
            at=timezone.now(),
        )

    answers = at_once(do_seal, do_seal, do_seal)

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"Result": 1, "ResultNotSealed": 2}
    assert Result.objects.count() == 1


def test_assignment_pressed_twice_at_once_makes_each_sheet_once():
    round = scoring_round(jurors=2, proposals=0)
    ProposalFactory.create_batch(3, round=round, state="screened_passed")
    stage = round.scoringstage_set.get()
    secretary = SecretariatFactory(government=round.competition.government)

    def assign():
        return services.assign_all(
            scoring_stage=stage, actor=secretary, at=timezone.now()
        )

    answers = at_once(assign, assign)

    assert sorted(answer.added for answer in answers) == [0, 6]
    assert ScoreSheet.objects.count() == 6

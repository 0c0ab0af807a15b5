"""Many at once: each acknowledged score is there once, and no save is lost."""

import json
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from judging import queries, sealing, services
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


# Sealing ------------------------------------------------------------------------------


def sealer(round):
    """Seal as the secretariat of `round`, whoever else is writing."""
    secretary = SecretariatFactory(government=round.competition.government)
    return lambda: services.seal_result(round=round, actor=secretary, at=timezone.now())


def plenary_round(jurors, proposals=1):
    """A round whose jurors may no longer score; the first sheet is final.

    Give it with the other sheets, and the moment when scoring was still open.
    """
    round = scoring_round(jurors=jurors, proposals=proposals, phase="plenary")
    final, *drafts = ScoreSheet.objects.select_related(
        "assignment__juror__user",
        "assignment__proposal",
        "assignment__scoring_stage",
    ).order_by("pk")
    write_sheet(final, 80, 80)
    return round, drafts, queries.scoring_window(round).opens_at


def sealed_sheets(result):
    """What the seal holds, by the key of the sheet."""
    return {each["sheet"]: each for each in json.loads(result.payload)["sheets"]}


def is_about_the_seal(refusal):
    """Whether it was refused for no other reason; threads speak Indonesian."""
    return isinstance(refusal, services.SheetLocked | DatabaseError) and any(
        word in str(refusal) for word in ("sealed", "disegel")
    )


def after(delay, call):
    def run():
        time.sleep(delay)
        return call()

    return run


@pytest.mark.parametrize("attempt", range(6))
def test_whatever_is_written_while_sealing_is_in_the_seal_or_refused(attempt):
    """Savers, finishers, abstainers and bare SQL, all against one seal.

    They were sent while scoring was open, and are dealt with while it is sealed.
    """
    chance = random.Random(attempt)
    round, drafts, sent = plenary_round(jurors=7, proposals=2)
    criterion = queries.criteria_of(round.scoringstage_set.get())[0]
    saved, finished, bare = drafts[:5], drafts[5:9], drafts[9:13]
    for sheet in finished:
        write_sheet(sheet, 60, 60, is_final=False)
    calls = [
        *(saver(sheet, criterion, 71, at=sent) for sheet in saved),
        *(finisher(sheet, sent) for sheet in finished),
        *(inserter(sheet, criterion) for sheet in bare),
    ]

    result, *answers = at_once(
        after(chance.uniform(0, 0.03), sealer(round)),
        *(after(chance.uniform(0, 0.1), call) for call in calls),
    )

    assert isinstance(result, Result), result
    sealed = sealed_sheets(result)
    for sheet, answer in zip([*saved, *finished, *bare], answers, strict=True):
        held = sealed[sheet.key]
        stored = Score.objects.filter(sheet=sheet, criterion=criterion).first()
        is_done = not isinstance(answer, Exception)
        if not is_done:  # and for no other reason
            assert is_about_the_seal(answer), answer
        if sheet in finished:
            assert held["final"] is is_done
            assert ScoreSheet.objects.get(pk=sheet.pk).is_final is is_done
        else:
            assert held["scores"]["kebaruan"] == ("71.00" if is_done else None)
            assert (stored is not None) is is_done
    assert not sealing.faults_of(
        result.payload, stored_digest=result.digest, previous_digest=""
    )


def finisher(sheet, at):
    return lambda: services.finalise_sheet(
        sheet=sheet, base_version=1, actor=sheet.assignment.juror.user, at=at
    )


def inserter(sheet, criterion):
    """Write past the services, as SQL by hand would."""
    return lambda: Score.objects.create(sheet=sheet, criterion=criterion, value=71)


def wait_for_a_lock():
    """Wait until somebody waits for a row that somebody else holds."""
    for _try in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits for anybody")


def in_turn(first, second, holds, lets_go):
    """Let `first` come to where it holds its rows, then `second` run into it."""

    def run(call):
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(run, first)
        assert holds.wait(timeout=20)
        other = pool.submit(run, second)
        wait_for_a_lock()
        lets_go.set()
        return one.result(timeout=20), other.result(timeout=20)


@pytest.mark.parametrize("write", [saver, inserter])
def test_what_came_first_is_waited_for_and_is_in_the_seal(write):
    round, (draft, *_others), sent = plenary_round(jurors=2)
    criterion = queries.criteria_of(round.scoringstage_set.get())[0]
    details = {"value": 71, "at": sent} if write is saver else {}
    call, holds, lets_go = write(draft, criterion, **details), Event(), Event()

    def write_slowly():
        with transaction.atomic():
            call()
            holds.set()
            assert lets_go.wait(timeout=20)

    _written, result = in_turn(write_slowly, sealer(round), holds, lets_go)

    assert isinstance(result, Result), result
    assert sealed_sheets(result)[draft.key]["scores"]["kebaruan"] == "71.00"


@pytest.mark.parametrize("write", [saver, inserter])
def test_what_meets_the_seal_at_work_is_refused(write):
    round, (draft, *_others), sent = plenary_round(jurors=2)
    criterion = queries.criteria_of(round.scoringstage_set.get())[0]
    details = {"value": 71, "at": sent} if write is saver else {}
    call, holds, lets_go = sealer(round), Event(), Event()

    def seal_slowly():
        with transaction.atomic():
            result = call()
            holds.set()
            assert lets_go.wait(timeout=20)
        return result

    result, refusal = in_turn(
        seal_slowly, write(draft, criterion, **details), holds, lets_go
    )

    assert is_about_the_seal(refusal), refusal
    assert sealed_sheets(result)[draft.key]["scores"]["kebaruan"] is None
    assert not Score.objects.filter(sheet=draft).exists()


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

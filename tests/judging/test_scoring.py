"""Saving, finishing and reopening a sheet."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from competitions.models import Stage
from core.models import AuditEntry
from judging import queries, scoring, services
from judging.models import Juror, Score, ScoreSheet
from notifications.models import Message
from tests.factories.accounts import SecretariatFactory, UserFactory
from tests.factories.judging import (
    AssignmentFactory,
    ConflictFactory,
    JurorFactory,
    ScoreSheetFactory,
    scoring_round,
    seal,
    write_sheet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet():
    round = scoring_round(jurors=1, proposals=1)
    return (
        ScoreSheet.objects.select_related(
            "assignment__juror__user", "assignment__scoring_stage__round"
        )
        .filter(assignment__juror__round=round)
        .get()
    )


def criteria(sheet):
    return queries.criteria_of(sheet.assignment.scoring_stage)


def save(sheet, *values, notes=None, **changes):
    first, second = criteria(sheet)
    arguments = {
        "sheet": sheet,
        "scores": dict(
            zip(
                (first, second),
                (v if v is None else Decimal(v) for v in values),
                strict=False,
            )
        ),
        "notes": {first: notes} if notes is not None else {},
        "base_version": sheet.version,
        "actor": sheet.assignment.juror.user,
        "at": timezone.now(),
    }
    return services.save_scores(**arguments | changes)


def stored(sheet):
    return [
        (score.value, score.note)
        for score in Score.objects.filter(sheet=sheet).order_by("criterion__order")
    ]


def test_save_writes_scores_and_raises_the_version(sheet):
    at = timezone.now()

    saved = save(sheet, "82.5", 70, notes="Kuat.", at=at)

    assert (saved.version, saved.saved_at) == (1, at)
    assert stored(sheet) == [(Decimal("82.5"), "Kuat."), (Decimal(70), "")]


def test_save_of_the_same_raises_nothing(sheet):
    once = save(sheet, 80, 70)

    again = save(once, 80, 70)

    assert again.version == 1


def test_save_leaves_criteria_not_named_alone(sheet):
    saved = save(sheet, 80, 70)

    save(saved, 85)

    assert stored(sheet) == [(85, ""), (70, "")]


def test_score_can_be_taken_back(sheet):
    saved = save(sheet, 80, 70)

    save(saved, None, 70)

    assert stored(sheet) == [(None, ""), (70, "")]


def test_note_may_come_before_the_score(sheet):
    save(sheet, notes="Perlu dibahas.")

    assert stored(sheet) == [(None, "Perlu dibahas.")]


def test_stale_version_is_refused_with_what_stands(sheet):
    save(sheet, 80, 70)

    with pytest.raises(services.SheetConflict) as refusal:
        save(sheet, 10, 10)

    assert refusal.value.current.version == 1
    assert stored(sheet) == [(80, ""), (70, "")]


@pytest.mark.parametrize("value", ["-1", "100.5"])
def test_score_outside_the_scale_is_refused(sheet, value):
    with pytest.raises(services.ScoreNotValid):
        save(sheet, value)

    assert stored(sheet) == []


def test_only_the_juror_writes(sheet):
    with pytest.raises(services.SheetLocked, match="juror"):
        save(sheet, 80, actor=UserFactory())


def test_unsigned_juror_cannot_write():
    round = scoring_round(jurors=0, proposals=1)
    juror = JurorFactory(round=round, signed_at=None)
    sheet = ScoreSheetFactory(
        assignment=AssignmentFactory(juror=juror, proposal=round.proposal_set.get())
    )

    with pytest.raises(services.SheetLocked, match="integrity"):
        save(sheet, 80)


def test_deadline_counts_when_the_request_arrived(sheet):
    window = queries.scoring_window(sheet.assignment.scoring_stage.round)
    just = timedelta(microseconds=1)

    for at in (window.opens_at - just, window.closes_at):
        with pytest.raises(services.SheetLocked, match="not open"):
            save(sheet, 80, at=at)
    saved = save(sheet, 80, 70, at=window.opens_at)
    saved = save(saved, 81, 70, at=window.closes_at - just)
    services.finalise_sheet(
        sheet=saved,
        base_version=saved.version,
        actor=sheet.assignment.juror.user,
        at=window.closes_at - just,
    )

    assert stored(sheet) == [(81, ""), (70, "")]


def test_round_without_scoring_days_takes_no_scores(sheet):
    Stage.objects.filter(kind=Stage.Kind.SCORING).delete()

    with pytest.raises(services.SheetLocked, match="not open"):
        save(sheet, 80)


def test_withdrawn_proposal_and_conflict_take_no_scores(sheet):
    proposal = sheet.assignment.proposal
    ConflictFactory(juror=sheet.assignment.juror, institution=proposal.institution)
    with pytest.raises(services.SheetLocked, match="conflict"):
        save(sheet, 80)
    other = scoring_round(jurors=1, proposals=1)
    gone = ScoreSheet.objects.get(assignment__juror__round=other)
    gone.assignment.proposal.state = "withdrawn"
    gone.assignment.proposal.save()
    with pytest.raises(services.SheetLocked, match="no longer"):
        save(gone, 80)


def finalise(sheet, **changes):
    arguments = {
        "sheet": sheet,
        "base_version": sheet.version,
        "actor": sheet.assignment.juror.user,
        "at": timezone.now(),
    }
    return services.finalise_sheet(**arguments | changes)


def test_finished_sheet_is_locked(sheet):
    saved = save(sheet, 80, 70)

    final = finalise(saved)

    assert final.is_final
    with pytest.raises(services.SheetLocked, match="finished"):
        save(final, 99, 99)
    with pytest.raises(services.SheetLocked, match="finished"):
        finalise(final)
    assert stored(sheet) == [(80, ""), (70, "")]
    assert AuditEntry.objects.filter(action="sheet.finalised").count() == 1


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ([80], {"signifikansi": "Give a score."}),
        ([None, 70], {"kebaruan": "Give a score."}),
        ([59, 70], {"kebaruan": "Explain this score in a note."}),
        ([70, "95.5"], {"signifikansi": "Explain this score in a note."}),
        ([60, 95], {}),
    ],
)
def test_finish_asks_for_scores_and_notes(sheet, values, missing):
    saved = save(sheet, *values)

    try:
        finalise(saved)
    except services.SheetIncomplete as refusal:
        found = dict(refusal.missing)
    else:
        found = {}

    assert found == missing
    sheet.refresh_from_db()
    assert sheet.is_final == (not missing)


def test_low_score_with_a_note_can_be_finished(sheet):
    saved = save(sheet, 40, 70, notes="Tidak ada data pembanding.")

    assert finalise(saved).is_final


def test_note_of_blanks_is_no_note(sheet):
    saved = save(sheet, 40, 70, notes="   ")

    with pytest.raises(services.SheetIncomplete):
        finalise(saved)


def test_finish_of_a_stale_page_is_refused(sheet):
    save(sheet, 80, 70)

    with pytest.raises(services.SheetConflict):
        finalise(sheet)


def reopen(sheet, secretary):
    return services.reopen_sheet(
        sheet=sheet, reason="Nilai tertukar.", actor=secretary, at=timezone.now()
    )


def test_reopened_sheet_is_a_draft_again_and_the_juror_is_told(sheet):
    final = finalise(save(sheet, 80, 70))
    secretary = SecretariatFactory()

    reopened = reopen(final, secretary)

    assert not reopened.is_final
    assert reopened.reopen_reason == "Nilai tertukar."
    (message,) = Message.objects.all()
    assert message.recipient == sheet.assignment.juror.user
    assert "Nilai tertukar." in message.body_text
    entry = AuditEntry.objects.get(action="sheet.reopened")
    assert (entry.actor, entry.reason) == (secretary, "Nilai tertukar.")
    finalise(save(reopened, 85, 70))
    assert stored(sheet) == [(85, ""), (70, "")]


def test_sheet_is_reopened_more_than_once(sheet):
    secretary = SecretariatFactory()
    for value in (80, 81):
        sheet = finalise(save(sheet, value, 70))
        sheet = reopen(sheet, secretary)

    assert Message.objects.count() == 2


def test_draft_or_sealed_sheet_is_not_reopened(sheet):
    with pytest.raises(services.SheetNotReopened, match="open already"):
        reopen(sheet, SecretariatFactory())
    final = finalise(save(sheet, 80, 70))
    seal(sheet.assignment.scoring_stage.round)
    with pytest.raises(services.SheetNotReopened, match="sealed"):
        reopen(final, SecretariatFactory())


def test_sealed_round_takes_no_scores():
    round = scoring_round(jurors=2, proposals=1, phase="plenary")
    first, second = ScoreSheet.objects.filter(assignment__juror__round=round)
    write_sheet(first, 80, 70)
    window = queries.scoring_window(round)
    seal(round)

    with pytest.raises(services.SheetLocked, match="sealed"):
        save(second, 90, at=window.closes_at - timedelta(seconds=1))

    assert stored(second) == []


def test_total_so_far_counts_what_is_scored(sheet):
    save(sheet, 80)
    written = {score.criterion_id: score for score in sheet.score_set.all()}

    assert scoring.total_so_far(criteria(sheet), written) == Decimal("32")


def test_note_rule_in_words(sheet):
    stage = sheet.assignment.scoring_stage

    assert scoring.note_rule(stage) == "A score below 60 or above 95 needs a note."
    stage.note_above = None
    assert scoring.note_rule(stage) == "A score below 60 needs a note."
    stage.note_below = None
    assert scoring.note_rule(stage) == ""


def test_queue_order_is_stable_and_begins_with_drafts():
    round = scoring_round(jurors=1, proposals=4)
    juror = Juror.objects.get(round=round)
    begun = ScoreSheet.objects.filter(assignment__juror=juror).order_by("-key").first()
    save(begun, 80)

    queue = ScoreSheet.objects.visible_to(juror.user).order_by(*queries.QUEUE_ORDER)

    assert (
        queue[0] == begun == queries.next_sheet(juror, begun.assignment.scoring_stage)
    )
    rest = [sheet.key for sheet in queue[1:]]
    assert rest == sorted(rest)

"""What the database itself refuses, through the application's own connection."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from judging.models import Assignment, Conflict, Juror, Result, Score, ScoreSheet
from tests.factories.accounts import InstitutionFactory
from tests.factories.competitions import CriterionFactory
from tests.factories.judging import (
    AssignmentFactory,
    ConflictFactory,
    JurorFactory,
    ScoreFactory,
    ScoreSheetFactory,
    scoring_round,
    seal,
    sealed_round,
    write_sheet,
)
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db


def refused(sql, *params):
    """Run SQL by hand and tell whether the database refused it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except DatabaseError as error:
        return type(error).__name__
    return None


@pytest.fixture
def final_sheet():
    round = scoring_round(jurors=1, proposals=1)
    return write_sheet(ScoreSheet.objects.get(assignment__juror__round=round), 80, 70)


@pytest.fixture
def sealed():
    round = sealed_round(jurors=2, proposals=2)
    return Result.objects.get(round=round)


def test_score_of_final_sheet_cannot_change(final_sheet):
    score = final_sheet.score_set.first()

    assert refused("UPDATE judging_score SET value = 99 WHERE id = %s", score.pk)
    assert refused("UPDATE judging_score SET note = 'x' WHERE id = %s", score.pk)
    assert refused("DELETE FROM judging_score WHERE id = %s", score.pk)
    score.refresh_from_db()
    assert (score.value, score.note) == (80, "Catatan.")


def test_score_cannot_be_added_to_final_sheet():
    round = scoring_round(jurors=1, proposals=1)
    sheet = ScoreSheet.objects.get(assignment__juror__round=round)
    ScoreSheet.objects.filter(pk=sheet.pk).update(
        state="final", finalised_at=timezone.now()
    )

    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        ScoreFactory(sheet=sheet)

    assert sheet.score_set.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        "version = 9",
        "saved_at = now()",
        "finalised_at = now()",
        "reopen_reason = 'x'",
        "state = 'draft', finalised_at = NULL",
        "state = 'draft', finalised_at = NULL, reopened_at = now()",
        "key = 'lain'",
    ],
)
def test_final_sheet_cannot_change(final_sheet, change):
    sql = f"UPDATE judging_scoresheet SET {change} WHERE id = %s"

    assert refused(sql, final_sheet.pk)
    assert refused("DELETE FROM judging_scoresheet WHERE id = %s", final_sheet.pk)


def test_final_sheet_goes_back_with_a_reason(final_sheet):
    assert not refused(
        "UPDATE judging_scoresheet SET state = 'draft', finalised_at = NULL, "
        "reopened_at = now(), reopen_reason = 'Salah berkas' WHERE id = %s",
        final_sheet.pk,
    )


def test_draft_scores_and_sheets_are_never_deleted():
    score = ScoreFactory(sheet=ScoreSheet.objects.get(pk=_a_draft().pk))

    assert refused("DELETE FROM judging_score WHERE id = %s", score.pk)
    assert refused("DELETE FROM judging_scoresheet WHERE id = %s", score.sheet_id)


def _a_draft():
    round = scoring_round(jurors=1, proposals=1)
    return ScoreSheet.objects.get(assignment__juror__round=round)


@pytest.mark.parametrize("value", ["-0.01", "100.01"])
def test_score_outside_scale_is_refused(value):
    with pytest.raises(DatabaseError, match="does not fit"), transaction.atomic():
        ScoreFactory(sheet=_a_draft(), value=value)


@pytest.mark.parametrize("value", ["0", "100", None])
def test_score_at_the_edge_of_the_scale(value):
    ScoreFactory(sheet=_a_draft(), value=value)


def test_score_for_criterion_of_another_stage_is_refused():
    with pytest.raises(DatabaseError, match="does not fit"), transaction.atomic():
        ScoreFactory(sheet=_a_draft(), criterion=CriterionFactory())


def test_score_cannot_move_to_another_sheet():
    score = ScoreFactory(sheet=_a_draft())

    assert refused(
        "UPDATE judging_score SET sheet_id = %s WHERE id = %s",
        _a_draft().pk,
        score.pk,
    )


def test_sheets_of_sealed_stage_cannot_change():
    round = scoring_round(jurors=2, proposals=1, phase="plenary")
    stage = round.scoringstage_set.get()
    first, second = ScoreSheet.objects.filter(assignment__juror__round=round)
    write_sheet(first, 80, 70)
    draft_score = ScoreFactory(sheet=second)
    seal(round)

    assert refused("UPDATE judging_score SET value = 1 WHERE id = %s", draft_score.pk)
    assert refused("UPDATE judging_scoresheet SET version = 5 WHERE id = %s", second.pk)
    assert refused(
        "UPDATE judging_scoresheet SET state = 'draft', finalised_at = NULL, "
        "reopened_at = now(), reopen_reason = 'x' WHERE id = %s",
        first.pk,
    )
    assert refused(
        "UPDATE judging_scoresheet SET state = 'final', finalised_at = now() "
        "WHERE id = %s",
        second.pk,
    )
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        AssignmentFactory(juror=JurorFactory(round=round), scoring_stage=stage)
    assert refused("DELETE FROM judging_assignment WHERE id = %s", first.assignment_id)


@pytest.mark.parametrize(
    "column",
    [
        "state = 'provisional'",
        "payload = payload || ' '",
        "digest = repeat('0', 64)",
        "previous_digest = repeat('0', 64)",
        "sealed_at = now()",
        "sequence = 99",
        "scoring_stage_id = scoring_stage_id + 1",
    ],
)
def test_sealed_result_cannot_change(sealed, column):
    assert refused(f"UPDATE judging_result SET {column} WHERE id = %s", sealed.pk)
    assert refused("DELETE FROM judging_result WHERE id = %s", sealed.pk)


@pytest.mark.parametrize("column", ["rank = 9", "total = 1", "title = 'Lain'"])
def test_rows_of_sealed_result_cannot_change(sealed, column):
    assert refused(
        f"UPDATE judging_resultrow SET {column} WHERE result_id = %s", sealed.pk
    )
    assert refused("DELETE FROM judging_resultrow WHERE result_id = %s", sealed.pk)
    assert refused(
        "INSERT INTO judging_resultrow (result_id, proposal_id, position, code, title, "
        "institution_name, means, sheet_count, tie_rule, passes, is_shortlisted) "
        "VALUES (%s, %s, 99, 'x', 'x', 'x', '{}', 0, '', false, false)",
        sealed.pk,
        ProposalFactory().pk,
    )


@pytest.mark.parametrize(
    "table", ["scoresheetevent", "scoreevent", "resultevent", "jurorevent"]
)
def test_history_cannot_change(sealed, table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pgh_id FROM judging_{table} LIMIT 1")
        (pk,) = cursor.fetchone()

    assert refused(f"UPDATE judging_{table} SET pgh_label = 'x' WHERE pgh_id = %s", pk)
    assert refused(f"DELETE FROM judging_{table} WHERE pgh_id = %s", pk)


def test_history_keeps_every_value_of_a_score():
    score = ScoreFactory(sheet=_a_draft(), value=70)
    score.value = 75
    score.save()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT value FROM judging_scoreevent WHERE pgh_obj_id = %s "
            "ORDER BY pgh_id",
            [score.pk],
        )
        assert [value for (value,) in cursor.fetchall()] == [70, 75]


def test_signature_of_juror_cannot_change():
    juror = JurorFactory()

    assert refused("UPDATE judging_juror SET statement = 'x' WHERE id = %s", juror.pk)
    assert refused("UPDATE judging_juror SET signed_at = NULL WHERE id = %s", juror.pk)


def test_juror_cannot_sign_without_words():
    with pytest.raises(IntegrityError, match="signed_what"), transaction.atomic():
        JurorFactory(statement="")


def test_juror_sits_once_in_a_round():
    juror = JurorFactory()

    with pytest.raises(IntegrityError, match="once_per_round"), transaction.atomic():
        JurorFactory(round=juror.round, user=juror.user)


def test_conflict_names_institution_or_proposal():
    juror = JurorFactory()

    for both in (
        {},
        {"proposal": ProposalFactory(), "institution": InstitutionFactory()},
    ):
        with pytest.raises(IntegrityError, match="with_inst"), transaction.atomic():
            ConflictFactory(juror=juror, **both)


def test_conflict_has_reason_and_stays():
    with pytest.raises(IntegrityError, match="has_reason"), transaction.atomic():
        ConflictFactory(proposal=ProposalFactory(), reason="")
    conflict = ConflictFactory(proposal=ProposalFactory())

    assert refused(
        "UPDATE judging_conflict SET reason = 'x' WHERE id = %s", conflict.pk
    )
    assert refused("DELETE FROM judging_conflict WHERE id = %s", conflict.pk)


def test_assignment_is_made_once():
    assignment = _a_draft().assignment

    with pytest.raises(IntegrityError, match="once"), transaction.atomic():
        AssignmentFactory(
            juror=assignment.juror,
            proposal=assignment.proposal,
            scoring_stage=assignment.scoring_stage,
        )


def test_open_leaves_out_withdrawn_and_conflicted():
    round = scoring_round(jurors=2, proposals=3)
    ana, _budi = Juror.objects.filter(round=round).order_by("pk")
    withdrawn, own, other = round.proposal_set.order_by("pk")
    withdrawn.state = "withdrawn"
    withdrawn.save()
    ConflictFactory(juror=ana, institution=own.institution)

    pairs = Assignment.objects.open().values_list("juror__user", "proposal__title")

    assert (ana.user_id, other.title) in pairs
    assert len(pairs) == 3
    assert ScoreSheet.objects.open().count() == 3
    assert [s.assignment.proposal for s in ScoreSheet.objects.visible_to(ana.user)] == [
        other
    ]


def test_conflict_with_institution_covers_all_below_it_and_no_other_government():
    round = scoring_round(jurors=1, proposals=0)
    juror = Juror.objects.get(round=round)
    government = round.competition.government
    head = InstitutionFactory(government=government, code="DINKES")
    unit = InstitutionFactory(government=government, parent=head, code="PUSK-1")
    elsewhere = InstitutionFactory(code="DINKES")
    for place in (unit, elsewhere):
        proposal = ProposalFactory(
            round=round, institution=place, state="screened_passed"
        )
        ScoreSheetFactory(assignment=AssignmentFactory(juror=juror, proposal=proposal))
    ConflictFactory(juror=juror, institution=head)

    (sheet,) = ScoreSheet.objects.open()

    assert sheet.assignment.proposal.institution == elsewhere


def test_chain_of_results_is_a_line(sealed):
    later = timezone.now() + timedelta(days=1)

    with pytest.raises(IntegrityError, match="line"), transaction.atomic():
        Result.objects.create(
            government=sealed.government,
            round=sealed.round,
            scoring_stage=sealed.scoring_stage,
            created_at=later,
            sequence=sealed.sequence,
        )


def test_stage_is_sealed_once(sealed):
    with pytest.raises(IntegrityError, match="sealed_once"), transaction.atomic():
        Result.objects.create(
            government=sealed.government,
            round=sealed.round,
            scoring_stage=sealed.scoring_stage,
            created_at=sealed.created_at,
            sequence=2,
            digest="0" * 64,
            state="sealed",
            sealed_at=sealed.sealed_at,
            sealed_by=sealed.sealed_by,
        )


def test_incomplete_seal_is_refused(sealed):
    with pytest.raises(IntegrityError, match="complete"), transaction.atomic():
        Result.objects.create(
            government=sealed.government,
            round=sealed.round,
            scoring_stage=sealed.scoring_stage,
            created_at=sealed.created_at,
            state="sealed",
            replaces=sealed,
        )


def test_models_have_no_default_order():
    for model in (Juror, Conflict, Assignment, ScoreSheet, Score, Result):
        assert not model._meta.ordering

"""What the secretariat hands out is just what it was shown; finished work stays."""

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from core.models import AuditEntry
from judging import queries, services
from judging.models import Assignment, Conflict, Juror, ScoreSheet
from judging.workload import Choices
from notifications.models import Message
from tests.factories.accounts import AuthorFactory, SecretariatFactory
from tests.factories.competitions import small_round
from tests.factories.judging import (
    ConflictFactory,
    JurorFactory,
    scoring_round,
    staged_round,
    write_sheet,
)
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    """Four jurors, four proposals that passed, two jurors for each; nothing given."""
    round = small_round(phase="scoring")
    round.scoringstage_set.update(jurors_per_proposal=2)
    JurorFactory.create_batch(4, round=round)
    ProposalFactory.create_batch(4, round=round, state="screened_passed")
    return round


@pytest.fixture
def secretary(round):
    return SecretariatFactory(government=round.competition.government)


def stage_of(round):
    return round.scoringstage_set.order_by("order").first()


def planned(round, **choices):
    return services.plan_assignment(
        scoring_stage=stage_of(round), choices=Choices(**choices), at=timezone.now()
    )


def apply(round, secretary, digest, **choices):
    return services.apply_assignment(
        scoring_stage=stage_of(round),
        choices=Choices(**choices),
        digest=digest,
        actor=secretary,
        at=timezone.now(),
    )


def run(round, secretary, **choices):
    return apply(round, secretary, planned(round, **choices).digest, **choices)


def standing():
    return set(
        Assignment.objects.filter(released_at=None).values_list("juror", "proposal")
    )


def loads():
    rows = Assignment.objects.filter(released_at=None).values_list("juror", flat=True)
    return sorted(list(rows).count(juror) for juror in set(rows))


def test_preview_changes_nothing(round, django_assert_num_queries):
    JurorFactory(round=round, user=AuthorFactory())
    before = AuditEntry.objects.count()

    proposed = planned(round)

    assert len(proposed.plan.added) == 8
    assert not Assignment.objects.exists()
    assert not Conflict.objects.exists()
    assert AuditEntry.objects.count() == before


def test_what_was_shown_is_written(round, secretary):
    proposed = planned(round)

    report = apply(round, secretary, proposed.digest)

    assert (report.added, report.released, report.kept) == (8, 0, 0)
    assert standing() == set(proposed.plan.added)
    assert loads() == [2, 2, 2, 2]
    assert ScoreSheet.objects.count() == 8
    assert Message.objects.filter(kind="judging.sheets_assigned").count() == 4
    entry = AuditEntry.objects.get(action="assignments.made")
    assert entry.changes["digest"] == proposed.digest
    assert planned(round).plan.changes_nothing


def test_what_changed_meanwhile_is_shown_again(round, secretary):
    digest = planned(round).digest
    ProposalFactory(round=round, state="screened_passed")

    with pytest.raises(services.PlanChanged):
        apply(round, secretary, digest)

    assert not Assignment.objects.exists()
    assert not AuditEntry.objects.filter(action="assignments.made").exists()


@pytest.mark.parametrize(("may_move", "moved"), [(False, 1), (True, 2)])
def test_conflict_moves_what_it_must(round, secretary, may_move, moved):
    run(round, secretary)
    juror, proposal = min(standing())
    before = standing()
    ConflictFactory(
        juror=Juror.objects.get(pk=juror),
        proposal=round.proposal_set.get(pk=proposal),
    )

    report = run(round, secretary, may_move=may_move)

    # Who takes it over has one more, unless another of theirs goes in exchange.
    assert (report.added, report.released) == (moved, moved)
    assert loads() == ([2, 2, 2, 2] if may_move else [1, 2, 2, 3])
    assert (juror, proposal) in before - standing()
    released = Assignment.objects.get(juror=juror, proposal=proposal)
    assert released.release_reason == "Conflict of interest."


def test_role_held_today_is_a_conflict_in_preview_and_after(round, secretary):
    proposal = round.proposal_set.first()
    employed = JurorFactory(
        round=round, user=AuthorFactory(institution=proposal.institution)
    )

    shown = planned(round)
    run(round, secretary)

    assert (employed.pk, proposal.pk) in shown.problem.barred
    assert (employed.pk, proposal.pk) not in standing()
    assert Conflict.objects.get(juror=employed).institution == proposal.institution


def test_finished_begun_and_given_by_hand_never_move(round, secretary):
    run(round, secretary)
    own = ScoreSheet.objects.filter(
        assignment__juror=Juror.objects.order_by("pk").first()
    ).order_by("pk")
    write_sheet(own[0], 80, 80)
    write_sheet(own[1], 80, 80, is_final=False)
    before = {sheet.assignment_id for sheet in own}
    # So many new jurors that each would have one sheet only.
    JurorFactory.create_batch(4, round=round)

    report = run(round, secretary)

    # The six sheets that may move lie one each with six others.
    assert report.released == 3
    kept = Assignment.objects.filter(released_at=None)
    assert before <= set(kept.values_list("pk", flat=True))
    assert loads() == [1, 1, 1, 1, 1, 1, 2]


def test_who_abstains_leaves_the_seat_to_another(round, secretary):
    run(round, secretary)
    sheet = ScoreSheet.objects.select_related("assignment").first()
    sheet.state, sheet.finalised_at = ScoreSheet.State.ABSTAINED, timezone.now()
    sheet.abstain_reason = "Bukan bidang saya."
    sheet.save()

    run(round, secretary)

    shares = queries.shares_of(stage_of(round), [sheet.assignment.proposal_id])
    found = shares[sheet.assignment.proposal_id]
    assert (len(found), sum(each.counts for each in found)) == (3, 2)
    assert planned(round).plan.changes_nothing


def test_nothing_moves_where_that_was_chosen(round, secretary):
    run(round, secretary)
    before = standing()
    JurorFactory.create_batch(4, round=round)

    assert planned(round, may_move=False).plan.changes_nothing
    run(round, secretary, may_move=False)

    assert standing() == before


def test_who_has_not_answered_gets_work_by_choice(round, secretary):
    waiting = JurorFactory(round=round, signed_at=None)

    assert waiting.pk in planned(round).plan.after
    assert waiting.pk not in planned(round, with_unanswered=False).plan.after


def test_who_refused_or_left_or_is_called_elsewhere_gets_nothing(round):
    at = timezone.now()
    JurorFactory(round=round, signed_at=None, declined_at=at, decline_reason="Sibuk.")
    JurorFactory(round=round, ended_at=at, end_reason="Sakit.")
    other = staged_round().scoringstage_set.get(code="presentasi")
    called = JurorFactory(round=other.round)
    called.scoring_stages.add(other)
    elsewhere = other.round.scoringstage_set.get(code="lapangan")

    proposed = planned(round)

    assert len(proposed.plan.after) == 4
    assert called in Juror.objects.for_stage(other)
    assert called not in Juror.objects.for_stage(elsewhere)


def test_released_pair_comes_back_with_its_sheet(round, secretary):
    round.scoringstage_set.update(jurors_per_proposal=4)
    run(round, secretary)
    keys = set(ScoreSheet.objects.values_list("key", flat=True))
    round.scoringstage_set.update(jurors_per_proposal=1)
    run(round, secretary)
    assert len(standing()) == 4
    round.scoringstage_set.update(jurors_per_proposal=4)

    report = run(round, secretary)

    assert report.added == 12
    assert set(ScoreSheet.objects.values_list("key", flat=True)) == keys
    assert not Assignment.objects.exclude(release_reason="").exists()


def test_limit_of_a_juror_is_kept(round, secretary):
    Juror.objects.filter(round=round).update(capacity=1)

    run(round, secretary)

    assert loads() == [1, 1, 1, 1]
    assert [gap.missing for gap in planned(round).plan.gaps] == [1, 1, 1, 1]


def test_failure_half_way_leaves_nothing(round, secretary, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    digest = planned(round).digest
    monkeypatch.setattr("judging.notices.sheets_assigned", fail)

    with pytest.raises(RuntimeError):
        apply(round, secretary, digest)

    assert not Assignment.objects.exists()
    assert not ScoreSheet.objects.exists()


def test_stage_that_a_later_one_was_built_upon_is_not_assigned_again():
    round = staged_round(jurors=1, proposals=2, phase="presentation")
    desk, talk, _gate = round.scoringstage_set.order_by("order")
    secretary = SecretariatFactory(government=round.competition.government)
    for sheet in ScoreSheet.objects.filter(assignment__scoring_stage=desk):
        write_sheet(sheet, 80, 80)
    services.assign_all(scoring_stage=talk, actor=secretary, at=timezone.now())

    with pytest.raises(services.NothingAssigned, match="assigned already"):
        planned(round)


def test_database_keeps_finished_work_with_its_juror():
    scoring_round(jurors=1, proposals=1)
    write_sheet(ScoreSheet.objects.get(), 80, 80)

    with pytest.raises(InternalError, match="Finished work"), transaction.atomic():
        Assignment.objects.update(released_at=timezone.now(), release_reason="Salah.")

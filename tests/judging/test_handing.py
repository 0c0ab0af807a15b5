"""Giving and taking by hand, assignments from a table, a juror who leaves."""

import pytest
from django.utils import timezone

from core.models import AuditEntry
from judging import services
from judging.assignment_table import Row
from judging.models import Assignment, Juror, ScoreSheet
from notifications.models import Message
from tests.factories.accounts import SecretariatFactory
from tests.factories.judging import (
    ConflictFactory,
    JurorFactory,
    scoring_round,
    seal,
    write_sheet,
)
from tests.factories.submissions import ProposalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def round():
    """Two jurors with three proposals each, and a third without any; two wanted."""
    round = scoring_round(jurors=2, proposals=3)
    round.scoringstage_set.update(jurors_per_proposal=2)
    JurorFactory(round=round)
    return round


@pytest.fixture
def stage(round):
    return round.scoringstage_set.get()


@pytest.fixture
def people(round):
    """How every service here is told who acts and when."""
    actor = SecretariatFactory(government=round.competition.government)
    return {"actor": actor, "at": timezone.now()}


@pytest.fixture
def jurors(round):
    return list(Juror.objects.filter(round=round).order_by("pk"))


@pytest.fixture
def proposals(round):
    return list(round.proposal_set.order_by("pk"))


def sheet_of(juror, proposal):
    return ScoreSheet.objects.get(
        assignment__juror=juror, assignment__proposal=proposal
    )


def standing():
    return set(
        Assignment.objects.filter(released_at=None).values_list("juror", "proposal")
    )


def again(round, people):
    return services.assign_all(scoring_stage=round.scoringstage_set.get(), **people)


def test_given_by_hand_stays_when_assigned_again(
    round, stage, people, jurors, proposals
):
    services.give_proposal(
        scoring_stage=stage, juror=jurors[2], proposal=proposals[0], **people
    )

    report = again(round, people)

    assert (jurors[2].pk, proposals[0].pk) in standing()
    # One of the two who had it makes room, and the third juror gets even with them.
    assert (report.added, report.released) == (1, 2)
    given = Assignment.objects.get(juror=jurors[2], proposal=proposals[0])
    assert (given.origin, bool(given.scoresheet)) == ("hand", True)
    entry = AuditEntry.objects.get(action="assignment.given")
    assert entry.changes["juror"] == str(jurors[2])


def test_giving_is_refused_with_the_reason(stage, people, jurors, proposals):
    third = jurors[2]

    def refused(match, juror=third, proposal=proposals[0]):
        with pytest.raises(services.AssignmentRefused, match=match):
            services.give_proposal(
                scoring_stage=stage, juror=juror, proposal=proposal, **people
            )

    refused("already", juror=jurors[0])
    refused("does not judge", proposal=ProposalFactory(state="screened_passed"))
    refused("takes no work", juror=JurorFactory())
    ConflictFactory(juror=third, proposal=proposals[1])
    refused("conflict", proposal=proposals[1])
    Juror.objects.filter(pk=jurors[0].pk).update(capacity=3)
    more = ProposalFactory(round=stage.round, state="screened_passed")
    refused("as many as they may", juror=jurors[0], proposal=more)
    assert len(standing()) == 6


def test_taken_by_hand_is_not_given_back(round, stage, people, jurors, proposals):
    sheet = sheet_of(jurors[0], proposals[0])
    write_sheet(sheet, 70, 70, is_final=False)

    services.take_proposal(
        assignment=sheet.assignment, reason="Salah bidang.", **people
    )
    report = again(round, people)

    assert (jurors[0].pk, proposals[0].pk) not in standing()
    assert (jurors[2].pk, proposals[0].pk) in standing()
    assert report.added >= 1
    taken = Assignment.objects.get(juror=jurors[0], proposal=proposals[0])
    assert (taken.release_reason, taken.origin) == ("Salah bidang.", "hand")
    assert AuditEntry.objects.get(action="assignment.taken").reason == "Salah bidang."


def test_finished_and_taken_sheets_are_not_taken(stage, people, jurors, proposals):
    done = write_sheet(sheet_of(jurors[0], proposals[0]), 80, 80)
    free = sheet_of(jurors[0], proposals[1])

    with pytest.raises(services.AssignmentRefused, match="finished"):
        services.take_proposal(assignment=done.assignment, reason="x", **people)
    services.take_proposal(assignment=free.assignment, reason="x", **people)
    with pytest.raises(services.AssignmentRefused, match="before"):
        services.take_proposal(assignment=free.assignment, reason="x", **people)


def test_juror_cannot_save_into_a_sheet_that_was_taken(
    stage, people, jurors, proposals
):
    sheet = sheet_of(jurors[0], proposals[0])
    services.take_proposal(assignment=sheet.assignment, reason="x", **people)

    with pytest.raises(services.SheetLocked, match="no longer yours"):
        services.save_scores(
            sheet=sheet,
            scores={},
            notes={},
            base_version=0,
            actor=jurors[0].user,
            at=timezone.now(),
        )
    assert not ScoreSheet.objects.visible_to(jurors[0].user).filter(pk=sheet.pk)


def rows_of(*pairs):
    return [
        Row(number, proposal.code, juror.user.email)
        for number, (juror, proposal) in enumerate(pairs, start=2)
    ]


def table(stage, rows, *, is_whole=False):
    return services.plan_table(
        scoring_stage=stage, rows=rows, is_whole=is_whole, at=timezone.now()
    )


def take_table(stage, outcome, people):
    services.apply_table(
        scoring_stage=stage,
        added=outcome.added,
        released=outcome.released,
        reason="Menurut rapat.",
        **people,
    )


def test_table_adds_or_replaces_all(stage, people, jurors, proposals):
    rows = rows_of((jurors[2], proposals[0]), (jurors[0], proposals[0]))

    more = table(stage, rows)
    whole = table(stage, rows, is_whole=True)

    assert more.added == whole.added == ((jurors[2].pk, proposals[0].pk),)
    assert (more.released, more.unchanged, len(whole.released)) == ((), 1, 5)
    take_table(stage, whole, people)
    assert standing() == {(each.pk, proposals[0].pk) for each in (jurors[0], jurors[2])}
    assert table(stage, rows, is_whole=True).changes_something is False
    assert set(Assignment.objects.exclude(released_at=None).values_list("origin")) == {
        ("file",)
    }


def test_table_names_row_column_and_reason(stage, jurors, proposals):
    ConflictFactory(juror=jurors[2], proposal=proposals[1])
    write_sheet(sheet_of(jurors[0], proposals[0]), 80, 80)
    rows = [
        Row(2, "TIDAK-ADA", jurors[0].user.email),
        Row(3, proposals[0].code, "siapa@contoh.example"),
        *rows_of((jurors[2], proposals[1])),
    ]

    faults = table(stage, rows, is_whole=True).faults

    assert {(each.row, each.column) for each in faults} == {
        (2, "kode_proposal"),
        (3, "email_juri"),
        (2, "email_juri"),
        (0, "kode_proposal"),  # it leaves out a finished sheet
    }
    assert all(each.reason for each in faults)


def test_table_that_no_longer_fits_changes_nothing(stage, people, jurors, proposals):
    rows = rows_of((jurors[2], proposals[0]), (jurors[2], proposals[1]))
    outcome = table(stage, rows, is_whole=True)
    write_sheet(sheet_of(jurors[0], proposals[2]), 80, 80, is_final=False)

    with pytest.raises(services.PlanChanged):
        take_table(stage, outcome, people)

    assert len(standing()) == 6


def replace(juror, successor, people):
    handover = services.plan_replacement(
        juror=juror, successor=successor, at=people["at"]
    )
    services.replace_juror(
        juror=juror,
        successor=successor,
        reason="Sakit.",
        digest=handover.digest,
        **people,
    )
    return handover


def test_successor_takes_over_what_is_not_finished(people, jurors, proposals):
    leaving, staying, new = jurors
    done = write_sheet(sheet_of(leaving, proposals[0]), 80, 80)
    before = {pair for pair in standing() if pair[0] == staying.pk}

    handover = replace(leaving, new, people)

    leaving.refresh_from_db()
    assert (leaving.is_sitting, leaving.end_reason) == (False, "Sakit.")
    assert (handover.finished, handover.released_count) == (1, 2)
    assert standing() == before | {
        (leaving.pk, proposals[0].pk),
        (new.pk, proposals[1].pk),
        (new.pk, proposals[2].pk),
    }
    assert done in ScoreSheet.objects.open().final()
    told = Message.objects.values_list("kind", "recipient")
    assert ("judging.seat_ended", leaving.user_id) in told
    assert ("judging.sheets_taken_over", new.user_id) in told


def test_others_take_over_where_the_successor_may_not(round, people, jurors, proposals):
    leaving, _staying, new = jurors
    fourth = JurorFactory(round=round)
    ConflictFactory(juror=new, proposal=proposals[0])

    handover = replace(leaving, new, people)

    assert handover.taken_by == {new.pk: 2, fourth.pk: 1}
    assert handover.left_over_count == 0


def test_what_nobody_may_take_is_told(people, jurors, proposals):
    leaving, _staying, new = jurors
    ConflictFactory(juror=new, proposal=proposals[0])

    handover = services.plan_replacement(
        juror=leaving, successor=None, at=timezone.now()
    )

    assert (handover.taken_by, handover.left_over_count) == ({new.pk: 2}, 1)


def test_replacement_shown_before_a_sheet_was_finished_is_refused(
    people, jurors, proposals
):
    handover = services.plan_replacement(
        juror=jurors[0], successor=None, at=timezone.now()
    )
    write_sheet(sheet_of(jurors[0], proposals[0]), 80, 80)

    with pytest.raises(services.PlanChanged):
        services.replace_juror(
            juror=jurors[0],
            successor=None,
            reason="Sakit.",
            digest=handover.digest,
            **people,
        )

    jurors[0].refresh_from_db()
    assert jurors[0].is_sitting


def test_seat_ends_once_and_not_after_sealing(round, people, jurors):
    ended = JurorFactory(round=round, ended_at=people["at"], end_reason="Pindah.")
    for juror, successor in ((ended, None), (jurors[0], ended), (jurors[0], jurors[0])):
        with pytest.raises(services.JurorNotReplaced):
            services.plan_replacement(juror=juror, successor=successor, at=people["at"])
    for sheet in ScoreSheet.objects.all():
        write_sheet(sheet, 80, 80)
    seal(round)
    with pytest.raises(services.JurorNotReplaced, match="sealed"):
        services.plan_replacement(juror=jurors[0], successor=None, at=people["at"])

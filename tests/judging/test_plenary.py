"""The plenary: quorum, decisions, all of them applied at once."""

from decimal import Decimal

import pytest
from django.utils import timezone

from core.models import AuditEntry
from judging import queries, services, standings
from judging.models import (
    Plenary,
    PlenaryAttendance,
    PlenaryDecision,
    PlenaryVote,
    Score,
    ScoreSheet,
)
from tests.factories.judging import (
    AssignmentFactory,
    ConflictFactory,
    ScoreSheetFactory,
    staged_round,
    write_sheet,
)
from tests.factories.plenary import (
    agree,
    apply,
    judged_round,
    open_plenary,
    panel_of,
    secretary_of,
    vote,
)

pytestmark = pytest.mark.django_db


def places(round, plenary=None):
    judged = standings.current(round, queries.scoring_of(round), plenary)
    return [
        (each.code, each.rank, each.tie_rule) for each in standings.stage_places(judged)
    ]


def test_quorum_is_more_than_half_of_the_sitting_panel():
    round = judged_round(80, jurors=4)
    left = panel_of(round)[3]
    left.ended_at, left.end_reason = timezone.now(), "Sakit."
    left.save()

    plenary = open_plenary(round, present=3)

    assert plenary.quorum == 2
    assert PlenaryAttendance.objects.filter(plenary=plenary).count() == 3


def test_decisions_wait_until_they_are_applied_together():
    round = judged_round(80, 70)
    first, second = round.proposal_set.order_by("pk")
    raw = list(Score.objects.order_by("pk").values_list("pk", "value"))
    plenary = open_plenary(round)

    agree(plenary, second, 90, 90)

    assert places(round) == [(first.code, 1, ""), (second.code, 2, "")]
    assert places(round, plenary) == [(second.code, 1, ""), (first.code, 2, "")]
    apply(plenary)
    assert places(round) == [(second.code, 1, ""), (first.code, 2, "")]
    assert list(Score.objects.order_by("pk").values_list("pk", "value")) == raw
    assert AuditEntry.objects.filter(action="plenary.applied").count() == 1


def test_criterion_not_named_keeps_its_mean():
    round = judged_round((80, 81, 82), jurors=3)
    proposal = round.proposal_set.get()
    plenary = open_plenary(round)

    agree(plenary, proposal, 90, None)

    judged = standings.current(round, queries.scoring_of(round), plenary)
    assert standings.live_means(judged)[proposal.pk] == [90, 81]


def test_plenary_waits_for_the_jurors():
    round = judged_round((80, None), jurors=2, phase="scoring")

    with pytest.raises(services.PlenaryNotOpened, match="Jurors still score"):
        open_plenary(round)


def test_one_plenary_at_a_time():
    round = judged_round(80)
    open_plenary(round)

    with pytest.raises(services.PlenaryNotOpened, match="is open"):
        open_plenary(round)


def test_chair_is_of_the_sitting_panel():
    round = judged_round(80)
    chair = panel_of(round)[0]
    chair.ended_at, chair.end_reason = timezone.now(), "Pindah."
    chair.save()

    with pytest.raises(services.PlenaryNotOpened, match="chair"):
        open_plenary(round)


def test_without_quorum_nothing_is_applied_or_decided():
    round = judged_round(80)
    plenary = open_plenary(round, present=2)

    with pytest.raises(services.DecisionNotRecorded, match="3 jurors"):
        agree(plenary, round.proposal_set.get(), 90, 90)
    with pytest.raises(services.PlenaryNotApplied, match="quorum is 3"):
        apply(plenary)

    assert not PlenaryDecision.objects.exists()
    assert Plenary.objects.get().is_open


def test_conflicted_juror_neither_decides_nor_counts():
    round = judged_round(80)
    proposal = round.proposal_set.get()
    one, two, *_others = panel_of(round)
    for juror in (one, two):
        ConflictFactory(juror=juror, institution=proposal.institution)
    plenary = open_plenary(round, present=3)  # only one of them is free

    with pytest.raises(services.DecisionNotRecorded, match="2 jurors"):
        agree(plenary, proposal, 90, 90)

    services.set_attendance(
        plenary=plenary,
        present=panel_of(round)[:4],
        actor=plenary.opened_by,
        at=timezone.now(),
    )
    decision = agree(plenary, proposal, 90, 90)
    assert set(decision.votes.values_list("juror", flat=True)) == {
        each.pk for each in panel_of(round)[2:4]
    }


def test_more_than_half_must_agree_and_dissent_is_kept():
    round = judged_round(80)
    proposal = round.proposal_set.get()
    one, two, three, four, _five = panel_of(round)
    plenary = open_plenary(round, present=4)

    with pytest.raises(services.DecisionNotRecorded, match="More than half"):
        agree(plenary, proposal, 90, 90, agreeing=[one, two])
    agree(
        plenary,
        proposal,
        90,
        90,
        agreeing=[one, two, three],
        notes={one: "Setuju saja.", four: "Bukti kurang."},
    )

    assert list(
        PlenaryVote.objects.order_by("juror").values_list("juror", "agrees", "note")
    ) == [
        (one.pk, True, ""),
        (two.pk, True, ""),
        (three.pk, True, ""),
        (four.pk, False, "Bukti kurang."),
    ]


def test_recording_again_replaces_the_decision():
    round = judged_round(80)
    proposal = round.proposal_set.get()
    plenary = open_plenary(round)
    agree(plenary, proposal, 90, 90)

    agree(plenary, proposal, None, 70, reason="Dihitung ulang.")

    decision = PlenaryDecision.objects.get()
    assert decision.reason == "Dihitung ulang."
    scores = decision.agreedscore_set.values_list("criterion__code", "value")
    assert list(scores) == [("signifikansi", Decimal(70))]


def test_withdrawn_decision_counts_no_more():
    round = judged_round(80, 70)
    plenary = open_plenary(round)
    before = places(round)
    decision = agree(plenary, round.proposal_set.last(), 90, 90)

    for _press in range(2):  # and a second tab finds nothing left
        services.withdraw_decision(
            decision=decision, actor=plenary.opened_by, at=timezone.now()
        )

    assert places(round, plenary) == before


def test_value_off_the_scale_is_refused():
    round = judged_round(80)
    plenary = open_plenary(round)

    with pytest.raises(services.DecisionNotRecorded, match="scale"):
        agree(plenary, round.proposal_set.get(), 101)
    with pytest.raises(services.DecisionNotRecorded, match="Change at least one"):
        agree(plenary, round.proposal_set.get())


def test_nothing_is_agreed_on_without_a_sheet():
    round = judged_round(80, (None,) * 5)
    plenary = open_plenary(round)

    with pytest.raises(services.DecisionNotRecorded, match="Nobody has finished"):
        agree(plenary, round.proposal_set.order_by("pk").last(), 90, 90)


def test_vote_orders_equals_only():
    round = judged_round(80, 80, 70)
    one, two, three = round.proposal_set.order_by("pk")
    plenary = open_plenary(round)
    assert places(round)[0][2] == "shared"

    with pytest.raises(services.DecisionNotRecorded, match="not equal"):
        vote(plenary, three, one)
    vote(plenary, two, one)

    assert places(round, plenary) == [
        (two.code, 1, "plenary"),
        (one.code, 2, "plenary"),
        (three.code, 3, ""),
    ]


def test_second_vote_on_the_same_replaces_the_first():
    round = judged_round(80, 80)
    one, two = round.proposal_set.order_by("pk")
    plenary = open_plenary(round)
    vote(plenary, two, one)

    vote(plenary, one, two)

    assert [code for code, *_rest in places(round, plenary)] == [one.code, two.code]
    assert PlenaryDecision.objects.count() == 1


def test_tie_on_the_line_is_decided_before_anything_counts():
    round = judged_round(90, 80, 80)
    round.scoringstage_set.update(shortlist_size=2)
    _first, one, two = round.proposal_set.order_by("pk")
    plenary = open_plenary(round)

    with pytest.raises(services.PlenaryNotApplied, match="on the shortlist line"):
        apply(plenary)

    vote(plenary, one, two, is_shared=True)
    apply(plenary)
    assert [rank for _code, rank, _rule in places(round)] == [1, 2, 2]


def test_tie_away_from_the_line_may_stay():
    round = judged_round(90, 90, 80)
    round.scoringstage_set.update(shortlist_size=2)

    apply(open_plenary(round))

    assert Plenary.objects.get().is_applied


def test_conflict_declared_since_holds_the_plenary_up():
    round = judged_round(80)
    proposal = round.proposal_set.get()
    plenary = open_plenary(round)
    agree(plenary, proposal, 90, 90)
    ConflictFactory(juror=panel_of(round)[0], proposal=proposal)

    with pytest.raises(services.PlenaryNotApplied, match="by now"):
        apply(plenary)

    agree(plenary, proposal, 90, 90)
    apply(plenary)


def test_who_decided_is_not_struck_off_the_list():
    round = judged_round(80)
    plenary = open_plenary(round)
    agree(plenary, round.proposal_set.get(), 90, 90)

    with pytest.raises(services.AttendanceNotChanged, match="took part"):
        services.set_attendance(
            plenary=plenary,
            present=panel_of(round)[:3],
            actor=plenary.opened_by,
            at=timezone.now(),
        )


def test_later_plenary_stands_before_the_earlier():
    round = judged_round(80, 70)
    first, second = round.proposal_set.order_by("pk")
    actor = secretary_of(round)
    earlier = open_plenary(round, actor=actor)
    agree(earlier, second, 90, 90)
    apply(earlier)

    later = open_plenary(round, actor=actor)
    agree(later, second, 60, 60)
    apply(later)

    assert [code for code, *_rest in places(round)] == [first.code, second.code]


def test_cancelled_plenary_never_counts():
    round = judged_round(80, 70)
    plenary = open_plenary(round)
    before = places(round)
    agree(plenary, round.proposal_set.order_by("pk").last(), 90, 90)

    services.cancel_plenary(
        plenary=plenary, reason="Ditunda.", actor=plenary.opened_by, at=timezone.now()
    )

    assert places(round) == before
    with pytest.raises(services.PlenaryClosed, match="cancelled"):
        apply(plenary)
    open_plenary(round)


def test_sheets_stay_closed_once_a_plenary_sits():
    round = judged_round(80)
    plenary = open_plenary(round)
    sheet = ScoreSheet.objects.order_by("pk").first()

    with pytest.raises(services.SheetNotReopened, match="plenary deliberates"):
        services.reopen_sheet(
            sheet=sheet, reason="Keliru.", actor=plenary.opened_by, at=timezone.now()
        )


def test_sealing_waits_for_the_plenary():
    round = judged_round(80)
    plenary = open_plenary(round)

    with pytest.raises(services.ResultNotSealed, match="plenary is open"):
        services.seal_result(round=round, actor=plenary.opened_by, at=timezone.now())

    apply(plenary)
    services.seal_result(round=round, actor=plenary.opened_by, at=timezone.now())
    with pytest.raises(services.PlenaryNotOpened, match="sealed"):
        open_plenary(round)


def test_agreed_verdict_lets_through_a_gate():
    round = staged_round(jurors=3, proposals=1, phase="plenary")
    _desk, talk, gate = round.scoringstage_set.order_by("order")
    proposal = round.proposal_set.get()
    panel = panel_of(round)

    for sheet in ScoreSheet.objects.select_related("assignment__scoring_stage"):
        write_sheet(sheet, 80, 80)
    for juror in panel:
        assignment = AssignmentFactory(
            juror=juror, scoring_stage=talk, proposal=proposal
        )
        write_sheet(ScoreSheetFactory(assignment=assignment), 4)
        visit = AssignmentFactory(juror=juror, scoring_stage=gate, proposal=proposal)
        ScoreSheetFactory(
            assignment=visit,
            state="final",
            verdict="fails",
            note="Tidak ada.",
            finalised_at=timezone.now(),
        )
    plenary = open_plenary(round, stage=gate)

    with pytest.raises(services.DecisionNotRecorded, match="finds"):
        agree(plenary, proposal)
    agree(plenary, proposal, verdict="remarks")
    apply(plenary)

    (place,) = standings.stage_places(
        standings.current(round, queries.scoring_of(round))
    )
    assert (place.verdict, place.is_shortlisted) == ("remarks", True)

"""What the tables of a plenary can never hold, one breach for each constraint."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import Error, transaction
from django.utils import timezone

from judging.models import (
    AgreedScore,
    Correction,
    Plenary,
    PlenaryAttendance,
    PlenaryDecision,
    PlenaryVote,
    TiePlace,
)
from tests.factories.judging import ConflictFactory, JurorFactory, seal
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


@pytest.fixture
def plenary():
    return open_plenary(judged_round(80, 80))


def refused(match, breach):
    with pytest.raises(Error, match=match), transaction.atomic():
        breach()


def decision_of(plenary, **fields):
    return PlenaryDecision(
        plenary=plenary,
        decided_at=timezone.now(),
        recorded_by=plenary.opened_by,
        **{"kind": "tie", "reason": "Suara.", **fields},
    )


def test_plenary(plenary):
    rows = Plenary.objects.filter(pk=plenary.pk)
    now, actor = timezone.now(), plenary.opened_by
    closed = {"closed_at": now, "closed_by": actor}

    refused("quorum_is_not_zero", lambda: rows.update(quorum=0))
    refused("closed_by_somebody", lambda: rows.update(state="applied"))
    refused("closed_by_somebody", lambda: rows.update(**closed))
    refused("with_reason", lambda: rows.update(state="cancelled", **closed))
    refused("with_reason", lambda: rows.update(cancel_reason="x"))
    refused("no quorum", lambda: rows.update(quorum=6, state="applied", **closed))
    refused("Cannot delete", lambda: rows.delete())
    copy = Plenary.objects.get()
    copy.pk, copy.key = None, "lain"
    refused("one_open", copy.save)
    copy.key = plenary.key
    copy.state, copy.closed_at, copy.closed_by = "applied", now, actor
    refused("key", copy.save)


def test_attendance(plenary):
    rows = PlenaryAttendance.objects.filter(plenary=plenary)
    agree(plenary, plenary.round.proposal_set.first(), 90, 90)
    stranger = JurorFactory()

    refused("never_deleted|Cannot delete", lambda: rows._raw_delete("default"))
    refused("Who decided", lambda: rows.update(is_present=False))
    refused(
        "another round",
        lambda: PlenaryAttendance.objects.create(plenary=plenary, juror=stranger),
    )
    refused(
        "attendance_once",
        lambda: PlenaryAttendance.objects.create(
            plenary=plenary, juror=panel_of(plenary.round)[0], is_present=True
        ),
    )


def test_decision(plenary):
    proposal = plenary.round.proposal_set.first()
    agree(plenary, proposal, 90, 90)

    refused("has_reason", decision_of(plenary, reason="").save)
    refused("fits_its_kind", decision_of(plenary, proposal=proposal).save)
    refused("fits_its_kind", decision_of(plenary, kind="scores").save)
    refused("verdict_at_gates", decision_of(plenary, verdict="fails").save)
    refused(
        "proposal_once", decision_of(plenary, kind="scores", proposal=proposal).save
    )


@pytest.mark.parametrize("value", ["-1", "100.01", "200"])
def test_agreed_score_fits_its_stage(plenary, value):
    decision = agree(plenary, plenary.round.proposal_set.first(), 90)
    criterion = plenary.scoring_stage.criterion_set.order_by("order")[1]

    refused(
        "does not fit",
        lambda: AgreedScore.objects.create(
            decision=decision, criterion=criterion, value=Decimal(value)
        ),
    )


def test_agreed_score_is_of_its_stage_once(plenary):
    decision = agree(plenary, plenary.round.proposal_set.first(), 90)
    (score,) = decision.agreedscore_set.all()
    other = judged_round(80).scoringstage_set.get().criterion_set.first()

    for criterion, match in ((other, "does not fit"), (score.criterion, "score_once")):
        refused(
            match,
            lambda c=criterion: AgreedScore.objects.create(
                decision=decision, criterion=c, value=80
            ),
        )


def test_tie_places(plenary):
    one, two = plenary.round.proposal_set.order_by("pk")
    decision = decision_of(plenary)
    decision.save()
    TiePlace.objects.create(decision=decision, proposal=one, place=1)

    for proposal, place, match in ((one, 2, "proposal_once"), (two, 1, "place_once")):
        refused(
            match,
            lambda p=proposal, n=place: TiePlace.objects.create(
                decision=decision, proposal=p, place=n
            ),
        )
    PlenaryVote.objects.create(
        decision=decision, juror=panel_of(plenary.round)[0], agrees=True
    )
    refused(
        "voted on already",
        lambda: TiePlace.objects.create(decision=decision, proposal=two, place=2),
    )


def test_votes():
    plenary = open_plenary(judged_round(80, 80), present=4)
    one, two = plenary.round.proposal_set.order_by("pk")
    first, *_others, absent = panel_of(plenary.round)
    ConflictFactory(juror=first, institution=two.institution)
    decision = vote(plenary, two, one)
    own = decision.votes.order_by("juror")

    assert first.pk not in own.values_list("juror", flat=True)
    for juror, match in (
        (first, "in conflict"),
        (absent, "Only who is present"),
        (own[0].juror, "vote_once"),
    ):
        refused(
            match,
            lambda j=juror: PlenaryVote.objects.create(
                decision=decision, juror=j, agrees=True
            ),
        )
    refused("note_is_dissent", lambda: own.update(note="Setuju."))


def test_nothing_is_written_once_it_is_applied(plenary):
    proposal = plenary.round.proposal_set.first()
    vote(plenary, *plenary.round.proposal_set.order_by("pk"))
    apply(plenary)

    refused("closed", decision_of(plenary, kind="scores", proposal=proposal).save)
    refused("closed", lambda: PlenaryAttendance.objects.update(is_present=True))
    refused("closed", lambda: PlenaryVote.objects.all()._raw_delete("default"))


def test_no_plenary_in_a_sealed_round():
    round = judged_round(80)
    apply(open_plenary(round))
    seal(round)
    copy = Plenary.objects.get()
    copy.pk, copy.key, copy.state = None, "lain", "open"
    copy.closed_at = copy.closed_by = None

    refused("is sealed", copy.save)


def test_correction():
    round = judged_round(80)
    result = seal(round)
    now, actor = timezone.now(), secretary_of(round)

    def correction(**fields):
        return Correction(
            result=result,
            opened_at=now,
            opened_by=actor,
            **{"reason": "Salah.", **fields},
        )

    refused("has_reason", correction(reason="").save)
    refused("closed_by_somebody", correction(state="sealed").save)
    refused("closed_by_somebody", correction(closed_at=now).save)
    closed = {"state": "sealed", "closed_at": now, "closed_by": actor}
    refused("by_a_second_person", correction(**closed).save)
    correction().save()
    refused("one_open", correction().save)
    rows = Correction.objects.all()
    refused("Cannot update", lambda: rows.update(opened_at=now - timedelta(days=1)))
    refused("Cannot delete", lambda: rows._raw_delete("default"))
    rows.update(state="cancelled", closed_at=now, closed_by=actor)
    refused("Cannot update", lambda: rows.update(closed_at=now - timedelta(days=1)))

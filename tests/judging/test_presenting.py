"""The schedule of presentations: the lot, times, moves, who is told."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from competitions import services as rule_services
from competitions.models import Round
from judging import services, timetable
from judging.models import PresentationPlan, PresentationSlot
from notifications.models import Message
from tests.factories.accounts import AuthorFactory
from tests.factories.rule_changes import review
from tests.judging.presenting import (
    HOUR,
    add_day,
    arrange,
    new_candidate,
    planned_stage,
    presentation_stage,
    secretary,
    sheets_of,
    slots_of,
)

pytestmark = pytest.mark.django_db
SLOT = timedelta(minutes=20)


def announce(stage):
    return services.announce_presentations(
        plan=PresentationPlan.objects.get(scoring_stage=stage),
        actor=secretary(stage),
        at=timezone.now(),
    )


def test_lot_can_be_drawn_anew_by_anybody():
    stage = presentation_stage(proposals=4)
    day = add_day(stage)

    done = arrange(stage, seed="  dadu 3-1-6 ")

    plan = PresentationPlan.objects.get()
    assert (done.placed, done.left_out) == (4, 0)
    assert (plan.seed, plan.draw_count) == ("dadu 3-1-6", 1)
    codes = [slot.proposal.code for slot in slots_of(day)]
    assert codes == timetable.drawn("dadu 3-1-6", sorted(codes))


def test_seed_left_empty_is_random_and_kept():
    stage = presentation_stage()
    add_day(stage)

    arrange(stage, seed="")
    first = PresentationPlan.objects.get().seed
    arrange(stage, seed="")

    plan = PresentationPlan.objects.get()
    assert len(first) == 16
    assert (plan.seed != first, plan.draw_count) == (True, 2)


def test_times_follow_one_another_around_a_break():
    stage = presentation_stage(proposals=4)
    begins_at = timezone.now().replace(microsecond=0)
    lunch = services.BreakData(begins_at + SLOT + SLOT / 2, begins_at + HOUR, "Ishoma")

    day = add_day(stage, begins_at=begins_at, breaks=[lunch])
    arrange(stage)

    assert [slot.planned_at - begins_at for slot in slots_of(day)] == [
        timedelta(0),
        HOUR,
        HOUR + SLOT,
        HOUR + 2 * SLOT,
    ]


def test_days_share_evenly_as_far_as_they_have_room():
    stage = presentation_stage(proposals=5)
    begins_at = timezone.now()
    days = [
        add_day(stage, begins_at=begins_at, capacity=1),
        add_day(stage, begins_at=begins_at + 24 * HOUR),
        add_day(stage, begins_at=begins_at + 48 * HOUR, capacity=3),
    ]

    done = arrange(stage)

    assert (done.placed, done.left_out) == (5, 0)
    assert [len(slots_of(day)) for day in days] == [1, 2, 2]


def test_who_finds_no_room_is_counted():
    stage = presentation_stage(proposals=3)
    add_day(stage, capacity=2)

    done = arrange(stage)

    assert (done.placed, done.left_out) == (2, 1)


def test_by_hand_keeps_the_order_and_adds_who_is_new():
    stage, day = planned_stage()
    before = [slot.proposal for slot in slots_of(day)]
    new = new_candidate(stage)

    arrange(stage, order_by="hand")

    assert [slot.proposal for slot in slots_of(day)] == [*before, new]


def test_by_category_groups_stay_together():
    stage = presentation_stage(proposals=2)
    later = stage.round.category_set.create(code="z", name="Akhir", order=99)
    last = [new_candidate(stage, category=later) for _n in range(2)]
    day = add_day(stage)

    arrange(stage, order_by="category")

    proposals = [slot.proposal for slot in slots_of(day)]
    assert set(proposals[2:]) == set(last)
    codes = [each.code for each in last]
    drawn = timetable.drawn("benih", codes)
    assert [each.code for each in proposals[2:]] == drawn


def test_only_those_let_through_are_arranged():
    stage = presentation_stage(proposals=3)
    stage.round.scoringstage_set.filter(code="proposal").update(shortlist_size=2)
    day = add_day(stage)

    arrange(stage)

    best = stage.round.proposal_set.order_by("pk")[:2]
    assert {slot.proposal for slot in slots_of(day)} == set(best)


def test_nothing_is_arranged_without_a_day():
    with pytest.raises(services.NotArranged, match="Add a day"):
        arrange(presentation_stage())


def test_nothing_is_arranged_before_the_stage_before_is_over():
    stage = presentation_stage(phase="scoring")
    services.reopen_sheet(
        sheet=sheets_of(stage.round, "proposal").first(),
        reason="Salah.",
        actor=secretary(stage),
        at=timezone.now(),
    )
    add_day(stage)

    with pytest.raises(services.NotArranged, match="not over yet"):
        arrange(stage)

    assert not PresentationSlot.objects.exists()


def test_day_that_is_changed_moves_its_times():
    stage, day = planned_stage()
    later = day.begins_at + HOUR

    add_day(stage, day=day, begins_at=later, presentation_minutes=17)

    assert [slot.planned_at for slot in slots_of(day)] == [
        later,
        later + 1.5 * SLOT,
        later + 3 * SLOT,
    ]


def test_two_days_do_not_begin_at_once():
    stage, day = planned_stage()

    with pytest.raises(services.DayNotSaved, match="begins at this time"):
        add_day(stage, begins_at=day.begins_at)


def test_neighbours_change_places_and_times():
    stage, day = planned_stage()
    first, second, third = slots_of(day)
    times = [each.planned_at for each in (first, second, third)]

    services.move_slot(slot=second, by=-1, actor=secretary(stage), at=timezone.now())

    moved = slots_of(day)
    assert [each.proposal for each in moved] == [
        second.proposal,
        first.proposal,
        third.proposal,
    ]
    assert [each.planned_at for each in moved] == times
    with pytest.raises(services.SlotNotMoved, match="nobody to change"):
        services.move_slot(slot=third, by=1, actor=secretary(stage), at=timezone.now())


def test_institutions_are_told_once_and_again_on_change():
    stage, day = planned_stage(proposals=2)
    people = [
        AuthorFactory(institution=slot.proposal.institution) for slot in slots_of(day)
    ]

    assert len(announce(stage)) == 2
    with pytest.raises(services.NothingToTell):
        announce(stage)
    add_day(stage, day=day, begins_at=day.begins_at, place="Aula")
    assert len(announce(stage)) == 2

    kinds = Message.objects.order_by("pk").values_list("kind", "recipient")
    assert sorted(kinds) == sorted(
        (f"judging.presentation_{kind}", user.pk)
        for user in people
        for kind in ("planned", "moved")
    )
    assert (
        "Pendopo" in Message.objects.filter(kind__endswith="planned").first().body_text
    )


def test_withdrawn_proposal_is_not_told():
    stage, day = planned_stage(proposals=2)
    slot, _other = slots_of(day)
    slot.proposal.state = "withdrawn"
    slot.proposal.save()

    assert [each.pk for each in announce(stage)] == [_other.pk]


def test_day_that_somebody_was_told_of_stays():
    stage, day = planned_stage()
    announce(stage)

    with pytest.raises(services.DayNotSaved, match="Move them first"):
        services.remove_day(day=day, actor=secretary(stage), at=timezone.now())

    assert len(slots_of(day)) == 3


def test_day_nobody_was_told_of_goes_with_its_times():
    stage, day = planned_stage()

    services.remove_day(day=day, actor=secretary(stage), at=timezone.now())

    assert not PresentationSlot.objects.exists()


def test_stage_with_planned_days_stays_in_the_rules():
    stage = presentation_stage()
    day = add_day(stage)
    actor = secretary(stage)

    def without_presentations(rules):
        first, _talk, gate = rules.scoring
        return replace(rules, scoring=(replace(first, share=Decimal(100)), gate))

    rule_services.change_rules(
        round=Round.objects.of_government().get(pk=stage.round_id),
        change=without_presentations,
        actor=actor,
        at=timezone.now(),
    )
    planned = review(stage.round, timezone.now()).forbidden
    services.remove_day(day=day, actor=actor, at=timezone.now())
    free = review(stage.round, timezone.now()).forbidden

    sentence = "days of presentations are planned"
    assert [sentence in each for each in planned].count(True) == 1
    assert not any(sentence in each for each in free)


def test_days_are_planned_once_the_round_is_open():
    stage = presentation_stage()
    Round.objects.filter(pk=stage.round_id).update(opened_at=None)

    with pytest.raises(services.DayNotSaved, match="Open the round first"):
        add_day(stage)

    assert not PresentationPlan.objects.exists()


def test_half_a_failure_leaves_nothing(monkeypatch):
    stage, day = planned_stage()
    before = [(each.pk, each.planned_at) for each in slots_of(day)]
    monkeypatch.setattr("judging.services.presenting.audit.record", _fail)

    with pytest.raises(RuntimeError):
        arrange(stage, seed="lain")

    assert [(each.pk, each.planned_at) for each in slots_of(day)] == before


def _fail(*args, **kwargs):
    raise RuntimeError

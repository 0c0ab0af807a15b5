"""The day of presentations: calling, the clock, postponing, absence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from judging import queries, services
from judging.models import PresentationPlan, PresentationSlot
from notifications.models import Message
from tests.factories.accounts import AuthorFactory
from tests.judging.presenting import (
    HOUR,
    add_day,
    call,
    new_candidate,
    planned_stage,
    secretary,
    slots_of,
    step,
)

pytestmark = pytest.mark.django_db


def states(day):
    return [slot.state for slot in slots_of(day)]


def test_one_press_ends_this_one_and_calls_the_next():
    _stage, day = planned_stage()
    first = call(day)
    step("start_slot", first)

    second = call(day, after=first.key)

    assert (first.position, second.position) == (1, 2)
    assert states(day) == ["done", "called", "planned"]
    first.refresh_from_db()
    assert first.ended_at is not None


def test_the_last_one_ends_without_a_next():
    _stage, day = planned_stage(proposals=1)
    slot = call(day)
    step("start_slot", slot)

    assert call(day, after=slot.key) is None
    with pytest.raises(services.NotCalled, match="Nobody is left"):
        call(day)


def test_press_of_a_page_that_is_behind_changes_nothing():
    _stage, day = planned_stage()
    first = call(day)

    with pytest.raises(services.NotCalled, match="moved on"):
        call(day)
    with pytest.raises(services.NotCalled, match="Begin this presentation"):
        call(day, after=first.key)

    assert states(day) == ["called", "planned", "planned"]


def test_clock_runs_from_the_press_and_goes_back_to_zero():
    _stage, day = planned_stage()
    slot = call(day)
    at = timezone.now()

    slot = step("start_slot", slot, at=at)

    assert queries.clock_of(slot, day).ends_at == at + timedelta(minutes=20)
    step("begin_questions", slot, at=at + timedelta(minutes=3))
    slot = step("begin_questions", slot, at=at + timedelta(minutes=4))
    assert slot.questions_at == at + timedelta(minutes=3)
    slot = step("reset_slot", slot)
    assert (slot.state, slot.started_at, slot.questions_at) == ("called", None, None)


def test_two_do_not_present_at_once():
    _stage, day = planned_stage()
    first = call(day)
    step("start_slot", first)
    second = slots_of(day)[1]

    with pytest.raises(services.StepNotTaken, match="still running"):
        step("start_slot", second)


def test_withdrawn_proposal_is_passed_over():
    _stage, day = planned_stage()
    first, second, _third = slots_of(day)
    first.proposal.state = "withdrawn"
    first.proposal.save()

    assert call(day).pk == second.pk
    with pytest.raises(services.StepNotTaken, match="no longer takes part"):
        step("start_slot", first)


def test_postponed_comes_last_with_its_reason_and_is_told():
    stage, day = planned_stage()
    first = slots_of(day)[0]
    person = AuthorFactory(institution=first.proposal.institution)
    plan = PresentationPlan.objects.get()
    services.announce_presentations(
        plan=plan, actor=secretary(stage), at=timezone.now()
    )

    later = step("postpone_slot", first, reason="Listrik padam.", day=day)

    assert states(day) == ["postponed", "planned", "planned", "planned"]
    assert later.position == 4
    assert later.planned_at > slots_of(day)[2].planned_at
    assert later.was_told(later.planned_at, "Pendopo")
    moved = Message.objects.get(recipient=person, kind="judging.presentation_moved")
    assert "Listrik padam." in moved.body_text


def test_postponed_to_another_day_or_to_none():
    stage, day = planned_stage()
    other = add_day(stage, begins_at=day.begins_at + 24 * HOUR)
    first, second, _third = slots_of(day)

    moved = step("postpone_slot", first, reason="Sakit.", day=other)
    nowhere = step("postpone_slot", second, reason="Sakit.", day=None)

    assert (moved.day_id, moved.planned_at) == (other.pk, other.begins_at)
    assert nowhere is None
    assert not Message.objects.exists()  # nobody was told of a time before
    placed = services.place_proposal(
        proposal=second.proposal, day=other, actor=secretary(stage), at=timezone.now()
    )
    assert placed.position == 2


def test_interrupted_presentation_can_be_postponed():
    _stage, day = planned_stage()
    slot = call(day)
    step("start_slot", slot)

    later = step("postpone_slot", slot, reason="Listrik padam.", day=day)

    slot.refresh_from_db()
    assert (slot.state, slot.started_at) == ("postponed", None)
    assert later.state == "planned"


def test_who_was_absent_may_get_another_time():
    stage, day = planned_stage()
    slot = call(day)
    step("mark_absent", slot)

    placed = services.place_proposal(
        proposal=slot.proposal, day=day, actor=secretary(stage), at=timezone.now()
    )

    assert (placed.pk, placed.state, placed.position) == (slot.pk, "planned", 4)


def test_proposal_has_one_time_and_takes_part():
    stage, day = planned_stage()
    new = new_candidate(stage)
    services.place_proposal(
        proposal=new, day=day, actor=secretary(stage), at=timezone.now()
    )

    with pytest.raises(services.SlotNotMoved, match="a time already"):
        services.place_proposal(
            proposal=new, day=day, actor=secretary(stage), at=timezone.now()
        )
    stranger = planned_stage()[0].round.proposal_set.first()
    with pytest.raises(services.SlotNotMoved, match="does not take part"):
        services.place_proposal(
            proposal=stranger, day=day, actor=secretary(stage), at=timezone.now()
        )


@pytest.mark.parametrize("name", ["begin_questions", "finish_slot", "reset_slot"])
def test_steps_of_a_running_presentation_need_one(name):
    _stage, day = planned_stage()
    slot = call(day)

    with pytest.raises(services.StepNotTaken):
        step(name, slot)

    assert states(day) == ["called", "planned", "planned"]


def test_done_stays_done():
    _stage, day = planned_stage()
    slot = call(day)
    step("start_slot", slot)
    step("finish_slot", slot)

    for name in ("start_slot", "mark_absent", "finish_slot"):
        with pytest.raises(services.StepNotTaken):
            step(name, slot)
    with pytest.raises(services.StepNotTaken):
        step("postpone_slot", slot, reason="Apa.", day=day)


def test_day_that_has_begun_stays_as_it_is():
    stage, day = planned_stage()
    call(day)

    with pytest.raises(services.DayNotSaved, match="have begun"):
        add_day(stage, day=day)


def test_each_change_is_seen_by_open_pages():
    _stage, day = planned_stage()
    plan = PresentationPlan.objects.get()
    versions = [plan.version]
    slot = call(day)
    for name in ("start_slot", "begin_questions", "finish_slot"):
        slot = step(name, slot)
        plan.refresh_from_db()
        versions.append(plan.version)

    assert versions == sorted(set(versions))


def test_failure_half_way_leaves_nothing(monkeypatch):
    _stage, day = planned_stage()
    monkeypatch.setattr("judging.services.timekeeping.append_slot", _fail)

    with pytest.raises(RuntimeError):
        step("postpone_slot", slots_of(day)[0], reason="Sakit.", day=day)

    assert states(day) == ["planned"] * 3
    assert PresentationSlot.objects.count() == 3


def _fail(*args, **kwargs):
    raise RuntimeError

"""What the schedule and the day of presentations both need: places, times, telling."""

import secrets
from datetime import datetime, timedelta

from competitions.models import ScoringStage
from judging import notices, timetable
from judging.models import (
    PresentationDay,
    PresentationPlan,
    PresentationSlot,
    SlotState,
)
from submissions.models import Proposal


def locked_plan(stage: ScoringStage) -> PresentationPlan:
    """The plan of `stage`, made if there is none, locked to the transaction's end."""
    PresentationPlan.objects.get_or_create(scoring_stage=stage)
    return (
        PresentationPlan.objects.select_for_update(of=("self",))
        .select_related("scoring_stage__round__competition__government")
        .get(scoring_stage=stage)
    )


def touch(plan: PresentationPlan) -> None:
    """Let pages that are open see that something has changed."""
    plan.version += 1
    plan.save(update_fields=["version"])


def has_begun(day: PresentationDay) -> bool:
    """Whether anybody of `day` was called or had their time."""
    slots = PresentationSlot.objects.filter(day=day).standing()
    return slots.exclude(state=SlotState.PLANNED).exists()


def append_slot(day: PresentationDay, proposal: Proposal) -> PresentationSlot:
    """Give `proposal` a slot after all others of `day`."""
    slot = PresentationSlot(
        key=secrets.token_hex(8), plan_id=day.plan_id, proposal=proposal
    )
    put_last(slot, day)
    slot.save()
    return slot


def put_last(slot: PresentationSlot, day: PresentationDay) -> None:
    """Put `slot`, not saved by this, after all others of `day`."""
    others = PresentationSlot.objects.filter(day=day).exclude(pk=slot.pk)
    last = others.order_by("-position").first()
    latest = others.standing().order_by("-planned_at").first()
    slot.day = day
    slot.position = last.position + 1 if last else 1
    free = (
        latest.planned_at + day.slot_length + pause_of(day) if latest else day.begins_at
    )
    (slot.planned_at,) = times_of(day, 1, free)


def retime(day: PresentationDay) -> None:
    """Give everybody of a day that has not begun the time that their place means."""
    slots = list(
        PresentationSlot.objects.filter(day=day).standing().order_by("position")
    )
    times = times_of(day, len(slots), day.begins_at)
    for slot, planned_at in zip(slots, times, strict=True):
        slot.planned_at = planned_at
    PresentationSlot.objects.bulk_update(slots, ["planned_at"])


def tell(slot: PresentationSlot, *, reason: str = "", at: datetime) -> None:
    """Tell the people of `slot` its time and place, and keep what they were told."""
    notices.presentation_planned(
        slot, is_change=slot.told_at is not None, reason=reason, at=at
    )
    slot.told_at = at
    slot.told_time = slot.planned_at
    slot.told_place = slot.day.whereabouts
    slot.save(update_fields=["told_at", "told_time", "told_place"])


def first_place(day: PresentationDay) -> int:
    """The first place of `day` that no postponed slot holds in its memory."""
    postponed = PresentationSlot.objects.filter(day=day, state=SlotState.POSTPONED)
    places = postponed.values_list("position", flat=True)
    return max(places, default=0) + 1


def times_of(day: PresentationDay, count: int, begins_at: datetime) -> list[datetime]:
    return timetable.planned_times(
        begins_at,
        count,
        length=day.slot_length,
        pause=pause_of(day),
        breaks=[
            timetable.Span(each.starts_at, each.ends_at)
            for each in day.presentationbreak_set.all()
        ],
    )


def pause_of(day: PresentationDay) -> timedelta:
    return timedelta(minutes=day.pause_minutes)

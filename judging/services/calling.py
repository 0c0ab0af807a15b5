"""The day of presentations itself: who is called, who presents, who is postponed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.errors import DomainError
from judging import notices
from judging.models import (
    SLOT_MOVES,
    PresentationDay,
    PresentationPlan,
    PresentationSlot,
    SlotState,
)
from judging.services import timekeeping
from submissions.models import ProposalState


class NotCalled(DomainError):
    """Somebody else was quicker, or nobody is left."""


class StepNotTaken(DomainError):
    """The slot is no longer, or not yet, where this step begins."""


def call_next(
    *, day: PresentationDay, after: str, actor: User, at: datetime
) -> PresentationSlot | None:
    """End the presentation that runs, and call who is next; None if nobody is.

    `after` is the key of the slot that the page showed as called or presenting, empty
    if none: two people who press at once go on by one. Raises NotCalled otherwise.
    """
    with transaction.atomic():
        plan = timekeeping.locked_plan(day.plan.scoring_stage)
        slots = list(
            PresentationSlot.objects.filter(day=day)
            .select_related("proposal")
            .order_by("position")
        )
        running = next((each for each in slots if each.is_running), None)
        called = next((each for each in slots if each.is_called), None)
        current = running or called
        if (current.key if current else "") != after:
            raise NotCalled(_("The list has moved on meanwhile. Nothing was changed."))
        if running is None and called is not None:
            raise NotCalled(_("Begin this presentation, or postpone it, first."))
        if running is not None:
            _move(running, SlotState.DONE, plan, actor, at)
        following = next(
            (each for each in slots if each.is_waiting and each.proposal.has_passed),
            None,
        )
        if following is not None:
            _move(following, SlotState.CALLED, plan, actor, at)
        elif running is None:
            raise NotCalled(_("Nobody is left on this day."))
        timekeeping.touch(plan)
    return following


def start_slot(
    *, slot: PresentationSlot, actor: User, at: datetime
) -> PresentationSlot:
    """Begin the presentation: its clock runs from `at`.

    Raises StepNotTaken if it was not called, or another one runs.
    Source: rule SCO-21 in docs/rules.md.
    """
    with transaction.atomic():
        slot, plan = _locked(slot)
        running = PresentationSlot.objects.filter(
            day=slot.day_id, state=SlotState.RUNNING
        )
        if running.exclude(pk=slot.pk).exists():
            raise StepNotTaken(_("Another presentation is still running."))
        if slot.proposal.state != ProposalState.SCREENED_PASSED:
            raise StepNotTaken(_("This proposal no longer takes part."))
        return _stepped(slot, SlotState.RUNNING, plan, actor, at)


def begin_questions(
    *, slot: PresentationSlot, actor: User, at: datetime
) -> PresentationSlot:
    """Go over to the questions before the time to present is up.

    Raises StepNotTaken if it is not running; a second press changes nothing.
    """
    with transaction.atomic():
        slot, plan = _locked(slot)
        if not slot.is_running:
            raise StepNotTaken(_("This presentation is not running."))
        if slot.questions_at is None:
            slot.questions_at = at
            slot.save(update_fields=["questions_at"])
            timekeeping.touch(plan)
            _note("presentation.questions_begun", slot, plan, actor, at)
    return slot


def finish_slot(
    *, slot: PresentationSlot, actor: User, at: datetime
) -> PresentationSlot:
    """End the presentation without calling the next. Raises StepNotTaken."""
    with transaction.atomic():
        slot, plan = _locked(slot)
        return _stepped(slot, SlotState.DONE, plan, actor, at)


def reset_slot(
    *, slot: PresentationSlot, actor: User, at: datetime
) -> PresentationSlot:
    """Take a start back that was pressed too early: called, the clock at zero.

    Raises StepNotTaken if it is not running.
    """
    with transaction.atomic():
        slot, plan = _locked(slot)
        if not slot.is_running:
            raise StepNotTaken(_("This presentation is not running."))
        return _stepped(slot, SlotState.CALLED, plan, actor, at)


def mark_absent(
    *, slot: PresentationSlot, actor: User, at: datetime
) -> PresentationSlot:
    """Note that nobody came to present. Raises StepNotTaken."""
    with transaction.atomic():
        slot, plan = _locked(slot)
        return _stepped(slot, SlotState.ABSENT, plan, actor, at)


def postpone_slot(
    *,
    slot: PresentationSlot,
    reason: str,
    day: PresentationDay | None,
    actor: User,
    at: datetime,
) -> PresentationSlot | None:
    """Take a presentation out of its place, for a `reason` that its people read.

    It comes last on `day`, which may be its own; without a day it has no time until
    one is found. Gives the new slot. Raises StepNotTaken if it is over.
    Source: rule SCO-22 in docs/rules.md.
    """
    with transaction.atomic():
        slot, plan = _locked(slot)
        slot.note = reason
        _stepped(slot, SlotState.POSTPONED, plan, actor, at, reason=reason)
        if day is None:
            if slot.told_at is not None:
                notices.presentation_postponed(slot, reason=reason, at=at)
            return None
        following = timekeeping.append_slot(day, slot.proposal)
        if slot.told_at is not None:
            following.told_at = slot.told_at
            following.told_time = slot.told_time
            timekeeping.tell(following, reason=reason, at=at)
    return following


def _locked(slot: PresentationSlot) -> tuple[PresentationSlot, PresentationPlan]:
    plan = timekeeping.locked_plan(slot.plan.scoring_stage)
    found = PresentationSlot.objects.select_related(
        "day", "proposal__institution", "proposal__round"
    ).get(pk=slot.pk)
    return found, plan


def _stepped(
    slot: PresentationSlot,
    state: SlotState,
    plan: PresentationPlan,
    actor: User,
    at: datetime,
    reason: str = "",
) -> PresentationSlot:
    """Move a slot, and let open pages know. Raises StepNotTaken."""
    if state not in SLOT_MOVES.get(SlotState(slot.state), set()):
        raise StepNotTaken(
            _("%(proposal)s: the list has moved on meanwhile. Nothing was changed.")
            % {"proposal": slot.proposal.title}
        )
    _move(slot, state, plan, actor, at, reason)
    timekeeping.touch(plan)
    return slot


def _move(
    slot: PresentationSlot,
    state: SlotState,
    plan: PresentationPlan,
    actor: User,
    at: datetime,
    reason: str = "",
) -> None:
    slot.state = state
    if state == SlotState.DONE:
        slot.ended_at = at
    elif state == SlotState.RUNNING:
        slot.started_at = at
    else:
        slot.started_at = slot.questions_at = None
    slot.save(update_fields=["state", "started_at", "questions_at", "ended_at", "note"])
    _note(f"presentation.{state}", slot, plan, actor, at, reason)


def _note(
    action: str,
    slot: PresentationSlot,
    plan: PresentationPlan,
    actor: User,
    at: datetime,
    reason: str = "",
) -> None:
    audit.record(
        action,
        actor=actor,
        target=slot,
        at=at,
        scope=plan.scoring_stage.round.competition.government.code,
        reason=reason,
    )

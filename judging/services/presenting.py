"""The schedule of presentations: days, the order, who is told of it."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import ScoringStage
from core import audit
from core.errors import DomainError
from judging import standings, timetable
from judging.models import (
    PresentationBreak,
    PresentationDay,
    PresentationPlan,
    PresentationSlot,
    SlotState,
)
from judging.services import timekeeping
from submissions.models import Proposal

OrderBy = PresentationPlan.OrderBy


class DayNotSaved(DomainError):
    """Another day begins then, or presentations of this one have begun."""


class NotArranged(DomainError):
    """There is no day, nobody to present, or presentations have begun."""


class SlotNotMoved(DomainError):
    """The slot cannot take this place, or has had its time."""


class NothingToTell(DomainError):
    """Everybody knows their time and place already."""


@dataclass(frozen=True)
class BreakData:
    """A time in which nobody presents; moments are aware."""

    starts_at: datetime
    ends_at: datetime
    label: str


@dataclass(frozen=True)
class DayData:
    """A day of presentations as it is to be; the moment is aware."""

    begins_at: datetime
    presentation_minutes: int
    questions_minutes: int
    pause_minutes: int
    capacity: int | None
    place: str
    link: str


@dataclass(frozen=True)
class Arrangement:
    """How many were placed, and how many found no room."""

    placed: int
    left_out: int


def save_day(
    *,
    stage: ScoringStage,
    day: PresentationDay | None,
    data: DayData,
    breaks: Sequence[BreakData],
    actor: User,
    at: datetime,
) -> PresentationDay:
    """Add a day of presentations to `stage`, or change one; times follow.

    Raises DayNotSaved if another day begins at that moment, if presentations of this
    one have begun, or before the round is opened.
    """
    with transaction.atomic():
        plan = timekeeping.locked_plan(stage)
        if not plan.scoring_stage.round.is_opened:
            raise DayNotSaved(_("Open the round first: its rules may still change."))
        others = PresentationDay.objects.filter(plan=plan, begins_at=data.begins_at)
        if (others.exclude(pk=day.pk) if day else others).exists():
            raise DayNotSaved(_("Another day of presentations begins at this time."))
        if day is None:
            day = PresentationDay(plan=plan, key=secrets.token_hex(8))
        elif timekeeping.has_begun(day):
            raise DayNotSaved(
                _("Presentations of this day have begun. It stays as it is.")
            )
        for field, value in asdict(data).items():
            setattr(day, field, value)
        day.save()
        day.presentationbreak_set.all().delete()
        PresentationBreak.objects.bulk_create(
            PresentationBreak(day=day, **asdict(each)) for each in breaks
        )
        timekeeping.retime(day)
        timekeeping.touch(plan)
        _note("presentation.day_saved", plan, actor, at, begins_at=data.begins_at)
    return day


def remove_day(*, day: PresentationDay, actor: User, at: datetime) -> None:
    """Take a day out; its proposals have no time then.

    Raises DayNotSaved if somebody was told of a time on it, or it has begun.
    """
    with transaction.atomic():
        plan = timekeeping.locked_plan(day.plan.scoring_stage)
        slots = PresentationSlot.objects.filter(day=day)
        kept = slots.exclude(state=SlotState.PLANNED, told_at=None)
        if kept.exists():
            raise DayNotSaved(
                _("Somebody was told of a time on this day. Move them first.")
            )
        slots.delete()
        day.presentationbreak_set.all().delete()
        begins_at = day.begins_at
        day.delete()
        _note("presentation.day_removed", plan, actor, at, begins_at=begins_at)
        if PresentationDay.objects.filter(plan=plan).exists():
            timekeeping.touch(plan)
        else:
            plan.delete()  # nothing binds the stage any more


def arrange_presentations(
    *,
    stage: ScoringStage,
    order_by: str,
    seed: str = "",
    actor: User,
    at: datetime,
) -> Arrangement:
    """Put all whom `stage` judges into an order, and give them times on its days.

    By lot, or by category and within each by lot; `seed` is what the lot is drawn
    with, a random one if empty. By hand keeps the order there is and adds who is new.
    Raises NotArranged without a day or anybody to place, or once presentations have
    begun.
    Source: rule SCO-20 in docs/rules.md.
    """
    with transaction.atomic():
        plan = timekeeping.locked_plan(stage)
        days = list(PresentationDay.objects.filter(plan=plan).order_by("begins_at"))
        if not days:
            raise NotArranged(_("Add a day of presentations first."))
        slots = PresentationSlot.objects.filter(plan=plan).standing()
        if slots.exclude(state=SlotState.PLANNED).exists():
            raise NotArranged(
                _("Presentations have begun. Move single proposals by hand.")
            )
        proposals = _to_present(stage, at)
        if order_by != OrderBy.HAND:
            plan.seed = seed.strip() or secrets.token_hex(8)
            plan.draw_count += 1
            plan.drawn_at = at
        plan.order_by = order_by
        plan.save(update_fields=["order_by", "seed", "draw_count", "drawn_at"])
        ordered = _in_order(plan, proposals, slots)
        placed = _place(plan, days, ordered)
        timekeeping.touch(plan)
        _note(
            "presentation.arranged",
            plan,
            actor,
            at,
            order_by=order_by,
            seed=plan.seed if plan.is_drawn else "",
        )
    return Arrangement(placed=placed, left_out=len(ordered) - placed)


def place_proposal(
    *, proposal: Proposal, day: PresentationDay, actor: User, at: datetime
) -> PresentationSlot:
    """Let `proposal` present last on `day`: it has no time yet, or was absent.

    Raises SlotNotMoved if it has a time, or is not one that the stage judges.
    Source: rule SCO-22 in docs/rules.md.
    """
    stage = day.plan.scoring_stage
    with transaction.atomic():
        plan = timekeeping.locked_plan(stage)
        own = PresentationSlot.objects.filter(plan=plan, proposal=proposal).standing()
        slot = own.first()
        if slot is not None and not slot.is_absent:
            raise SlotNotMoved(_("This proposal has a time already."))
        if proposal.pk not in standings.candidates_of(stage, at).ids:
            raise SlotNotMoved(_("This proposal does not take part in this stage."))
        if slot is None:
            slot = timekeeping.append_slot(day, proposal)
        else:
            slot.state = SlotState.PLANNED
            timekeeping.put_last(slot, day)
            slot.save(update_fields=["state", "day", "position", "planned_at"])
        timekeeping.touch(plan)
        _note("presentation.placed", plan, actor, at, proposal=proposal.code)
    return slot


def move_slot(
    *, slot: PresentationSlot, by: int, actor: User, at: datetime
) -> PresentationSlot:
    """Let `slot` change places with the one before it (`by` -1) or after it (1).

    Raises SlotNotMoved at the end of the list, or if one of the two had its time.
    """
    with transaction.atomic():
        plan = timekeeping.locked_plan(slot.plan.scoring_stage)
        slot = PresentationSlot.objects.select_related("day").get(pk=slot.pk)
        listed = [
            each
            for each in PresentationSlot.objects.filter(day=slot.day_id).order_by(
                "position"
            )
            if each.is_waiting
        ]
        place = next((n for n, each in enumerate(listed) if each.pk == slot.pk), None)
        if place is None:
            raise SlotNotMoved(_("This proposal has had its time."))
        if not 0 <= place + by < len(listed):
            raise SlotNotMoved(_("There is nobody to change places with."))
        other = listed[place + by]
        slot.position, other.position = other.position, slot.position
        slot.planned_at, other.planned_at = other.planned_at, slot.planned_at
        for each in (slot, other):
            each.save(update_fields=["position", "planned_at"])
        timekeeping.touch(plan)
        _note("presentation.moved", plan, actor, at, proposal=slot.proposal.code)
    return slot


def show_order(
    *, plan: PresentationPlan, is_public: bool, actor: User, at: datetime
) -> PresentationPlan:
    """Say whether all who present see the whole order, or each their own time."""
    with transaction.atomic():
        plan = timekeeping.locked_plan(plan.scoring_stage)
        if plan.is_order_public != is_public:
            plan.is_order_public = is_public
            plan.save(update_fields=["is_order_public"])
            timekeeping.touch(plan)
            _note(
                "presentation.order_shown", plan, actor, at, is_order_public=is_public
            )
    return plan


def announce_presentations(
    *, plan: PresentationPlan, actor: User, at: datetime
) -> list[PresentationSlot]:
    """Tell each institution its time and place; again only what has changed.

    Raises NothingToTell if all know theirs.
    """
    with transaction.atomic():
        plan = timekeeping.locked_plan(plan.scoring_stage)
        slots = PresentationSlot.objects.filter(
            plan=plan, state__in=[SlotState.PLANNED, SlotState.CALLED]
        ).select_related("day", "proposal__institution", "proposal__round")
        untold = [
            each
            for each in slots.order_by("planned_at", "pk")
            if not each.was_told(each.planned_at, each.day.whereabouts)
            and each.proposal.has_passed
        ]
        if not untold:
            raise NothingToTell(_("Everybody knows their time and place already."))
        for slot in untold:
            timekeeping.tell(slot, at=at)
        _note("presentation.announced", plan, actor, at, told=len(untold))
    return untold


def _to_present(stage: ScoringStage, at: datetime) -> list[Proposal]:
    found = standings.candidates_of(stage, at)
    if found.waiting_for:
        raise NotArranged(
            _("%(stage)s is not over yet. Who presents is known then.")
            % {"stage": found.waiting_for}
        )
    if not found.ids:
        raise NotArranged(_("No proposal takes part in this stage yet."))
    proposals = Proposal.objects.filter(pk__in=found.ids).select_related("category")
    return list(proposals.order_by("code"))


def _in_order(
    plan: PresentationPlan,
    proposals: Sequence[Proposal],
    slots: Iterable[PresentationSlot],
) -> list[Proposal]:
    by_code = {each.code: each for each in proposals}
    if plan.order_by == OrderBy.LOT:
        return [by_code[code] for code in timetable.drawn(plan.seed, by_code)]
    if plan.order_by == OrderBy.CATEGORY:
        groups = sorted(
            (each.category.order if each.category else 0, each.code)
            for each in proposals
        )
        pairs = [(code, str(order)) for order, code in groups]
        return [by_code[code] for code in timetable.drawn_by_group(plan.seed, pairs)]
    held = {each.proposal_id: (each.planned_at, each.pk) for each in slots}
    placed = sorted(
        (each for each in proposals if each.pk in held), key=lambda each: held[each.pk]
    )
    return [*placed, *(each for each in proposals if each.pk not in held)]


def _place(
    plan: PresentationPlan,
    days: Sequence[PresentationDay],
    ordered: Sequence[Proposal],
) -> int:
    """Give the proposals their slots; those who keep one are told only of changes."""
    slots = PresentationSlot.objects.filter(plan=plan).standing()
    known = {each.proposal_id: each for each in slots}
    shares = timetable.shared_out(len(ordered), [each.capacity for each in days])
    waiting = iter(ordered)
    kept = []
    for day, share in zip(days, shares, strict=True):
        times = timekeeping.times_of(day, share, day.begins_at)
        for position, planned_at in enumerate(
            times, start=timekeeping.first_place(day)
        ):
            proposal = next(waiting)
            slot = known.get(proposal.pk) or PresentationSlot(
                key=secrets.token_hex(8), plan=plan, proposal=proposal
            )
            slot.day, slot.position, slot.planned_at = day, position, planned_at
            slot.save()
            kept.append(slot.pk)
    slots.exclude(pk__in=kept).delete()
    return len(kept)


def _note(
    action: str, plan: PresentationPlan, actor: User, at: datetime, **facts: object
) -> None:
    audit.record(
        action,
        actor=actor,
        target=plan.scoring_stage,
        at=at,
        scope=plan.scoring_stage.round.competition.government.code,
        changes={name: _plain(value) for name, value in facts.items()},
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value

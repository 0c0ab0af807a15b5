"""The presentations before the jury: days, and who presents when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, User
from competitions.models import ScoringStage
from core.states import moves_trigger
from submissions.models import Proposal


class SlotState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    CALLED = "called", _("Called")
    RUNNING = "running", _("Presenting")
    DONE = "done", _("Done")
    POSTPONED = "postponed", _("Postponed")
    ABSENT = "absent", _("Absent")


# Who is postponed stays in the list with the reason, and gets another slot; who was
# absent and comes after all is planned anew.
SLOT_MOVES = {
    SlotState.PLANNED: {
        SlotState.CALLED,
        SlotState.RUNNING,
        SlotState.POSTPONED,
        SlotState.ABSENT,
    },
    SlotState.CALLED: {
        SlotState.PLANNED,
        SlotState.RUNNING,
        SlotState.POSTPONED,
        SlotState.ABSENT,
    },
    SlotState.RUNNING: {SlotState.DONE, SlotState.CALLED, SlotState.POSTPONED},
    SlotState.ABSENT: {SlotState.PLANNED},
}


@pghistory.track()
class PresentationPlan(models.Model):
    """How a stage of presentations goes: by what it is ordered, and who may see it.

    Its row is locked by everything that changes a day or a slot.
    """

    class OrderBy(models.TextChoices):
        HAND = "hand", _("By hand")
        LOT = "lot", _("By lot")
        CATEGORY = "category", _("By category, within it by lot")

    scoring_stage = models.OneToOneField(ScoringStage, models.PROTECT)
    order_by = models.CharField(max_length=10, choices=OrderBy, default=OrderBy.HAND)
    seed = models.CharField(
        max_length=64, blank=True, help_text="What the lot was drawn with."
    )
    draw_count = models.PositiveSmallIntegerField(default=0)
    drawn_at = models.DateTimeField(null=True)
    is_order_public = models.BooleanField(
        default=False, help_text="Whether all who present see the whole order."
    )
    version = models.PositiveIntegerField(
        default=0, help_text="Raised by each change: live pages go by it."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(order_by="hand")
                | (~Q(seed="") & Q(drawn_at__isnull=False)),
                name="judging_presentationplan_lot_has_seed",
            )
        ]

    def __str__(self) -> str:
        return str(self.scoring_stage)

    @property
    def is_drawn(self) -> bool:
        """Whether the order came by lot, so that anybody can draw it anew."""
        return self.order_by != self.OrderBy.HAND


class PresentationDayQuerySet(models.QuerySet["PresentationDay"]):
    def run_by(self, user: User) -> Self:
        """Keep the days of the rounds `user` runs as secretariat."""
        governments = Government.objects.run_by(user)
        return self.filter(
            plan__scoring_stage__round__competition__government__in=governments
        )

    def for_page(self) -> Self:
        """Load the round and its government, whose zone the times are meant in."""
        return self.select_related(
            "plan__scoring_stage__round__competition__government"
        )


@pghistory.track()
class PresentationDay(models.Model):
    """A day, or half of one, on which institutions present one after the other."""

    plan = models.ForeignKey(PresentationPlan, models.PROTECT)
    key = models.CharField(max_length=24, unique=True, help_text="Public address")
    begins_at = models.DateTimeField(_("begins"))
    presentation_minutes = models.PositiveSmallIntegerField(
        _("minutes to present"), default=7
    )
    questions_minutes = models.PositiveSmallIntegerField(
        _("minutes of questions"), default=13
    )
    pause_minutes = models.PositiveSmallIntegerField(
        _("minutes between two"), default=0
    )
    capacity = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The most who present; empty: any number."
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=300, blank=True)

    objects = PresentationDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "begins_at"], name="judging_presentationday_once"
            ),
            models.CheckConstraint(
                condition=Q(presentation_minutes__gte=1, questions_minutes__gte=1),
                name="judging_presentationday_has_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(place="", link=""),
                name="judging_presentationday_is_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1),
                name="judging_presentationday_capacity_from_one",
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="place_fixed", fields=["plan", "key"])]

    def __str__(self) -> str:
        return self.key

    @property
    def slot_length(self) -> timedelta:
        """How long one institution has: presentation and questions."""
        return timedelta(minutes=self.presentation_minutes + self.questions_minutes)

    @property
    def whereabouts(self) -> str:
        """Where to go, in one line."""
        return ", ".join(filter(None, [self.place, self.link]))


class PresentationBreak(models.Model):
    """A time of a day in which nobody presents."""

    day = models.ForeignKey(PresentationDay, models.CASCADE)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    label = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="judging_presentationbreak_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.label


class PresentationSlotQuerySet(models.QuerySet["PresentationSlot"]):
    def run_by(self, user: User) -> Self:
        """Keep the slots of the rounds `user` runs as secretariat."""
        governments = Government.objects.run_by(user)
        return self.filter(
            plan__scoring_stage__round__competition__government__in=governments
        )

    def standing(self) -> Self:
        """Keep the one slot that a proposal has: postponed ones have had their day."""
        return self.exclude(state=SlotState.POSTPONED)

    def for_list(self) -> Self:
        """Load all that one row of a day's list shows."""
        return self.select_related(
            "proposal__institution", "proposal__category"
        ).order_by("day__begins_at", "position", "pk")


@pghistory.track()
class PresentationSlot(models.Model):
    """The time in which one proposal is presented.

    The clock is drawn from `started_at`: a page that is loaded anew shows the same.
    """

    State = SlotState

    key = models.CharField(max_length=24, unique=True, help_text="Public address")
    plan = models.ForeignKey(PresentationPlan, models.PROTECT)
    day = models.ForeignKey(PresentationDay, models.PROTECT)
    proposal = models.ForeignKey(Proposal, models.PROTECT)
    position = models.PositiveSmallIntegerField()
    planned_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=SlotState, default=SlotState.PLANNED
    )
    started_at = models.DateTimeField(null=True)
    questions_at = models.DateTimeField(
        null=True, help_text="When questions began before the time was up."
    )
    ended_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, help_text="Why it was postponed.")
    told_at = models.DateTimeField(null=True, help_text="When its people were told.")
    told_time = models.DateTimeField(
        null=True, help_text="The time that they were told."
    )
    told_place = models.CharField(max_length=510, blank=True)

    objects = PresentationSlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "position"],
                name="judging_presentationslot_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["plan", "proposal"],
                condition=~Q(state="postponed"),
                name="judging_presentationslot_one_standing",
            ),
            models.UniqueConstraint(
                fields=["day"],
                condition=Q(state="running"),
                name="judging_presentationslot_one_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "done"]) ^ Q(started_at=None),
                name="judging_presentationslot_started_when_presenting",
            ),
            models.CheckConstraint(
                condition=Q(state="done") ^ Q(ended_at=None),
                name="judging_presentationslot_ended_when_done",
            ),
            models.CheckConstraint(
                condition=Q(questions_at=None) | Q(questions_at__gte=F("started_at")),
                name="judging_presentationslot_questions_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state="postponed") | ~Q(note=""),
                name="judging_presentationslot_postponed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, told_time=None)
                | Q(told_at__isnull=False, told_time__isnull=False),
                name="judging_presentationslot_told_a_time",
            ),
        ]
        triggers = [
            moves_trigger("state", SLOT_MOVES),
            pgtrigger.ReadOnly(
                name="proposal_fixed", fields=["key", "plan", "proposal"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.proposal}"

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to come, called or not."""
        return self.state in {SlotState.PLANNED, SlotState.CALLED}

    @property
    def is_called(self) -> bool:
        return self.state == SlotState.CALLED

    @property
    def is_running(self) -> bool:
        return self.state == SlotState.RUNNING

    @property
    def is_done(self) -> bool:
        return self.state == SlotState.DONE

    @property
    def is_absent(self) -> bool:
        return self.state == SlotState.ABSENT

    @property
    def is_postponed(self) -> bool:
        return self.state == SlotState.POSTPONED

    def was_told(self, planned_at: datetime, place: str) -> bool:
        """Whether its people know of this time and place."""
        return (self.told_time, self.told_place) == (planned_at, place)

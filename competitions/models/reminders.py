from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from competitions.models.rounds import Stage

MOST_HOURS = 10_000
# Beside the portal, as far as each person wishes to be told that way.
REMINDER_CHANNELS = ("email", "whatsapp")


def new_key() -> str:
    return secrets.token_hex(6)


def default_channels() -> list[str]:
    return list(REMINDER_CHANNELS)


class ReminderAnchor(models.TextChoices):
    BEFORE = "before", _("before it closes")
    AFTER = "after", _("after it opens")


class ReminderAudience(models.TextChoices):
    """Whom a reminder is for; who they are is looked up when it goes out."""

    WAITING = "waiting", _("Those who have not submitted")
    DRAFTS = "drafts", _("Those whose draft is not sent")
    RETURNED = "returned", _("Those who have something to correct")
    ENDORSING = "endorsing", _("Heads who have something to endorse")
    JURORS = "jurors", _("Jurors with open sheets")
    ADMINS = "admins", _("Admins of all institutions")


# Which stages each audience has something to do in; none named means in any.
STAGES_OF_AUDIENCE: dict[ReminderAudience, frozenset[str]] = {
    ReminderAudience.WAITING: frozenset({Stage.Kind.SUBMISSION}),
    ReminderAudience.DRAFTS: frozenset({Stage.Kind.SUBMISSION}),
    ReminderAudience.RETURNED: frozenset({Stage.Kind.SUBMISSION}),
    ReminderAudience.ENDORSING: frozenset({Stage.Kind.SUBMISSION}),
    ReminderAudience.JURORS: frozenset(
        {Stage.Kind.SCORING, Stage.Kind.PRESENTATION, Stage.Kind.FIELD_VISIT}
    ),
}


def usual_audience(kind: str) -> str:
    """Who is meant in a stage of `kind` where nobody is named."""
    found = (each for each, kinds in STAGES_OF_AUDIENCE.items() if kind in kinds)
    return str(next(found, ReminderAudience.ADMINS).value)


def audiences_of(kind: str) -> list[ReminderAudience]:
    """Who may be reminded in a stage of `kind`."""
    return [
        each
        for each in ReminderAudience
        if kind in STAGES_OF_AUDIENCE.get(each, Stage.Kind)
    ]


class ReminderPlanQuerySet(models.QuerySet["ReminderPlan"]):
    def standing(self) -> Self:
        """Keep those that were not taken away."""
        return self.filter(removed_at=None)


@pghistory.track()
class ReminderPlan(models.Model):
    """A reminder that a stage sends by itself: when, to whom, through what.

    It counts from the closing or the opening as these stand when its moment comes.
    """

    Anchor = ReminderAnchor
    Audience = ReminderAudience

    stage = models.ForeignKey(Stage, models.CASCADE)
    key = models.CharField(max_length=24, unique=True, default=new_key)
    anchor = models.CharField(
        max_length=10, choices=ReminderAnchor, default=ReminderAnchor.BEFORE
    )
    hours = models.PositiveSmallIntegerField(validators=[MaxValueValidator(MOST_HOURS)])
    audience = models.CharField(
        max_length=20, choices=ReminderAudience, default=ReminderAudience.WAITING
    )
    channels = ArrayField(
        models.CharField(max_length=20),
        default=default_channels,
        blank=True,
        help_text="Beside the notice in the portal, which everybody gets.",
    )
    created_at = models.DateTimeField(
        help_text="A moment that lay before it never comes."
    )
    removed_at = models.DateTimeField(
        null=True, help_text="Kept where it has told somebody already."
    )

    objects = ReminderPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "anchor", "hours", "audience"],
                condition=Q(removed_at=None),
                name="competitions_reminderplan_once",
            ),
            models.CheckConstraint(
                condition=Q(hours__lte=MOST_HOURS)
                & (Q(hours__gte=1) | Q(anchor=ReminderAnchor.AFTER)),
                name="competitions_reminderplan_hours_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.anchor} {self.hours} h"

    @property
    def offset(self) -> timedelta:
        return timedelta(hours=self.hours)

    @property
    def counts_from_closing(self) -> bool:
        return self.anchor == self.Anchor.BEFORE

    def moment(self, counted_from: datetime) -> datetime:
        """When it goes out, counted from a closing or an opening."""
        if self.counts_from_closing:
            return counted_from - self.offset
        return counted_from + self.offset

from __future__ import annotations

import pgtrigger
from django.db import models

from accounts.models import User
from competitions.models import ReminderPlan


class Reminder(models.Model):
    """One person was reminded: once for each row of the plan and closing moment."""

    plan = models.ForeignKey(ReminderPlan, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    counted_from = models.DateTimeField(
        help_text="The closing or opening: an extension makes it due again."
    )
    noted_at = models.DateTimeField()
    was_told = models.BooleanField(
        help_text="Not so when a later reminder was due already: the clock was away."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "user", "counted_from"],
                name="submissions_reminder_once",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.plan} {self.counted_from}"


class ReminderRun(models.Model):
    """A row of the plan has gone out to all it was for: who comes later hears no more.

    There is none as long as somebody could not be told; the next tick tries again.
    """

    plan = models.ForeignKey(ReminderPlan, models.CASCADE)
    counted_from = models.DateTimeField()
    ran_at = models.DateTimeField()
    told = models.PositiveIntegerField(help_text="How many people were told.")
    was_passed = models.BooleanField(
        default=False, help_text="A later one was due already, and was told instead."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "counted_from"], name="submissions_reminderrun_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.counted_from}"

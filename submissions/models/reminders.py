from __future__ import annotations

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import User
from competitions.models import Stage


class Reminder(models.Model):
    """A deadline reminder of one person: once per stage, offset and closing moment."""

    stage = models.ForeignKey(Stage, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    hours_before = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(24 * 90)]
    )
    closes_at = models.DateTimeField(
        help_text="The closing it spoke of: an extension makes it due again."
    )
    noted_at = models.DateTimeField()
    was_told = models.BooleanField(
        help_text="Not so when a later reminder was due already: the clock was away."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "user", "hours_before", "closes_at"],
                name="submissions_reminder_once",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.stage} {self.hours_before} h"

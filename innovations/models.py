from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Government, Institution, User


class InnovationQuerySet(models.QuerySet["Innovation"]):
    def visible_to(self, user: User) -> Self:
        """Keep those of the user's own institutions or own government."""
        return self.filter(
            models.Q(institution__in=Institution.objects.managed_by(user))
            | models.Q(institution__government__in=Government.objects.run_by(user))
        )


class Innovation(models.Model):
    """The lasting thing that competes, however often it does."""

    institution = models.ForeignKey(Institution, models.PROTECT)
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=220, unique=True)
    started_date = models.DateField(null=True, blank=True)
    sdgs = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    created_at = models.DateTimeField()

    objects = InnovationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class Achievement(models.Model):
    """An award that an innovation has won, here or elsewhere."""

    innovation = models.ForeignKey(Innovation, models.CASCADE)
    year = models.PositiveSmallIntegerField()
    competition = models.CharField(max_length=150, help_text="As on the certificate.")
    level = models.CharField(max_length=100, help_text="As in Juara I or Top 45.")
    source_key = models.CharField(
        max_length=80,
        blank=True,
        help_text="Of an award given by this portal, as award:12; empty: typed in.",
    )
    public_from = models.DateTimeField(help_text="Before it the portal knows nothing.")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_key"],
                condition=~models.Q(source_key=""),
                name="innovations_achievement_source_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.level}, {self.competition} {self.year}"

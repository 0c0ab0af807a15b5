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

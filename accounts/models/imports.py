from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models.bodies import Government
from accounts.models.people import User


class InstitutionImportQuerySet(models.QuerySet["InstitutionImport"]):
    def visible_to(self, user: User) -> Self:
        """Keep the tables of the governments whose secretariat `user` belongs to."""
        return self.filter(government__in=Government.objects.run_by(user))

    def standing(self, at: datetime) -> Self:
        """Keep those that are not too old to be looked at."""
        return self.filter(expires_at__gt=at)


class InstitutionImport(models.Model):
    """A table of institutions that was uploaded and checked, to be applied or not.

    `table` and `report` are what institution_table.Table and services.ImportReport
    hold, as JSON.
    """

    key = models.CharField(max_length=32, unique=True)
    government = models.ForeignKey(Government, models.CASCADE)
    file_name = models.CharField(max_length=150)
    table = models.JSONField()
    report = models.JSONField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    objects = InstitutionImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")),
                name="accounts_institutionimport_expires_later",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

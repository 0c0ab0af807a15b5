from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User


class ExportChoice(models.Model):
    """The columns a person last chose for the table of proposals."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    columns = ArrayField(models.CharField(max_length=120), default=list)

    def __str__(self) -> str:
        return str(self.user)

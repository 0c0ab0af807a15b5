from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Government
from documents.models.papers import DocumentKind


class NumberSequence(models.Model):
    """The last number given in one government, kind and year: no gap, no double."""

    government = models.ForeignKey(Government, models.PROTECT)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "kind", "year"],
                name="documents_numbersequence_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class NumberPattern(models.Model):
    """How a government writes the numbers of one kind of paper."""

    government = models.ForeignKey(Government, models.PROTECT)
    kind = models.CharField(_("kind"), max_length=40, choices=DocumentKind)
    pattern = models.CharField(max_length=60, help_text="As documents.numbering reads.")
    unit = models.CharField(
        max_length=20, blank=True, help_text="What {unit} stands for, as in OR."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "kind"], name="documents_numberpattern_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.pattern}"

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from submissions.models.proposals import Proposal


class TakeOver(models.Model):
    """Where a proposal started from: what its innovation entered the last time.

    An answer is as it came as long as it was saved at `taken_at`: whoever edits it
    saves it later.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT)
    source = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("proposal")),
                name="submissions_takeover_of_another",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.source}"

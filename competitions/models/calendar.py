from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, User
from competitions.models.rounds import Stage


@pghistory.track()
class StageException(models.Model):
    """A later closing of one stage for one institution, and why."""

    stage = models.ForeignKey(Stage, models.CASCADE)
    institution = models.ForeignKey(Institution, models.PROTECT)
    key = models.CharField(max_length=24, unique=True, help_text="Its address.")
    closes_at = models.DateTimeField(_("closes"))
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "institution"],
                name="competitions_stageexception_once_per_institution",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="competitions_stageexception_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("granted_at")),
                name="competitions_stageexception_closes_after_it_was_granted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage}, {self.institution}"

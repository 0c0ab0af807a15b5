"""Corrections of a sealed result: a second person seals the new one."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.states import moves_trigger
from judging.models.results import Result


class CorrectionState(models.TextChoices):
    OPEN = "open", _("Being prepared")
    SEALED = "sealed", _("Sealed")
    CANCELLED = "cancelled", _("Given up")


CORRECTION_MOVES = {
    CorrectionState.OPEN: {CorrectionState.SEALED, CorrectionState.CANCELLED}
}


@pghistory.track()
class Correction(models.Model):
    """Why a sealed result is to be replaced, and who began and who sealed it.

    Sheets stay as sealed. While it is open a plenary may sit again, and proposals that
    were disqualified since are left out of the new result.
    """

    State = CorrectionState

    result = models.ForeignKey(Result, models.PROTECT)
    state = models.CharField(
        max_length=20, choices=CorrectionState, default=CorrectionState.OPEN
    )
    reason = models.TextField(_("reason"))
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["result"],
                condition=Q(state="open"),
                name="judging_correction_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="judging_correction_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, closed_by=None)
                | (
                    ~Q(state="open")
                    & Q(closed_at__isnull=False, closed_by__isnull=False)
                ),
                name="judging_correction_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="sealed") | ~Q(closed_by=F("opened_by")),
                name="judging_correction_sealed_by_a_second_person",
            ),
        ]
        triggers = [
            moves_trigger("state", CORRECTION_MOVES),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="ground_fixed",
                fields=["result", "reason", "opened_at", "opened_by"],
            ),
            pgtrigger.Protect(
                name="closed_fixed",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="open"),
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def is_open(self) -> bool:
        return self.state == CorrectionState.OPEN

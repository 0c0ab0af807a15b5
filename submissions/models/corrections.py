from __future__ import annotations

from typing import Self

import pghistory
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.states import Moves, moves_trigger
from submissions.models.proposals import Proposal


class CorrectionState(models.TextChoices):
    OPEN = "open", _("Being corrected")
    SENT = "sent", _("Corrected")
    LAPSED = "lapsed", _("Not corrected in time")
    ENDED = "ended", _("Ended")


CORRECTION_MOVES: Moves = {
    CorrectionState.OPEN: {
        CorrectionState.SENT,
        CorrectionState.LAPSED,
        CorrectionState.ENDED,
    },
}


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def open(self) -> Self:
        """Keep those that still run, or whose end was not drawn yet."""
        return self.filter(state=CorrectionState.OPEN)


@pghistory.track(exclude=["submitted"])
class Correction(models.Model):
    """A submitted proposal that went back to be corrected until a moment.

    Until then it may be written although submission is closed. If it is not sent again,
    what was submitted counts. Source: rules SCR-07 and SCR-08 in docs/rules.md.
    """

    State = CorrectionState

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    state = models.CharField(
        max_length=20, choices=CorrectionState, default=CorrectionState.OPEN
    )
    note = models.TextField()
    due_at = models.DateTimeField(help_text="The closing moment is outside.")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    submitted = models.JSONField(
        default=list,
        encoder=DjangoJSONEncoder,
        help_text="Rows of what was submitted, until it is clear what counts.",
    )
    digest = models.CharField(max_length=64, help_text="Fingerprint of the same.")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(state="open"),
                name="submissions_correction_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(ended_at__isnull=False),
                name="submissions_correction_ended_at_unless_open",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("asked_at")),
                name="submissions_correction_due_later",
            ),
            models.CheckConstraint(
                condition=~Q(note=""), name="submissions_correction_says_what"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state="open"),
                name="submissions_correction_due",
            )
        ]
        triggers = [moves_trigger("state", CORRECTION_MOVES)]

    def __str__(self) -> str:
        return str(self.proposal)

    @property
    def has_lapsed(self) -> bool:
        return self.state == CorrectionState.LAPSED

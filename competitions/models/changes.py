from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models.rounds import Round
from core.states import moves_trigger


class ChangeState(models.TextChoices):
    PENDING = "pending", _("Being prepared")
    AWAITING = "awaiting", _("Waits for a second person")
    APPLIED = "applied", _("In force")
    DISCARDED = "discarded", _("Thrown away")


OPEN_STATES = (ChangeState.PENDING, ChangeState.AWAITING)
# Back to being prepared when the second person refuses, or the first takes it back.
CHANGE_MOVES = {
    ChangeState.PENDING: {
        ChangeState.AWAITING,
        ChangeState.APPLIED,
        ChangeState.DISCARDED,
    },
    ChangeState.AWAITING: {
        ChangeState.PENDING,
        ChangeState.APPLIED,
        ChangeState.DISCARDED,
    },
}


class RuleChangeQuerySet(models.QuerySet["RuleChange"]):
    def open(self) -> RuleChangeQuerySet:
        """Keep those that are neither in force nor thrown away."""
        return self.filter(state__in=OPEN_STATES)

    def for_list(self) -> RuleChangeQuerySet:
        """Load who had a hand in them, the latest first."""
        return self.select_related("decided_by", "requested_by").order_by(
            "-decided_at", "-pk"
        )


@pghistory.track()
class RuleChange(models.Model):
    """New rules of an opened round, prepared before they are put in force together.

    `base` are the rules it began from and `proposed` those that are wanted, both as
    `competitions.merging.plain` writes a definition.
    """

    State = ChangeState

    round = models.ForeignKey(Round, models.PROTECT)
    base = models.JSONField()
    proposed = models.JSONField()
    state = models.CharField(
        max_length=20, choices=ChangeState, default=ChangeState.PENDING
    )
    reason = models.TextField(_("reason"), blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who asked for a second person.",
    )
    requested_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(
        blank=True, help_text="Why a second person last did not agree."
    )
    refused_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    differences = models.JSONField(
        default=dict, help_text="What it changed: old and new value by place."
    )
    ranks = models.JSONField(
        default=list, help_text="Ranks and totals before and after, as they were shown."
    )

    objects = RuleChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state__in=["pending", "awaiting"]),
                name="competitions_rulechange_one_open_a_round",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["pending", "awaiting"],
                    decided_at=None,
                    decided_by=None,
                )
                | Q(
                    state__in=["applied", "discarded"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="competitions_rulechange_decided_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["awaiting", "applied"]) | ~Q(reason=""),
                name="competitions_rulechange_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="awaiting", requested_by__isnull=False)
                | Q(state__in=["applied", "discarded"])
                | Q(state="pending", requested_by=None),
                name="competitions_rulechange_asked_while_it_waits",
            ),
            models.CheckConstraint(
                condition=~Q(state="applied")
                | Q(requested_by=None)
                | ~Q(requested_by=F("decided_by")),
                name="competitions_rulechange_second_is_another",
            ),
        ]
        triggers = [
            moves_trigger("state", CHANGE_MOVES),
            pgtrigger.ReadOnly(name="place_fixed", fields=["round", "opened_by"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="closed_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["applied", "discarded"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.get_state_display()}"

    @property
    def is_pending(self) -> bool:
        return self.state == ChangeState.PENDING

    @property
    def is_awaiting(self) -> bool:
        return self.state == ChangeState.AWAITING

    @property
    def is_applied(self) -> bool:
        return self.state == ChangeState.APPLIED

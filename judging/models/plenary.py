"""The plenary: when it sat, and who was there."""

from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import Round, ScoringStage
from core.states import moves_trigger
from judging.models import locks
from judging.models.panel import Juror


class PlenaryState(models.TextChoices):
    OPEN = "open", _("Open")
    APPLIED = "applied", _("Applied")
    CANCELLED = "cancelled", _("Cancelled")


PLENARY_MOVES = {PlenaryState.OPEN: {PlenaryState.APPLIED, PlenaryState.CANCELLED}}


class PlenaryQuerySet(models.QuerySet["Plenary"]):
    def open(self) -> Self:
        return self.filter(state=PlenaryState.OPEN)

    def applied(self) -> Self:
        return self.filter(state=PlenaryState.APPLIED)

    def followed_by(self, user: User) -> Self:
        """Keep those that `user` sits in as a juror who is present."""
        return self.filter(
            attendances__juror__user=user,
            attendances__juror__declined_at=None,
            attendances__juror__ended_at=None,
            attendances__is_present=True,
        )


@pghistory.track()
class Plenary(models.Model):
    """A sitting of the panel after a scoring stage; what it decides counts at once.

    Decisions wait until it is applied; from then on none of it changes.
    """

    State = PlenaryState

    key = models.CharField(max_length=24, unique=True, help_text="Public address")
    round = models.ForeignKey(Round, models.PROTECT)
    scoring_stage = models.ForeignKey(
        ScoringStage, models.PROTECT, help_text="The stage it deliberates on."
    )
    held_at = models.DateTimeField(_("time"))
    place = models.CharField(_("place"), max_length=150)
    quorum = models.PositiveSmallIntegerField(
        _("quorum"), help_text=_("How many jurors must be present.")
    )
    chair = models.ForeignKey(Juror, models.PROTECT, related_name="+")
    names_jurors = models.BooleanField(
        _("jurors' names on the screen"),
        default=False,
        help_text=_("Otherwise jurors are numbered."),
    )
    state = models.CharField(
        max_length=20, choices=PlenaryState, default=PlenaryState.OPEN
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(
        null=True, help_text="When its decisions were applied, or it was cancelled."
    )
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.TextField(blank=True)

    objects = PlenaryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state="open"),
                name="judging_plenary_one_open",
            ),
            models.CheckConstraint(
                condition=Q(quorum__gte=1), name="judging_plenary_quorum_is_not_zero"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, closed_by=None)
                | (
                    ~Q(state="open")
                    & Q(closed_at__isnull=False, closed_by__isnull=False)
                ),
                name="judging_plenary_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") ^ Q(cancel_reason=""),
                name="judging_plenary_cancelled_with_reason",
            ),
        ]
        triggers = [
            moves_trigger("state", PLENARY_MOVES),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="stage_fixed", fields=["key", "round"]),
            pgtrigger.Protect(
                name="closed_fixed",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="open"),
            ),
            locks.guard(
                name="unless_sealed",
                check=locks.refuse_if_sealed_for_good(
                    "COALESCE(NEW.round_id, OLD.round_id)"
                ),
            ),
            pgtrigger.Trigger(
                name="with_quorum",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="open")
                & pgtrigger.Q(new__state="applied"),
                declare=[("present", "bigint")],
                func="""
                SELECT count(*) INTO present FROM judging_plenaryattendance
                WHERE plenary_id = NEW.id AND is_present;
                IF present < NEW.quorum THEN
                    RAISE EXCEPTION 'The plenary has no quorum.';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.scoring_stage}"

    def get_absolute_url(self) -> str:
        return reverse("judging:plenary_detail", args=[self.round.slug, self.key])

    @property
    def is_open(self) -> bool:
        return self.state == PlenaryState.OPEN

    @property
    def is_applied(self) -> bool:
        return self.state == PlenaryState.APPLIED


@pghistory.track()
class PlenaryAttendance(models.Model):
    """A juror of the panel, present at a plenary or not."""

    plenary = models.ForeignKey(Plenary, models.PROTECT, related_name="attendances")
    juror = models.ForeignKey(Juror, models.PROTECT)
    is_present = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plenary", "juror"], name="judging_plenaryattendance_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="pair_fixed", fields=["plenary", "juror"]),
            locks.while_plenary_is_open("COALESCE(NEW.plenary_id, OLD.plenary_id)"),
            pgtrigger.Trigger(
                name="of_the_panel",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                PERFORM 1 FROM judging_plenary AS plenary
                JOIN judging_juror AS juror ON juror.round_id = plenary.round_id
                WHERE plenary.id = NEW.plenary_id AND juror.id = NEW.juror_id;
                IF NOT FOUND THEN
                    RAISE EXCEPTION 'This juror is of another round.';
                END IF;
                PERFORM 1 FROM judging_plenaryvote AS vote
                JOIN judging_plenarydecision AS decision
                ON decision.id = vote.decision_id
                WHERE decision.plenary_id = NEW.plenary_id
                AND vote.juror_id = NEW.juror_id AND NOT NEW.is_present;
                IF FOUND THEN
                    RAISE EXCEPTION 'Who decided was present.';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plenary}: {self.juror}"

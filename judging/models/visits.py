"""What jurors check on the spot: claims of a proposal, findings, photos."""

from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from competitions.models import ScoringStage
from documents.models import StoredFile
from judging.models import locks
from judging.models.sheets import ScoreSheet
from submissions.models import Proposal


def _while_draft() -> pgtrigger.Trigger:
    """Refuse every change once the sheet that the row belongs to is no draft."""
    return locks.guard(
        name="while_draft",
        variables=[("sheet_state", "text"), ("stage", "bigint")],
        check=f"""
        SELECT sheet.state, assignment.scoring_stage_id INTO sheet_state, stage
        FROM judging_scoresheet AS sheet
        JOIN judging_assignment AS assignment ON assignment.id = sheet.assignment_id
        WHERE sheet.id = COALESCE(NEW.sheet_id, OLD.sheet_id)
        FOR SHARE OF sheet;
        IF sheet_state <> 'draft' THEN
            RAISE EXCEPTION 'This score sheet is final.';
        END IF;
        {locks.refuse_if_sealed("stage")}
        """,  # noqa: S608  every word of it is ours
    )


class ClaimOutcome(models.TextChoices):
    """What a juror found of a claim."""

    CONFIRMED = "confirmed", pgettext_lazy("claim", "Confirmed")
    MISMATCH = "mismatch", _("Does not match")
    NOT_SEEN = "not_seen", _("Not seen")


@pghistory.track()
class FieldVisit(models.Model):
    """When, where and by whom a proposal was looked at, as one juror notes it."""

    sheet = models.OneToOneField(ScoreSheet, models.PROTECT)
    visited_date = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    visitors = models.TextField(
        blank=True, help_text="Who came, and whom they spoke to."
    )

    class Meta:
        triggers = [
            _while_draft(),
            pgtrigger.ReadOnly(name="sheet_fixed", fields=["sheet"]),
        ]

    def __str__(self) -> str:
        return self.place or str(self.sheet)


class VisitClaimQuerySet(models.QuerySet["VisitClaim"]):
    def of(self, sheet: ScoreSheet) -> Self:
        """Keep those that the juror of `sheet` checks: for all, and their own."""
        assignment = sheet.assignment
        return self.filter(
            Q(sheet=None) | Q(sheet=sheet),
            scoring_stage=assignment.scoring_stage_id,
            proposal=assignment.proposal_id,
        ).order_by("added_at", "pk")

    def for_all(self) -> Self:
        """Keep those that the secretariat asks every juror to check."""
        return self.filter(sheet=None)


@pghistory.track()
class VisitClaim(models.Model):
    """Something a proposal says, to be looked at where it happens."""

    key = models.CharField(max_length=24, unique=True, help_text="Public address")
    scoring_stage = models.ForeignKey(ScoringStage, models.PROTECT)
    proposal = models.ForeignKey(Proposal, models.PROTECT)
    sheet = models.ForeignKey(
        ScoreSheet,
        models.PROTECT,
        null=True,
        help_text="Of the juror who added it; empty: for all who visit.",
    )
    source = models.CharField(
        max_length=200,
        blank=True,
        help_text="Title of the section that it is taken from.",
    )
    text = models.TextField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = VisitClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="judging_visitclaim_says_something"
            ),
            models.UniqueConstraint(
                fields=["scoring_stage", "proposal", "text"],
                condition=Q(sheet=None),
                name="judging_visitclaim_for_all_once",
            ),
            models.UniqueConstraint(
                fields=["sheet", "text"], name="judging_visitclaim_own_once"
            ),
        ]
        triggers = [pgtrigger.Protect(name="text_fixed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.text

    @property
    def is_own(self) -> bool:
        """Whether a juror added it for themselves."""
        return self.sheet_id is not None


@pghistory.track()
class VisitFinding(models.Model):
    """What one juror found of one claim; the note may come before the outcome."""

    Outcome = ClaimOutcome

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT)
    claim = models.ForeignKey(VisitClaim, models.PROTECT)
    outcome = models.CharField(max_length=10, choices=ClaimOutcome, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "claim"], name="judging_visitfinding_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *ClaimOutcome.values]),
                name="judging_visitfinding_outcome_is_known",
            ),
        ]
        triggers = [
            _while_draft(),
            pgtrigger.ReadOnly(name="place_fixed", fields=["sheet", "claim"]),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.outcome}"


@pghistory.track()
class VisitPhoto(StoredFile):
    """A picture that a juror took on the spot; only jurors and secretariat see it."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT)
    claim = models.ForeignKey(VisitClaim, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "sha256"], name="judging_visitphoto_once"
            )
        ]
        triggers = [_while_draft()]

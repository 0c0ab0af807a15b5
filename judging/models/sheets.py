"""What a juror writes: one sheet per assignment, one score per criterion."""

from __future__ import annotations

from functools import cache
from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, User
from competitions.models import Criterion
from core.states import moves_trigger
from judging.models import locks
from judging.models.panel import Assignment, Conflict
from submissions.models import Proposal


class SheetState(models.TextChoices):
    DRAFT = "draft", _("Being scored")
    FINAL = "final", _("Finished")
    ABSTAINED = "abstained", _("Abstained")


class Verdict(models.TextChoices):
    """What a juror says at a gate."""

    PASSES = "passes", _("As described")
    REMARKS = "remarks", _("As described, with remarks")
    FAILS = "fails", _("Not as described")


# Back to draft only by the secretariat with a reason, and until the result is sealed.
SHEET_MOVES = {
    SheetState.DRAFT: {SheetState.FINAL, SheetState.ABSTAINED},
    SheetState.FINAL: {SheetState.DRAFT},
    SheetState.ABSTAINED: {SheetState.DRAFT},
}


@cache
def _conflict() -> Exists:
    """Whether the juror of a sheet must not judge its proposal.

    Built once: each query resolves a copy of its own.
    """
    return Exists(
        Conflict.objects.covering(
            juror="assignment__juror", proposal="assignment__proposal"
        )
    )


class ScoreSheetQuerySet(models.QuerySet["ScoreSheet"]):
    def with_conflict(self) -> Self:
        """Tell of each by `is_conflicted` whether its juror must not judge it."""
        return self.annotate(is_conflicted=_conflict())

    def open(self) -> Self:
        """Keep those that count: not released, the proposal stands, no conflict."""
        # An alias: as a column the database would look for conflicts twice.
        return self.alias(has_conflict=_conflict()).filter(
            assignment__released_at=None,
            assignment__proposal__state=Proposal.State.SCREENED_PASSED,
            has_conflict=False,
        )

    def visible_to(self, user: User) -> Self:
        """Keep the sheets `user` writes as a juror; a conflict hides them."""
        return self.open().filter(assignment__juror__user=user)

    def run_by(self, user: User) -> Self:
        """Keep the sheets of the rounds `user` runs as secretariat."""
        governments = Government.objects.run_by(user)
        return self.filter(
            assignment__scoring_stage__round__competition__government__in=governments
        )

    def final(self) -> Self:
        return self.filter(state=SheetState.FINAL)

    def done(self) -> Self:
        """Keep those that are out of the juror's hands: finished or abstained."""
        return self.exclude(state=SheetState.DRAFT)


@pghistory.track()
class ScoreSheet(models.Model):
    """A juror's scores of one proposal: a draft, then final and locked.

    Or the juror abstains: then what was written counts nowhere.
    """

    State = SheetState
    Verdict = Verdict

    assignment = models.OneToOneField(Assignment, models.PROTECT)
    key = models.CharField(max_length=24, unique=True, help_text="Public address")
    state = models.CharField(
        max_length=20, choices=SheetState, default=SheetState.DRAFT
    )
    version = models.PositiveIntegerField(
        default=0, help_text="Raised by each save; a save names the one it saw."
    )
    opened_at = models.DateTimeField(
        null=True, help_text="When the juror first had the proposal before them."
    )
    saved_at = models.DateTimeField(null=True)
    finalised_at = models.DateTimeField(
        null=True, help_text="When it was finished, or the juror abstained."
    )
    verdict = models.CharField(
        max_length=10,
        choices=Verdict,
        blank=True,
        help_text="At a gate, in place of scores.",
    )
    note = models.TextField(blank=True, help_text="What the verdict rests on.")
    abstain_reason = models.TextField(blank=True)
    reopened_at = models.DateTimeField(null=True)
    reopen_reason = models.TextField(blank=True)

    is_conflicted: bool  # of with_conflict()

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") ^ Q(finalised_at__isnull=False),
                name="judging_scoresheet_finalised_at_when_final",
            ),
            models.CheckConstraint(
                condition=~Q(state="abstained") | ~Q(abstain_reason=""),
                name="judging_scoresheet_abstained_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None) | ~Q(reopen_reason=""),
                name="judging_scoresheet_reopened_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *Verdict.values]),
                name="judging_scoresheet_verdict_is_known",
            ),
        ]
        triggers = [
            moves_trigger("state", SHEET_MOVES),
            pgtrigger.ReadOnly(name="place_fixed", fields=["assignment", "key"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="final_fixed",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="draft")
                & ~pgtrigger.Q(new__state="draft"),
            ),
            pgtrigger.Protect(
                name="reopened_by_service",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="draft")
                & pgtrigger.Q(new__state="draft")
                & (
                    pgtrigger.Q(new__reopened_at__isnull=True)
                    | pgtrigger.Q(old__reopened_at__ndf=pgtrigger.F("new__reopened_at"))
                ),
            ),
            locks.unless_sealed(
                stage_of="SELECT scoring_stage_id FROM judging_assignment "
                "WHERE id = row_.assignment_id"
            ),
            # Opening a plenary holds all sheets first: whoever comes second sees it.
            pgtrigger.Trigger(
                name="stays_in_plenary",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="draft")
                & pgtrigger.Q(new__state="draft"),
                func="""
                PERFORM 1 FROM judging_assignment AS assignment
                JOIN competitions_scoringstage AS stage
                ON stage.id = assignment.scoring_stage_id
                JOIN judging_plenary AS plenary ON plenary.round_id = stage.round_id
                JOIN competitions_scoringstage AS decided
                ON decided.id = plenary.scoring_stage_id
                WHERE assignment.id = NEW.assignment_id
                AND plenary.state <> 'cancelled' AND decided."order" >= stage."order";
                IF FOUND THEN
                    RAISE EXCEPTION 'A plenary deliberates on this score sheet.';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="verdict_at_gates",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=~pgtrigger.Q(new__state="abstained")
                & (~pgtrigger.Q(new__verdict="") | pgtrigger.Q(new__state="final")),
                declare=[("is_gate", "boolean")],
                func="""
                SELECT stage.kind = 'field_gate' INTO is_gate
                FROM judging_assignment AS assignment
                JOIN competitions_scoringstage AS stage
                ON stage.id = assignment.scoring_stage_id
                WHERE assignment.id = NEW.assignment_id;
                IF is_gate <> (NEW.verdict <> '') THEN
                    RAISE EXCEPTION 'Final sheets of gates have a verdict, no other.';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("judging:sheet_edit", args=[self.key])

    @property
    def is_final(self) -> bool:
        return self.state == SheetState.FINAL

    @property
    def is_abstained(self) -> bool:
        return self.state == SheetState.ABSTAINED

    @property
    def is_done(self) -> bool:
        """Whether it is out of the juror's hands: finished or abstained."""
        return self.state != SheetState.DRAFT

    @property
    def is_started(self) -> bool:
        return self.version > 0


@pghistory.track()
class Score(models.Model):
    """What a juror gives for one criterion; the note may come before the value."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT)
    criterion = models.ForeignKey(Criterion, models.PROTECT)
    value = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "criterion"], name="judging_score_once_per_criterion"
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="place_fixed", fields=["sheet", "criterion"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            # The sheet is held FOR SHARE so that it cannot become final, nor its
            # stage be sealed, between this look and the end of the writer. Whether it
            # is sealed is asked after that: a statement of its own sees what was
            # committed while the lock was waited for.
            locks.guard(
                name="while_draft",
                variables=[
                    ("sheet_state", "text"),
                    ("stage", "bigint"),
                    ("fits", "boolean"),
                ],
                check=f"""
                SELECT sheet.state, assignment.scoring_stage_id,
                    NEW.id IS NULL OR (
                        criterion.scoring_stage_id = assignment.scoring_stage_id
                        AND (NEW.value IS NULL OR NEW.value
                            BETWEEN scoring.scale_min AND scoring.scale_max
                            AND mod(
                                NEW.value - scoring.scale_min, scoring.scale_step
                            ) = 0)
                    )
                INTO sheet_state, stage, fits
                FROM judging_scoresheet AS sheet
                JOIN judging_assignment AS assignment
                ON assignment.id = sheet.assignment_id
                JOIN competitions_scoringstage AS scoring
                ON scoring.id = assignment.scoring_stage_id
                LEFT JOIN competitions_criterion AS criterion
                ON criterion.id = COALESCE(NEW.criterion_id, OLD.criterion_id)
                WHERE sheet.id = COALESCE(NEW.sheet_id, OLD.sheet_id)
                FOR SHARE OF sheet;
                IF sheet_state <> 'draft' THEN
                    RAISE EXCEPTION 'This score sheet is final.';
                END IF;
                {locks.refuse_if_sealed("stage")}
                IF NOT fits THEN
                    RAISE EXCEPTION 'The score does not fit its stage.';
                END IF;
                """,  # noqa: S608  every word of it is ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"

"""What a plenary decided, and who agreed."""

from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import Criterion
from judging.models import locks
from judging.models.panel import Juror
from judging.models.plenary import Plenary, PlenaryState
from judging.models.sheets import Verdict
from submissions.models import Proposal


class DecisionQuerySet(models.QuerySet["PlenaryDecision"]):
    def applied(self) -> Self:
        """Keep those that count."""
        return self.filter(plenary__state=PlenaryState.APPLIED)

    def in_order(self) -> Self:
        """Order them as they came into force: the later stands."""
        return self.order_by("plenary__opened_at", "plenary", "decided_at", "pk")


@pghistory.track()
class PlenaryDecision(models.Model):
    """What a plenary decided on a proposal, or on several that are equal."""

    class Kind(models.TextChoices):
        SCORES = "scores", _("Agreed scores")
        VERDICT = "verdict", _("Agreed verdict")
        TIE = "tie", _("Order of equals")
        SHARED = "shared", _("Equals share their rank")

    plenary = models.ForeignKey(Plenary, models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, help_text="Empty for a tie."
    )
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    reason = models.TextField(_("reason"))
    decided_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plenary", "proposal"],
                name="judging_plenarydecision_proposal_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["scores", "verdict"], proposal__isnull=False)
                | Q(kind__in=["tie", "shared"], proposal=None),
                name="judging_plenarydecision_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="verdict", verdict__in=Verdict.values)
                | (~Q(kind="verdict") & Q(verdict="")),
                name="judging_plenarydecision_verdict_at_gates",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="judging_plenarydecision_has_reason"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="subject_fixed", fields=["plenary", "kind", "proposal"]
            ),
            locks.while_plenary_is_open("COALESCE(NEW.plenary_id, OLD.plenary_id)"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.proposal or self.plenary}"

    @property
    def is_on_tie(self) -> bool:
        return self.proposal_id is None


@pghistory.track()
class AgreedScore(models.Model):
    """The value a plenary puts in place of the mean of a criterion."""

    decision = models.ForeignKey(PlenaryDecision, models.CASCADE)
    criterion = models.ForeignKey(Criterion, models.PROTECT)
    value = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "criterion"], name="judging_agreedscore_once"
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="place_fixed", fields=["decision", "criterion"]),
            locks.while_plenary_is_open(locks.PLENARY_OF_DECISION),
            pgtrigger.Trigger(
                name="fits_scale",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                PERFORM 1 FROM judging_plenarydecision AS decision
                JOIN judging_plenary AS plenary ON plenary.id = decision.plenary_id
                JOIN competitions_scoringstage AS stage
                ON stage.id = plenary.scoring_stage_id
                JOIN competitions_criterion AS criterion
                ON criterion.scoring_stage_id = stage.id
                WHERE decision.id = NEW.decision_id AND decision.kind = 'scores'
                AND criterion.id = NEW.criterion_id
                AND NEW.value BETWEEN stage.scale_min AND stage.scale_max
                AND mod(NEW.value - stage.scale_min, stage.scale_step) = 0;
                IF NOT FOUND THEN
                    RAISE EXCEPTION 'The agreed score does not fit its stage.';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


@pghistory.track()
class TiePlace(models.Model):
    """One of those that are equal, with its place in the order voted for."""

    decision = models.ForeignKey(PlenaryDecision, models.CASCADE)
    proposal = models.ForeignKey(Proposal, models.PROTECT)
    place = models.PositiveSmallIntegerField(help_text="From 1, the first.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "proposal"], name="judging_tieplace_proposal_once"
            ),
            models.UniqueConstraint(
                fields=["decision", "place"], name="judging_tieplace_place_once"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="place_fixed", fields=["decision", "proposal", "place"]
            ),
            locks.while_plenary_is_open(locks.PLENARY_OF_DECISION),
            pgtrigger.Trigger(
                name="before_the_votes",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                PERFORM 1 FROM judging_plenaryvote
                WHERE decision_id = NEW.decision_id;
                IF FOUND THEN
                    RAISE EXCEPTION 'It was voted on already.';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.proposal}"


@pghistory.track()
class PlenaryVote(models.Model):
    """Whether a juror who was present agreed to a decision."""

    decision = models.ForeignKey(PlenaryDecision, models.CASCADE, related_name="votes")
    juror = models.ForeignKey(Juror, models.PROTECT)
    agrees = models.BooleanField()
    note = models.TextField(_("dissent note"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "juror"], name="judging_plenaryvote_once"
            ),
            models.CheckConstraint(
                condition=Q(agrees=False) | Q(note=""),
                name="judging_plenaryvote_note_is_dissent",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="pair_fixed", fields=["decision", "juror"]),
            locks.while_plenary_is_open(locks.PLENARY_OF_DECISION),
            pgtrigger.Trigger(
                name="present_and_free",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                PERFORM 1 FROM judging_plenarydecision AS decision
                JOIN judging_plenaryattendance AS attendance
                ON attendance.plenary_id = decision.plenary_id
                WHERE decision.id = NEW.decision_id
                AND attendance.juror_id = NEW.juror_id AND attendance.is_present;
                IF NOT FOUND THEN
                    RAISE EXCEPTION 'Only who is present decides.';
                END IF;
                PERFORM 1 FROM judging_plenarydecision AS decision
                LEFT JOIN judging_tieplace AS tied ON tied.decision_id = decision.id
                JOIN submissions_proposal AS proposal
                ON proposal.id IN (decision.proposal_id, tied.proposal_id)
                JOIN accounts_institution AS own ON own.id = proposal.institution_id
                JOIN judging_conflict AS conflict ON conflict.juror_id = NEW.juror_id
                LEFT JOIN accounts_institution AS other
                ON other.id = conflict.institution_id
                WHERE decision.id = NEW.decision_id AND (
                    conflict.proposal_id = proposal.id
                    OR (
                        other.government_id = own.government_id
                        AND starts_with(own.path, other.path)
                    )
                );
                IF FOUND THEN
                    RAISE EXCEPTION 'Who is in conflict does not decide.';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror}: {self.decision}"

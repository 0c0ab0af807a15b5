"""Who judges what: jurors, their conflicts, their assignments."""

from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Institution, User
from competitions.models import Category, JurorBackground, Round, ScoringStage
from judging.models import locks
from submissions.models import Proposal


class JurorQuerySet(models.QuerySet["Juror"]):
    def sitting(self) -> Self:
        """Keep those who neither refused the seat nor left it."""
        return self.filter(declined_at=None, ended_at=None)

    def for_stage(self, stage: ScoringStage) -> Self:
        """Keep those who sit and judge in `stage`: called for it, or for all stages."""
        called = Juror.scoring_stages.through.objects.filter(juror=OuterRef("pk"))
        return self.sitting().filter(
            ~Exists(called) | Exists(called.filter(scoringstage=stage)),
            round=stage.round_id,
        )

    def run_by(self, user: User) -> Self:
        """Keep the jurors of the rounds `user` runs as secretariat."""
        return self.filter(
            round__competition__government__in=Government.objects.run_by(user)
        )

    def for_list(self) -> Self:
        """Load all that one row of the panel shows."""
        return self.select_related("user").order_by("user__name", "pk")


@pghistory.track()
class Juror(models.Model):
    """A person in the panel of one round."""

    Background = JurorBackground

    key = models.CharField(max_length=24, unique=True, help_text="Public address")
    round = models.ForeignKey(Round, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT)
    background = models.CharField(_("background"), max_length=20, choices=Background)
    affiliation = models.CharField(_("affiliation"), max_length=150, blank=True)
    categories = models.ManyToManyField(
        Category, blank=True, help_text="What the juror knows well; none: all alike."
    )
    scoring_stages = models.ManyToManyField(
        ScoringStage, blank=True, help_text="What the juror is called for; none: all."
    )
    capacity = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The most sheets in one stage; empty: any."
    )
    is_chair = models.BooleanField(
        default=False, help_text="Leads the panel and its plenary."
    )
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(
        null=True, help_text="When the seat was given up before the end."
    )
    end_reason = models.TextField(blank=True)
    reminded_at = models.DateTimeField(
        null=True, help_text="When the secretariat last reminded of what is left."
    )
    signed_at = models.DateTimeField(null=True)
    statement = models.TextField(
        blank=True, help_text="The integrity statement, word for word as signed."
    )

    objects = JurorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "user"], name="judging_juror_once_per_round"
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None)
                | (Q(accepted_at__isnull=False) & ~Q(statement="")),
                name="judging_juror_signed_what_was_accepted",
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None)
                | (Q(accepted_at=None) & ~Q(decline_reason="")),
                name="judging_juror_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(end_reason=""),
                name="judging_juror_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1),
                name="judging_juror_capacity_is_not_zero",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(is_chair=True, declined_at=None, ended_at=None),
                name="judging_juror_one_chair",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="person_fixed", fields=["key", "round", "user"]),
            pgtrigger.Protect(
                name="signature_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__signed_at__isnull=False)
                & (
                    pgtrigger.Q(old__signed_at__df=pgtrigger.F("new__signed_at"))
                    | pgtrigger.Q(old__statement__df=pgtrigger.F("new__statement"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def has_signed(self) -> bool:
        return self.signed_at is not None

    @property
    def is_sitting(self) -> bool:
        """Whether the seat was neither refused nor given up."""
        return self.declined_at is None and self.ended_at is None


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def covering(self, *, juror: str, proposal: str) -> Self:
        """Keep those between the juror and the proposal of an outer query.

        `juror` and `proposal` are the names of their fields there. A conflict with
        an institution covers all below it: its head answers for their work too.
        """
        path = ExpressionWrapper(
            OuterRef(f"{proposal}__institution__path"), output_field=models.CharField()
        )
        return self.annotate(proposal_path=path).filter(
            Q(proposal=OuterRef(proposal))
            | Q(
                institution__government=OuterRef(
                    f"{proposal}__institution__government"
                ),
                proposal_path__startswith=F("institution__path"),
            ),
            juror=OuterRef(juror),
        )


@pghistory.track()
class Conflict(models.Model):
    """A reason why a juror must not judge an institution's work, or one proposal."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("Works there")
        FORMER_POSTING = "former_posting", _("Worked there before")
        SUPERVISION = "supervision", _("Supervises or advises it")
        KINSHIP = "kinship", _("Family or close ties")
        OWN_PROPOSAL = "own_proposal", _("Took part in the innovation")
        OTHER = "other", _("Another reason")

    juror = models.ForeignKey(Juror, models.PROTECT)
    kind = models.CharField(
        _("kind of conflict"), max_length=20, choices=Kind, default=Kind.OTHER
    )
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True)
    reason = models.TextField(_("reason"))
    declared_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty where the portal saw it in the juror's memberships.",
    )
    declared_at = models.DateTimeField()

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(institution=None) ^ Q(proposal=None),
                name="judging_conflict_with_institution_or_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="judging_conflict_has_reason"
            ),
            models.UniqueConstraint(
                fields=["juror", "institution"],
                name="judging_conflict_institution_once",
            ),
            models.UniqueConstraint(
                fields=["juror", "proposal"], name="judging_conflict_proposal_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.juror}: {self.reason}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def with_conflict(self) -> Self:
        """Tell of each by `is_conflicted` whether its juror must not judge it."""
        return self.annotate(is_conflicted=self._conflict())

    def open(self) -> Self:
        """Keep those that count: not released, the proposal stands, no conflict."""
        # An alias: as a column the database would look for conflicts twice.
        return self.alias(has_conflict=self._conflict()).filter(
            released_at=None,
            proposal__state=Proposal.State.SCREENED_PASSED,
            has_conflict=False,
        )

    @staticmethod
    def _conflict() -> Exists:
        return Exists(Conflict.objects.covering(juror="juror", proposal="proposal"))


@pghistory.track()
class Assignment(models.Model):
    """A juror is to score a proposal; withdrawn proposals are left out by `open`."""

    class Origin(models.TextChoices):
        COMPUTED = "computed", _("By computation")
        HAND = "hand", _("By hand")
        FILE = "file", _("From a file")

    scoring_stage = models.ForeignKey(ScoringStage, models.PROTECT)
    juror = models.ForeignKey(Juror, models.PROTECT)
    proposal = models.ForeignKey(Proposal, models.PROTECT)
    assigned_at = models.DateTimeField()
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.COMPUTED)
    released_at = models.DateTimeField(
        null=True, help_text="When it was taken from the juror, unfinished."
    )
    release_reason = models.TextField(blank=True)

    is_conflicted: bool  # of with_conflict()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scoring_stage", "juror", "proposal"],
                name="judging_assignment_once",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | ~Q(release_reason=""),
                name="judging_assignment_released_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["scoring_stage", "proposal"], name="judging_assign_stage_prop"
            )
        ]
        triggers = [
            locks.unless_sealed(stage_of="row_.scoring_stage_id"),
            pgtrigger.ReadOnly(
                name="pair_fixed", fields=["scoring_stage", "juror", "proposal"]
            ),
            pgtrigger.Trigger(
                name="finished_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__released_at__isnull=False),
                func="""
                PERFORM 1 FROM judging_scoresheet AS sheet
                WHERE sheet.assignment_id = NEW.id AND sheet.state <> 'draft'
                FOR SHARE OF sheet;
                IF FOUND THEN
                    RAISE EXCEPTION 'Finished work is not taken from its juror.';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror}: {self.proposal}"

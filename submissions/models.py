from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Institution, User
from competitions.models import (
    Category,
    FormTemplate,
    LetterKind,
    Requirement,
    Round,
    Section,
    Stage,
    Track,
)
from core.states import moves_trigger
from innovations.models import Innovation


class ProposalState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ENDORSING = "endorsing", _("Awaiting endorsement")
    RETURNED = "returned", _("Needs repair")
    SUBMITTED = "submitted", _("Submitted")
    REOPENED = "reopened", _("Reopened")
    SCREENED_PASSED = "screened_passed", _("Passed screening")
    SCREENED_FAILED = "screened_failed", _("Failed screening")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISQUALIFIED = "disqualified", _("Disqualified")


# Architecture: docs/architecture.md, "States".
PROPOSAL_MOVES = {
    ProposalState.DRAFT: {
        ProposalState.ENDORSING,
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.ENDORSING: {
        ProposalState.RETURNED,
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.RETURNED: {
        ProposalState.ENDORSING,
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.SUBMITTED: {
        ProposalState.SCREENED_PASSED,
        ProposalState.SCREENED_FAILED,
        ProposalState.RETURNED,
        ProposalState.REOPENED,
        ProposalState.WITHDRAWN,
        ProposalState.DISQUALIFIED,
    },
    ProposalState.REOPENED: {
        ProposalState.ENDORSING,
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.SCREENED_PASSED: {
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
        ProposalState.DISQUALIFIED,
    },
    ProposalState.SCREENED_FAILED: {
        ProposalState.SUBMITTED,
        ProposalState.SCREENED_PASSED,
    },
}
EDITABLE_STATES = [
    ProposalState.DRAFT,
    ProposalState.RETURNED,
    ProposalState.REOPENED,
]
ENTERED_STATES = [
    ProposalState.SUBMITTED,
    ProposalState.SCREENED_PASSED,
    ProposalState.SCREENED_FAILED,
]


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> Self:
        """Keep the proposals `user` may read; the rest answer 404 to them.

        Jurors read through their assignments, see judging.
        """
        return self.filter(
            Q(institution__in=Institution.objects.managed_by(user))
            | Q(round__competition__government__in=Government.objects.run_by(user))
        )

    def of_institutions_of(self, user: User) -> Self:
        """Keep those of the institutions `user` works for."""
        return self.filter(institution__in=Institution.objects.managed_by(user))

    def run_by(self, user: User) -> Self:
        """Keep those of the rounds `user` runs as secretariat."""
        return self.filter(
            round__competition__government__in=Government.objects.run_by(user)
        )

    def entered(self) -> Self:
        """Keep those that were submitted and still stand."""
        return self.filter(state__in=ENTERED_STATES)

    def editable(self) -> Self:
        return self.filter(state__in=EDITABLE_STATES)

    def for_list(self) -> Self:
        """Load all that one row of a proposal list shows."""
        return self.select_related("round", "institution", "track", "category").order_by(
            "title", "pk"
        )


@pghistory.track(exclude=["last_saved_at"])
class Proposal(models.Model):
    """An innovation's entry in one round of a competition."""

    State = ProposalState

    round = models.ForeignKey(Round, models.PROTECT)
    innovation = models.ForeignKey(Innovation, models.PROTECT)
    institution = models.ForeignKey(Institution, models.PROTECT)
    form = models.ForeignKey(FormTemplate, models.PROTECT)
    track = models.ForeignKey(Track, models.PROTECT)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True)
    code = models.CharField(
        max_length=24, unique=True, help_text="Public address, as KIPP-7QX4MD."
    )
    title = models.CharField(_("title"), max_length=200)
    header = models.JSONField(
        default=dict, help_text="Values of the header fields by their code."
    )
    header_version = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=20, choices=ProposalState, default=ProposalState.DRAFT
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    last_saved_at = models.DateTimeField()
    endorsed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    receipt_number = models.CharField(max_length=80, blank=True)
    digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of what was submitted."
    )
    return_note = models.TextField(blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "innovation"],
                condition=~Q(state="withdrawn"),
                name="submissions_proposal_once_per_round",
            ),
            models.UniqueConstraint(
                fields=["round", "receipt_number"],
                condition=~Q(receipt_number=""),
                name="submissions_proposal_receipt_number_once",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=["submitted", "screened_passed", "screened_failed"]
                )
                | (
                    Q(submitted_at__isnull=False)
                    & Q(submitted_by__isnull=False)
                    & ~Q(receipt_number="")
                    & ~Q(digest="")
                ),
                name="submissions_proposal_entered_has_receipt",
            ),
        ]
        triggers = [moves_trigger("state", PROPOSAL_MOVES)]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("submissions:proposal_detail", args=[self.code])

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_STATES

    @property
    def is_endorsing(self) -> bool:
        return self.state == ProposalState.ENDORSING

    @property
    def is_returned(self) -> bool:
        return self.state == ProposalState.RETURNED

    @property
    def is_submitted(self) -> bool:
        return self.state == ProposalState.SUBMITTED

    @property
    def is_entered(self) -> bool:
        return self.state in ENTERED_STATES

    @property
    def has_passed(self) -> bool:
        return self.state == ProposalState.SCREENED_PASSED

    @property
    def has_failed(self) -> bool:
        return self.state == ProposalState.SCREENED_FAILED


@pghistory.track()
class Answer(models.Model):
    """The text of one section; each save raises `version`, history keeps them all."""

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    section = models.ForeignKey(Section, models.PROTECT)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "section"], name="submissions_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.section}"


class StoredFile(models.Model):
    """A checked upload, kept outside the web root."""

    file = models.FileField(upload_to="evidence/%Y/%m/", max_length=200)
    name = models.CharField(max_length=150, help_text="As the author called it.")
    size = models.PositiveIntegerField(help_text="Bytes")
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Evidence(StoredFile):
    """A file that supports the answer of one section."""

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    section = models.ForeignKey(Section, models.PROTECT)
    key = models.CharField(max_length=24, unique=True)


@pghistory.track()
class StatementLetter(StoredFile):
    """A signed statement letter; a new upload takes the place of the old."""

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    kind = models.ForeignKey(LetterKind, models.PROTECT)
    key = models.CharField(max_length=24, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "kind"], name="submissions_statementletter_once"
            )
        ]


@pghistory.track()
class Screening(models.Model):
    """The secretariat's administrative check of one proposal."""

    proposal = models.OneToOneField(Proposal, models.PROTECT)
    passed = models.BooleanField()
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.proposal)


@pghistory.track()
class ScreeningItem(models.Model):
    """The verdict on one requirement."""

    class Verdict(models.TextChoices):
        MET = "met", _("Met")
        NOT_MET = "not_met", _("Not met")

    screening = models.ForeignKey(Screening, models.CASCADE)
    requirement = models.ForeignKey(Requirement, models.PROTECT)
    verdict = models.CharField(max_length=20, choices=Verdict)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "requirement"],
                name="submissions_screeningitem_once",
            ),
            models.CheckConstraint(
                condition=Q(verdict="met") | ~Q(reason_code=""),
                name="submissions_screeningitem_not_met_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.verdict}"


class Reminder(models.Model):
    """A deadline reminder that was told to one person: once per stage and offset."""

    stage = models.ForeignKey(Stage, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    hours_before = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(24 * 90)]
    )
    closes_at = models.DateTimeField(
        help_text="The closing it spoke of: an extension makes it due again."
    )
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "user", "hours_before", "closes_at"],
                name="submissions_reminder_once",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.hours_before} h"

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import Announcement, Requirement, Round
from core.states import Moves, moves_trigger
from submissions.models.proposals import Proposal


class ReasonCode(models.TextChoices):
    """Why a requirement is not met. Source: docs/rules.md, its last list."""

    TOO_YOUNG = "UMUR_KURANG", _("Innovation younger than the minimum age")
    INCOMPLETE = "ISIAN_TIDAK_LENGKAP", _("Answers incomplete")
    CARELESS = "ISIAN_ASAL", _("Answers complete but careless")
    OVER_WORD_LIMIT = "MELEBIHI_BATAS_KATA", _("Answers longer than allowed")
    SAME_TITLE = "JUDUL_GANDA", _("Same title used for more than one proposal")
    DOCUMENTS_MISSING = "DOKUMEN_TIDAK_LENGKAP", _("Required documents missing")
    AGE_EVIDENCE = "BUKTI_UMUR_TIDAK_SAH", _("Evidence of the starting date invalid")
    WRONG_TRACK = "KELOMPOK_TIDAK_SESUAI", _("Group does not fit")
    WRONG_CATEGORY = "KATEGORI_TIDAK_SESUAI", _("Category or goal does not fit")
    OVER_QUOTA = "MELEBIHI_KUOTA", _("More proposals than the institution may send")
    OUT_OF_SCOPE = "DI_LUAR_LINGKUP", _("Not an innovation of public service here")
    LATE = "TERLAMBAT", _("Late")
    BROKEN_FILE = "BERKAS_RUSAK", _("Link or file cannot be opened")


class ScreeningState(models.TextChoices):
    """How far a check is; the proposal itself moves only when it is published."""

    DRAFT = "draft", _("Being checked")
    DECIDED = "decided", _("Decided")
    CONFIRMED = "confirmed", _("Confirmed")
    PUBLISHED = "published", _("Published")


SCREENING_MOVES: Moves = {
    ScreeningState.DRAFT: {ScreeningState.DECIDED},
    # Back to a draft: taken back, sent back by the second person, or void because the
    # proposal went back to its authors.
    ScreeningState.DECIDED: {
        ScreeningState.DRAFT,
        ScreeningState.CONFIRMED,
        ScreeningState.PUBLISHED,
    },
    ScreeningState.CONFIRMED: {ScreeningState.DRAFT, ScreeningState.PUBLISHED},
    ScreeningState.PUBLISHED: {ScreeningState.DRAFT},
}


@pghistory.track(exclude=["told_at"])
class Screening(models.Model):
    """The secretariat's administrative check of one proposal.

    Seen by the secretariat alone until it is published. Source: rules SCR-01 to SCR-06
    in docs/rules.md.
    """

    State = ScreeningState

    proposal = models.OneToOneField(Proposal, models.PROTECT)
    state = models.CharField(
        max_length=20, choices=ScreeningState, default=ScreeningState.DRAFT
    )
    passed = models.BooleanField(null=True, help_text="Of a draft: not decided yet.")
    note = models.TextField(blank=True)
    draft = models.JSONField(
        default=dict,
        blank=True,
        help_text="What stands in the form so far: verdict, reason and note by code.",
    )
    draft_version = models.PositiveIntegerField(default=0)
    draft_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    draft_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    sent_back_note = models.TextField(
        blank=True, help_text="Why the second person did not confirm."
    )
    published_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When its institution was told the result."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", passed__isnull=True)
                | (
                    ~Q(state="draft")
                    & Q(
                        passed__isnull=False,
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                    )
                ),
                name="submissions_screening_decided_unless_draft",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="submissions_screening_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("decided_by")),
                name="submissions_screening_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="published") ^ Q(published_at__isnull=True),
                name="submissions_screening_published_at_when_published",
            ),
        ]
        indexes = [
            models.Index(
                fields=["published_at"],
                condition=Q(state="published", told_at=None),
                name="submissions_screening_untold",
            )
        ]
        triggers = [moves_trigger("state", SCREENING_MOVES)]

    def __str__(self) -> str:
        return str(self.proposal)

    @property
    def is_draft(self) -> bool:
        return self.state == ScreeningState.DRAFT

    @property
    def is_confirmed(self) -> bool:
        return self.state == ScreeningState.CONFIRMED

    @property
    def is_published(self) -> bool:
        return self.state == ScreeningState.PUBLISHED

    @property
    def is_unpublished(self) -> bool:
        """Whether it is decided, and nobody but the secretariat knows."""
        return self.state in {ScreeningState.DECIDED, ScreeningState.CONFIRMED}

    def needs_second(self, four_eyes: str) -> bool:
        """Whether a second person must confirm it, by the rule of its round."""
        if self.state != ScreeningState.DECIDED:
            return False
        return four_eyes == Round.FourEyes.ALL or (
            four_eyes == Round.FourEyes.FAILED and not self.passed
        )


class ScreeningResult(models.Model):
    """The publication of the check of a round, as one act.

    Source: rule SCR-04 in docs/rules.md.
    """

    round = models.OneToOneField(Round, models.PROTECT)
    announcement = models.ForeignKey(Announcement, models.PROTECT)
    passed = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    kept_back = models.JSONField(
        default=list,
        blank=True,
        help_text="Codes of the proposals whose result was not ready.",
    )
    kept_reason = models.TextField(blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kept_back=[]) | ~Q(kept_reason=""),
                name="submissions_screeningresult_kept_back_says_why",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return str(self.round)


class MachineCheck(models.Model):
    """What the portal itself found in a submitted proposal, when it last looked.

    Lists go by it; the page of one proposal looks anew. Source: rule SCR-02 in
    docs/rules.md.
    """

    proposal = models.OneToOneField(Proposal, models.CASCADE)
    met = models.PositiveSmallIntegerField()
    not_met = models.PositiveSmallIntegerField()
    needs_look = models.PositiveSmallIntegerField()
    outcomes = models.JSONField(
        default=dict, help_text="Of each requirement, by its code."
    )
    checked_at = models.DateTimeField()

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
    reason_code = models.CharField(max_length=40, choices=ReasonCode, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "requirement"],
                name="submissions_screeningitem_once",
            ),
            models.CheckConstraint(
                condition=Q(verdict="met") | (~Q(reason_code="") & ~Q(note="")),
                name="submissions_screeningitem_not_met_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.verdict}"

    @property
    def is_met(self) -> bool:
        return self.verdict == self.Verdict.MET

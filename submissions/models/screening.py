from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import Requirement
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

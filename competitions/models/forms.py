from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from competitions.models.rounds import Round, Track


class FormTemplate(models.Model):
    """The proposal form of a round; a later version leaves older answers alone."""

    round = models.ForeignKey(Round, models.CASCADE)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=120)
    statement = models.TextField(
        help_text="The statement of truth an author accepts when submitting."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "version"], name="competitions_form_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class HeaderField(models.Model):
    """A short field at the head of the form: a date, a choice, a link."""

    class Kind(models.TextChoices):
        DATE = "date", _("Date")
        TEXT = "text", _("Short text")
        YES_NO = "yes_no", _("Yes or no, with a follow-up")
        SDGS = "sdgs", _("Sustainable development goals")
        LINK = "link", _("Link")

    form = models.ForeignKey(FormTemplate, models.CASCADE)
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind)
    label = models.CharField(max_length=150)
    help_text = models.CharField(max_length=300, blank=True)
    follow_up = models.CharField(
        max_length=200, blank=True, help_text="Asked when the answer is yes."
    )
    is_required = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "code"], name="competitions_headerfield_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.label


class Section(models.Model):
    """One question of the form, answered in prose within a word limit."""

    form = models.ForeignKey(FormTemplate, models.CASCADE)
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    question = models.TextField()
    help_text = models.TextField(blank=True)
    word_limit = models.PositiveSmallIntegerField()
    is_required = models.BooleanField(default=True)
    tracks = models.ManyToManyField(
        Track, blank=True, help_text="None means every track."
    )
    evidence_required = models.BooleanField(default=False)
    evidence_max_files = models.PositiveSmallIntegerField(default=5)
    evidence_max_bytes = models.PositiveIntegerField(default=2 * 1024 * 1024)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "code"], name="competitions_section_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class LetterKind(models.Model):
    """A statement letter that a proposal carries, signed and scanned."""

    form = models.ForeignKey(FormTemplate, models.CASCADE)
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=150)
    help_text = models.CharField(max_length=300, blank=True)
    is_required = models.BooleanField(default=True)
    max_bytes = models.PositiveIntegerField(default=1024 * 1024)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "code"], name="competitions_letterkind_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Requirement(models.Model):
    """An administrative rule a proposal is screened against."""

    class Rule(models.TextChoices):
        SECTIONS_COMPLETE = "sections_complete", _("Every required section answered")
        WORD_LIMITS = "word_limits", _("Word limits kept")
        HEADER_COMPLETE = "header_complete", _("Every required field filled in")
        LETTERS = "letters", _("Every required letter attached")
        EVIDENCE = "evidence", _("Required evidence attached")
        MINIMUM_AGE = "minimum_age", _("Minimum age of the innovation")
        QUOTA = "quota", _("At most so many proposals per institution")
        MANUAL = "manual", _("Judged by the secretariat")

    round = models.ForeignKey(Round, models.CASCADE)
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=150)
    advice = models.TextField(
        help_text="The sentence that tells the author what to do."
    )
    rule = models.CharField(max_length=30, choices=Rule)
    params = models.JSONField(
        default=dict, blank=True, help_text="As {'months': 12} or {'maximum': 3}."
    )
    reason_code = models.CharField(
        max_length=40, help_text="Of the list in docs/rules.md, as UMUR_KURANG."
    )
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code"], name="competitions_requirement_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from competitions.models.parts import ForTracks, is_meant, kinds_of_institutions
from competitions.models.rounds import Round


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


class HeaderField(ForTracks):
    """A short field at the head of the form: a date, a choice, a list of people."""

    class Kind(models.TextChoices):
        DATE = "date", _("Date")
        TEXT = "text", _("Short text")
        YES_NO = "yes_no", _("Yes or no, with a follow-up")
        SDGS = "sdgs", _("Sustainable development goals")
        LINK = "link", _("Link")
        NUMBER = "number", _("Number")
        CHOICE = "choice", _("One of several choices")
        CHOICES = "choices", _("Several of the choices")
        PERSONS = "persons", _("List of people")

    # Kinds whose options are what may be chosen; those of PERSONS are columns.
    CHOSEN = {Kind.CHOICE, Kind.CHOICES}
    WITH_OPTIONS = CHOSEN | {Kind.PERSONS}
    WITH_BOUNDS = {Kind.NUMBER, Kind.SDGS, Kind.CHOICES, Kind.PERSONS}

    form = models.ForeignKey(FormTemplate, models.CASCADE)
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind)
    label = models.CharField(max_length=150)
    help_text = models.CharField(max_length=300, blank=True)
    follow_up = models.CharField(
        max_length=200, blank=True, help_text="Asked when the answer is yes."
    )
    options = models.JSONField(
        default=list,
        blank=True,
        help_text="[{'code': …, 'label': …}, …]: choices, or columns beside the name.",
    )
    minimum = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Least value of a number; least count of goals, choices, people.",
    )
    maximum = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_required = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "code"], name="competitions_headerfield_code_once"
            ),
            models.CheckConstraint(
                condition=Q(minimum=None)
                | Q(maximum=None)
                | Q(maximum__gte=F("minimum")),
                name="competitions_headerfield_bounds_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class EvidenceType(models.TextChoices):
    """What may be attached to a section."""

    PDF = "pdf", _("PDF")
    IMAGE = "image", _("Picture")
    SHEET = "xlsx", _("Spreadsheet (XLSX)")
    TEXT = "docx", _("Text document (DOCX)")
    LINK = "link", _("Link")


def default_evidence_types() -> list[str]:
    """What is taken unless a section says otherwise."""
    return [each.value for each in EvidenceType if each != EvidenceType.LINK]


class Section(ForTracks):
    """One question of the form, answered in prose."""

    form = models.ForeignKey(FormTemplate, models.CASCADE)
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    question = models.TextField()
    help_text = models.TextField(blank=True)
    example = models.TextField(
        blank=True, help_text="A good answer, shown to the author on demand."
    )
    word_limit = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: as many words as one likes."
    )
    is_required = models.BooleanField(default=True)
    evidence_required = models.BooleanField(default=False)
    evidence_help = models.CharField(max_length=300, blank=True)
    evidence_types = ArrayField(
        models.CharField(max_length=10, choices=EvidenceType),
        default=default_evidence_types,
        blank=True,
    )
    evidence_max_files = models.PositiveSmallIntegerField(
        default=5, help_text="Files and links together; 0 means no evidence."
    )
    evidence_max_bytes = models.PositiveIntegerField(default=2 * 1024 * 1024)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "code"], name="competitions_section_code_once"
            ),
            models.CheckConstraint(
                condition=Q(word_limit=None) | Q(word_limit__gte=1),
                name="competitions_section_word_limit_is_one_or_more",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LetterKind(ForTracks):
    """A statement letter that a proposal carries, signed and scanned."""

    class Signer(models.TextChoices):
        HEAD = "head", _("Head of the institution")
        AUTHOR = "author", _("The author")

    form = models.ForeignKey(FormTemplate, models.CASCADE)
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=150)
    help_text = models.CharField(max_length=300, blank=True)
    body = models.TextField(
        blank=True,
        help_text="Text of the letter, with {placeholders}; empty: no template.",
    )
    signer = models.CharField(max_length=10, choices=Signer, default=Signer.HEAD)
    has_stamp_duty = models.BooleanField(
        default=False, help_text="Whether a stamp of Rp10.000 goes beside the name."
    )
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


class Consent(ForTracks):
    """A statement that the author ticks before submitting."""

    form = models.ForeignKey(FormTemplate, models.CASCADE)
    code = models.SlugField(max_length=40)
    text = models.TextField()
    is_required = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "code"], name="competitions_consent_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Requirement(ForTracks):
    """An administrative rule a proposal is screened against."""

    class Rule(models.TextChoices):
        SECTIONS_COMPLETE = "sections_complete", _("Every required section answered")
        WORD_LIMITS = "word_limits", _("Word limits kept")
        HEADER_COMPLETE = "header_complete", _("Every required field filled in")
        LETTERS = "letters", _("Every required letter attached")
        EVIDENCE = "evidence", _("Required evidence attached")
        CONSENTS = "consents", _("Every required statement ticked")
        MINIMUM_AGE = "minimum_age", _("Minimum age of the innovation")
        QUOTA = "quota", _("At most so many proposals per institution")
        EARLIER_AWARDS = "earlier_awards", _("Awards won in earlier years")
        SDG_COUNT = "sdg_count", _("Number of sustainable development goals")
        UNIQUE_TITLE = "unique_title", _("Title used for one proposal only")
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
    institution_kinds = kinds_of_institutions()
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

    def concerns(self, track: str, institution_kind: str) -> bool:
        """Whether it is asked of a proposal of this track and kind of institution."""
        return self.is_for(track) and is_meant(institution_kind, self.institution_kinds)

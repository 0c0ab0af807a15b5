from __future__ import annotations

from datetime import datetime
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, User

DEFAULT_REMINDERS_HOURS = [168, 72, 24, 3]


def default_reminders() -> list[int]:
    """7, 3 and 1 days and 3 hours before closing."""
    return list(DEFAULT_REMINDERS_HOURS)


class Competition(models.Model):
    """A series of rounds, as "KIPP Kota Tegal"."""

    government = models.ForeignKey(Government, models.PROTECT)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.short_name


class RoundQuerySet(models.QuerySet["Round"]):
    def published(self) -> Self:
        """Keep the rounds that were opened to the public."""
        return self.exclude(opened_at=None)

    def visible_to(self, user: User) -> Self:
        """Keep opened rounds and those the user's own secretariat prepares."""
        return self.filter(
            ~Q(opened_at=None) | Q(competition__government__in=_run_by(user))
        )

    def run_by(self, user: User) -> Self:
        """Keep the rounds that `user` runs as secretariat."""
        return self.filter(competition__government__in=_run_by(user))

    def for_list(self) -> Self:
        return self.select_related("competition__government").order_by(
            "-year", "-edition", "pk"
        )


@pghistory.track()
class Round(models.Model):
    """One edition of a competition: all its rules are rows that hang on it."""

    class Level(models.TextChoices):
        CITY = "kota", _("City or regency")
        PROVINCE = "provinsi", _("Province")
        NATION = "nasional", _("Nation")

    competition = models.ForeignKey(Competition, models.PROTECT)
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=150)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2014), MaxValueValidator(2100)]
    )
    edition = models.PositiveSmallIntegerField(_("edition"))
    theme = models.TextField(_("theme"), blank=True)
    level = models.CharField(max_length=20, choices=Level, default=Level.CITY)
    organiser = models.CharField(_("organiser"), max_length=150)
    endorsement_required = models.BooleanField(
        _("proposals are endorsed by the head of the institution"), default=True
    )
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "year"],
                name="competitions_round_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["competition", "edition"],
                name="competitions_round_edition_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:round_detail", args=[self.slug])

    @property
    def is_opened(self) -> bool:
        return self.opened_at is not None


class StageQuerySet(models.QuerySet["Stage"]):
    def open_at(self, at: datetime) -> Self:
        """Keep the stages open at `at`; closing is exclusive."""
        return self.filter(opens_at__lte=at, closes_at__gt=at)


@pghistory.track()
class Stage(models.Model):
    """A span of a round's calendar; it is open by its dates alone."""

    class Kind(models.TextChoices):
        KICKOFF = "kickoff", _("Kick-off")
        SUBMISSION = "submission", _("Submission of proposals")
        SCREENING = "screening", _("Administrative screening")
        SCORING = "scoring", _("Scoring of proposals")
        PRESENTATION = "presentation", _("Presentation and interview")
        FIELD_VISIT = "field_visit", _("Field verification")
        PLENARY = "plenary", _("Jury plenary")
        OBJECTION = "objection", _("Objection period")
        ANNOUNCEMENT = "announcement", _("Announcement of winners")
        CEREMONY = "ceremony", _("Award ceremony")

    round = models.ForeignKey(Round, models.CASCADE)
    kind = models.CharField(max_length=20, choices=Kind)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    place = models.CharField(_("place"), max_length=150, blank=True)
    reminder_hours = ArrayField(
        models.PositiveSmallIntegerField(),
        default=default_reminders,
        blank=True,
        help_text="Hours before closing at which those concerned are reminded.",
    )

    objects = StageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "order"], name="competitions_stage_order_once"
            ),
            models.UniqueConstraint(
                fields=["round", "kind"], name="competitions_stage_kind_once"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="competitions_stage_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, at: datetime) -> bool:
        """Whether the stage is open at `at`; the closing moment is outside."""
        return self.opens_at <= at < self.closes_at

    def is_over(self, at: datetime) -> bool:
        return at >= self.closes_at


class Track(models.Model):
    """A group (kelompok) of entries: umum, replikasi, khusus."""

    round = models.ForeignKey(Round, models.CASCADE)
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=60)
    description = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code"], name="competitions_track_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A field of service that a proposal belongs to, as "kesehatan"."""

    round = models.ForeignKey(Round, models.CASCADE)
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code"], name="competitions_category_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


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


@pghistory.track()
class ScoringStage(models.Model):
    """How a jury scores: scale, pass mark, size of the shortlist, note rules."""

    round = models.ForeignKey(Round, models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    share = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=100,
        help_text="Percent of the final score; the stages of a round sum to 100.",
    )
    scale_min = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    scale_max = models.DecimalField(max_digits=5, decimal_places=2, default=100)
    pass_mark = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True
    )
    shortlist_size = models.PositiveSmallIntegerField(null=True, blank=True)
    jurors_per_proposal = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: every juror scores every proposal."
    )
    note_below = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, default=60
    )
    note_above = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, default=95
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code"], name="competitions_scoringstage_code_once"
            ),
            models.CheckConstraint(
                condition=Q(scale_max__gt=F("scale_min")),
                name="competitions_scoringstage_scale_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Criterion(models.Model):
    """What is scored, with its weight in percent; a stage's weights sum to 100."""

    scoring_stage = models.ForeignKey(ScoringStage, models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    weight = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    sections = models.ManyToManyField(Section, blank=True)
    anchors = models.JSONField(
        default=list,
        blank=True,
        help_text="[{'from': 0, 'to': 59, 'label': …, 'text': …}, …], low to high.",
    )
    tie_break = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Its place in the tie-break chain."
    )
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scoring_stage", "code"],
                name="competitions_criterion_code_once",
            ),
            models.UniqueConstraint(
                fields=["scoring_stage", "tie_break"],
                name="competitions_criterion_tie_break_once",
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=100),
                name="competitions_criterion_weight_is_percent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AwardLevel(models.Model):
    """A rung of the award scheme: Juara I, Harapan II, Finalis."""

    round = models.ForeignKey(Round, models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    rank_from = models.PositiveSmallIntegerField()
    rank_to = models.PositiveSmallIntegerField()
    prize = models.CharField(max_length=120, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code"], name="competitions_awardlevel_code_once"
            ),
            models.CheckConstraint(
                condition=Q(rank_from__gte=1, rank_to__gte=F("rank_from")),
                name="competitions_awardlevel_ranks_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def published_at(self, at: datetime) -> Self:
        """Keep what the public may read at `at`."""
        return self.filter(publish_at__lte=at, round__opened_at__isnull=False)


class Announcement(models.Model):
    """A public notice of a round, with number and date."""

    round = models.ForeignKey(Round, models.CASCADE)
    slug = models.SlugField(max_length=120, unique=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    issued_date = models.DateField(_("date"))
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    publish_at = models.DateTimeField(_("publish at"))

    objects = AnnouncementQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:announcement_detail", args=[self.slug])


def _run_by(user: User) -> models.QuerySet[Government]:
    return Government.objects.run_by(user)

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from competitions.models.forms import Section
from competitions.models.parts import ForGroups, ForTracks
from competitions.models.rounds import Round, Stage


class JurorBackground(models.TextChoices):
    """The sphere a juror comes from, as the rules of a panel name it."""

    ACADEMIC = "akademisi", _("Academic")
    NGO = "ngo", _("Non-governmental organisation")
    PRACTITIONER = "praktisi", _("Practitioner")
    JOURNALIST = "jurnalis", _("Journalist")
    OFFICIAL = "birokrat", _("Civil servant")


@pghistory.track()
class ScoringStage(models.Model):
    """How a jury scores: scale, pass mark, size of the shortlist, note rules."""

    class Kind(models.TextChoices):
        DESK = "desk", _("Scoring of proposals")
        PRESENTATION = "presentation", _("Presentation and interview")
        FIELD_GATE = "field_gate", _("Field verification: passed or not, no score")
        ASSESSMENT = "assessment", _("Assessment by a tree of components")

    class OthersScores(models.TextChoices):
        NEVER = "never", _("Never")
        AFTER_OWN = "after_own", _("After one's own sheet is final")

    # Spans of the calendar that a jury can work in.
    CALENDAR_KINDS = [
        Stage.Kind.SCORING,
        Stage.Kind.PRESENTATION,
        Stage.Kind.FIELD_VISIT,
    ]

    round = models.ForeignKey(Round, models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.DESK)
    calendar_kind = models.CharField(
        max_length=20,
        choices=[(kind.value, kind.label) for kind in CALENDAR_KINDS],
        default=Stage.Kind.SCORING,
        help_text="The stage of the calendar in which the jury does it.",
    )
    description = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField()
    share = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=100,
        help_text="Percent of the final score; the stages of a round sum to 100.",
    )
    scale_min = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    scale_max = models.DecimalField(max_digits=5, decimal_places=2, default=100)
    scale_step = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal("0.01"),
        help_text="1: whole numbers only.",
    )
    pass_mark = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True
    )
    shortlist_size = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of all groups together."
    )
    jurors_per_proposal = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: every juror scores every proposal."
    )
    note_below = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, default=60
    )
    note_above = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, default=95
    )
    note_always = models.BooleanField(
        default=False, help_text="Every score is explained, whatever its value."
    )
    others_scores = models.CharField(
        max_length=20, choices=OthersScores, default=OthersScores.NEVER
    )
    is_blind = models.BooleanField(
        default=False, help_text="Jurors do not see whose proposal it is."
    )
    wide_spread = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        default=20,
        help_text="Points between jurors' totals that call for discussion.",
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
            models.CheckConstraint(
                condition=Q(scale_step__gt=0),
                name="competitions_scoringstage_scale_has_steps",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=100),
                name="competitions_scoringstage_share_is_percent",
            ),
            models.CheckConstraint(
                condition=~Q(kind="field_gate") | Q(share=0),
                name="competitions_scoringstage_gate_has_no_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_gate(self) -> bool:
        """Whether it lets pass or not, without a score."""
        return self.kind == self.Kind.FIELD_GATE

    @property
    def is_presentation(self) -> bool:
        """Whether institutions stand before the jury in it."""
        return self.kind == self.Kind.PRESENTATION

    @property
    def is_assessment(self) -> bool:
        return self.kind == self.Kind.ASSESSMENT


class Shortlist(ForGroups):
    """How many proposals of each group a scoring stage lets through."""

    scoring_stage = models.ForeignKey(ScoringStage, models.CASCADE)
    size = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=1), name="competitions_shortlist_size_is_not_zero"
            ),
            models.UniqueConstraint(
                fields=["scoring_stage", "order"],
                name="competitions_shortlist_order_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_per_display()}: {self.size}"


@pghistory.track()
class Criterion(ForTracks):
    """What is scored, with its weight in percent; a stage's weights sum to 100.

    In an assessment criteria form a tree: the weights below one sum to its own, and
    only the leaves are scored.
    """

    scoring_stage = models.ForeignKey(ScoringStage, models.CASCADE)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True)
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
        null=True,
        blank=True,
        help_text="Its place in the round's tie-break chain, from 1.",
    )
    order = models.PositiveSmallIntegerField()

    looks_at: list[int]  # ids of its sections, where a query annotates them

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
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="competitions_criterion_is_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Predicate(models.Model):
    """What an assessment can come to, as WBK and WBBM."""

    scoring_stage = models.ForeignKey(ScoringStage, models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    requires = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        help_text="The predicate that must have been held before.",
    )
    order = models.PositiveSmallIntegerField(help_text="Low to high.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scoring_stage", "code"],
                name="competitions_predicate_code_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class PredicateMinimum(models.Model):
    """The least a component, or the whole, must reach for a predicate."""

    class Unit(models.TextChoices):
        POINTS = "points", _("points")
        PERCENT = "percent", _("percent of its weight")

    predicate = models.ForeignKey(Predicate, models.CASCADE)
    criterion = models.ForeignKey(
        Criterion,
        models.CASCADE,
        null=True,
        blank=True,
        help_text="Any component of the tree; empty: the total.",
    )
    minimum = models.DecimalField(max_digits=5, decimal_places=2)
    unit = models.CharField(max_length=10, choices=Unit, default=Unit.POINTS)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predicate", "criterion"],
                nulls_distinct=False,
                name="competitions_predicateminimum_once_per_component",
            ),
            models.CheckConstraint(
                condition=Q(minimum__gte=0, minimum__lte=100),
                name="competitions_predicateminimum_is_percent_or_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predicate}: {self.minimum} {self.get_unit_display()}"

    @property
    def points(self) -> Decimal:
        """The minimum in points; load `criterion` first."""
        if self.unit == self.Unit.POINTS:
            return self.minimum
        whole = Decimal(100) if self.criterion is None else self.criterion.weight
        return self.minimum * whole / 100


class AwardLevel(ForGroups):
    """A rung of the award scheme: Juara I, Harapan II, Top 5, Favorit, WBK."""

    class Kind(models.TextChoices):
        RANK = "rank", _("By rank")
        FAVOURITE = "favourite", _("Chosen outside the rank")
        PREDICATE = "predicate", _("By a predicate of the assessment")

    round = models.ForeignKey(Round, models.CASCADE)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.RANK)
    rank_from = models.PositiveSmallIntegerField(null=True, blank=True)
    rank_to = models.PositiveSmallIntegerField(null=True, blank=True)
    places = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many favourites; empty: as many as liked."
    )
    predicate = models.ForeignKey(
        Predicate, models.RESTRICT, null=True, blank=True, related_name="+"
    )
    description = models.TextField(blank=True)
    prize = models.CharField(max_length=120, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code"], name="competitions_awardlevel_code_once"
            ),
            models.CheckConstraint(
                condition=Q(rank_from=None)
                | Q(rank_from__gte=1, rank_to__gte=F("rank_from")),
                name="competitions_awardlevel_ranks_in_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="rank",
                    rank_from__isnull=False,
                    rank_to__isnull=False,
                    places=None,
                    predicate=None,
                )
                | Q(kind="favourite", rank_from=None, rank_to=None, predicate=None)
                | Q(
                    kind="predicate",
                    rank_from=None,
                    rank_to=None,
                    places=None,
                    predicate__isnull=False,
                ),
                name="competitions_awardlevel_fits_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_by_rank(self) -> bool:
        return self.kind == self.Kind.RANK

    def covers(self, rank: int | None) -> bool:
        """Whether it goes to `rank`; levels of other kinds go to none."""
        if rank is None or self.rank_from is None or self.rank_to is None:
            return False
        return self.rank_from <= rank <= self.rank_to

from __future__ import annotations

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from competitions.models.forms import Section
from competitions.models.rounds import Round


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

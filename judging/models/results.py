"""The sealed outcome of a round: of all its scoring stages together."""

from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, User
from competitions.models import Grouping, Round, ScoringStage
from core.states import moves_trigger
from judging.models import locks
from judging.models.sheets import Verdict
from submissions.models import Proposal


class ResultState(models.TextChoices):
    PROVISIONAL = "provisional", _("Provisional")
    SEALED = "sealed", _("Sealed")


RESULT_MOVES = {ResultState.PROVISIONAL: {ResultState.SEALED}}


class ResultQuerySet(models.QuerySet["Result"]):
    def sealed(self) -> Self:
        return self.filter(state=ResultState.SEALED)

    def standing(self) -> Self:
        """Keep the sealed ones that no later result has taken the place of."""
        return self.sealed().filter(replaced_by=None)


@pghistory.track(exclude=["payload"])
class Result(models.Model):
    """Inputs and outcome of all scoring stages of a round, sealed by a digest.

    The digest of a government's result names the one before it, so that none can
    be altered or taken out unseen. A correction is a new result that replaces it.
    """

    State = ResultState

    government = models.ForeignKey(Government, models.PROTECT)
    round = models.ForeignKey(Round, models.PROTECT)
    scoring_stage = models.ForeignKey(
        ScoringStage,
        models.PROTECT,
        help_text="The last one, with which it was complete.",
    )
    state = models.CharField(
        max_length=20, choices=ResultState, default=ResultState.PROVISIONAL
    )
    sequence = models.PositiveIntegerField(
        null=True, help_text="Its place in the government's chain, from 1."
    )
    payload = models.TextField(
        blank=True, help_text="Canonical JSON, the very bytes the digest is of."
    )
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256, hex")
    previous_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    objects = ResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="provisional")
                | Q(
                    sealed_at__isnull=False,
                    sealed_by__isnull=False,
                    sequence__isnull=False,
                    digest__regex=r"^[0-9a-f]{64}$",
                ),
                name="judging_result_sealed_is_complete",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state="sealed", replaces=None),
                name="judging_result_sealed_once",
            ),
            models.UniqueConstraint(
                fields=["government", "sequence"], name="judging_result_chain_is_a_line"
            ),
        ]
        triggers = [
            moves_trigger("state", RESULT_MOVES),
            pgtrigger.Protect(
                name="sealed_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="sealed"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.round)

    def get_absolute_url(self) -> str:
        return reverse("judging:result_detail", args=[self.round.slug])

    @property
    def is_sealed(self) -> bool:
        return self.state == ResultState.SEALED


class ResultRow(models.Model):
    """One proposal's place in a result, with the names of that day."""

    result = models.ForeignKey(Result, models.CASCADE)
    proposal = models.ForeignKey(Proposal, models.PROTECT)
    position = models.PositiveIntegerField(help_text="Its line in the list, from 1.")
    rank = models.PositiveIntegerField(
        null=True, help_text="Shared by an unresolved tie; empty if not judged so far."
    )
    code = models.CharField(max_length=24)
    title = models.CharField(max_length=200)
    institution_name = models.CharField(max_length=150)
    total = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        help_text="0 to 100, to read and to sort; the payload keeps the fraction.",
    )
    track = models.SlugField(max_length=30, blank=True)
    category = models.SlugField(max_length=60, blank=True)
    cluster = models.SlugField(max_length=60, blank=True)
    ranks = models.JSONField(
        default=dict, help_text="Ranks within track, category and cluster."
    )
    sheet_count = models.PositiveSmallIntegerField()
    tie_rule = models.CharField(
        max_length=40,
        blank=True,
        help_text="Code of the criterion that decided, or `shared`.",
    )
    passes = models.BooleanField(help_text="Whether the pass mark is reached.")
    is_shortlisted = models.BooleanField()
    stopped_at = models.CharField(
        max_length=40,
        blank=True,
        help_text="Code of the scoring stage that did not let it through.",
    )
    predicate = models.CharField(
        max_length=40, blank=True, help_text="Code of what an assessment came to."
    )
    shortfalls = models.JSONField(
        default=list, help_text="What kept each other predicate away."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["result", "proposal"], name="judging_resultrow_once"
            ),
            models.UniqueConstraint(
                fields=["result", "position"], name="judging_resultrow_position_once"
            ),
            models.CheckConstraint(
                condition=Q(rank=None) ^ Q(total__isnull=False),
                name="judging_resultrow_rank_with_total",
            ),
        ]
        triggers = [
            locks.guard(
                name="unless_sealed",
                variables=[("result_state", "text")],
                check="""
                SELECT state INTO result_state FROM judging_result
                WHERE id = COALESCE(NEW.result_id, OLD.result_id);
                IF result_state = 'sealed' THEN
                    RAISE EXCEPTION 'This result is sealed.';
                END IF;
                """,
            ),
            pgtrigger.ReadOnly(name="place_fixed", fields=["result", "proposal"]),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"

    def group_of(self, per: str) -> str:
        """The code of its track, category or cluster; nothing overall."""
        groups = {
            Grouping.TRACK.value: self.track,
            Grouping.CATEGORY.value: self.category,
            Grouping.CLUSTER.value: self.cluster,
        }
        return groups.get(per, "")


class ResultPart(models.Model):
    """What one scoring stage made of a proposal, as sealed with its result."""

    row = models.ForeignKey(ResultRow, models.CASCADE)
    scoring_stage = models.ForeignKey(ScoringStage, models.PROTECT)
    position = models.PositiveIntegerField()
    rank = models.PositiveIntegerField(null=True)
    total = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        help_text="On the scale of the stage.",
    )
    means = ArrayField(
        models.DecimalField(max_digits=12, decimal_places=6, null=True),
        help_text="Mean per criterion, in the order of the criteria.",
    )
    spread = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        help_text="Highest less lowest total of its sheets.",
    )
    ranks = models.JSONField(default=dict)
    sheet_count = models.PositiveSmallIntegerField()
    tie_rule = models.CharField(max_length=40, blank=True)
    passes = models.BooleanField()
    is_shortlisted = models.BooleanField(help_text="Whether it got through.")
    verdict = models.CharField(max_length=10, blank=True, choices=Verdict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["row", "scoring_stage"], name="judging_resultpart_once"
            ),
            models.CheckConstraint(
                condition=Q(rank=None) ^ Q(total__isnull=False),
                name="judging_resultpart_rank_with_total",
            ),
        ]
        triggers = [
            locks.guard(
                name="unless_sealed",
                variables=[("result_state", "text")],
                check="""
                SELECT result.state INTO result_state FROM judging_resultrow AS own
                JOIN judging_result AS result ON result.id = own.result_id
                WHERE own.id = COALESCE(NEW.row_id, OLD.row_id);
                IF result_state = 'sealed' THEN
                    RAISE EXCEPTION 'This result is sealed.';
                END IF;
                """,
            ),
            pgtrigger.ReadOnly(name="place_fixed", fields=["row", "scoring_stage"]),
        ]

    def __str__(self) -> str:
        return f"{self.scoring_stage}: {self.row}"

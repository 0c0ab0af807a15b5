"""All parts of a round, loaded at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from competitions.models import (
    AwardLevel,
    Category,
    Criterion,
    FormTemplate,
    HeaderField,
    LetterKind,
    Requirement,
    Round,
    ScoringStage,
    Section,
    Stage,
    Track,
)


@dataclass(frozen=True)
class ScoringParts:
    """A scoring stage with its criteria; each has its sections loaded."""

    stage: ScoringStage
    criteria: Sequence[Criterion]

    @property
    def tie_break_names(self) -> str:
        """The tie-break chain in words: "Signifikansi, Kebaruan"."""
        chain = [each for each in self.criteria if each.tie_break is not None]
        chain.sort(key=lambda criterion: criterion.tie_break or 0)
        return ", ".join(criterion.name for criterion in chain)


@dataclass(frozen=True)
class RoundParts:
    """A round with everything that hangs on it, each in its order.

    Looking at it queries nothing; `Section.tracks` and `Criterion.sections` are loaded.
    """

    round: Round
    stages: Sequence[Stage]
    tracks: Sequence[Track]
    categories: Sequence[Category]
    form: FormTemplate | None
    header_fields: Sequence[HeaderField]
    sections: Sequence[Section]
    letters: Sequence[LetterKind]
    requirements: Sequence[Requirement]
    scoring: Sequence[ScoringParts]
    awards: Sequence[AwardLevel]

    @cached_property
    def word_total(self) -> int:
        """Words of all sections that every track answers."""
        return sum(
            section.word_limit for section in self.sections if not section.tracks.all()
        )


def round_parts(round: Round) -> RoundParts:
    """Load all parts of `round`, in 13 queries whatever their number."""
    form = FormTemplate.objects.filter(round=round).order_by("-version").first()
    criteria = list(
        Criterion.objects.filter(scoring_stage__round=round)
        .prefetch_related(Prefetch("sections", Section.objects.order_by("order", "pk")))
        .order_by("order", "pk")
    )
    return RoundParts(
        round=round,
        stages=list(Stage.objects.filter(round=round).order_by("order")),
        tracks=list(Track.objects.filter(round=round).order_by("order", "pk")),
        categories=list(Category.objects.filter(round=round).order_by("order", "pk")),
        form=form,
        header_fields=list(
            HeaderField.objects.filter(form=form).order_by("order", "pk")
        ),
        sections=list(
            Section.objects.filter(form=form)
            .prefetch_related("tracks")
            .order_by("order", "pk")
        ),
        letters=list(LetterKind.objects.filter(form=form).order_by("order", "pk")),
        requirements=list(
            Requirement.objects.filter(round=round).order_by("order", "pk")
        ),
        scoring=[
            ScoringParts(
                stage, [each for each in criteria if each.scoring_stage_id == stage.pk]
            )
            for stage in ScoringStage.objects.filter(round=round).order_by(
                "order", "pk"
            )
        ],
        awards=list(AwardLevel.objects.filter(round=round).order_by("rank_from", "pk")),
    )

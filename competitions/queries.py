"""All parts of a round, loaded at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Prefetch
from django.db.models.functions import JSONObject

from competitions.models import (
    AwardLevel,
    Category,
    Cluster,
    Consent,
    Criterion,
    FormTemplate,
    HeaderField,
    LetterKind,
    Predicate,
    PredicateMinimum,
    ReminderPlan,
    Requirement,
    Round,
    ScoringStage,
    Section,
    Shortlist,
    Stage,
    Track,
)


@dataclass(frozen=True)
class ScoringParts:
    """A scoring stage with all that hangs on it; criteria have their sections loaded.

    In an assessment `criteria` are the whole tree, each before those below it.
    """

    stage: ScoringStage
    criteria: Sequence[Criterion]
    shortlists: Sequence[Shortlist] = ()
    predicates: Sequence[Predicate] = ()

    @cached_property
    def leaves(self) -> Sequence[Criterion]:
        """The criteria that are scored: those with none below them."""
        parents = {each.parent_id for each in self.criteria}
        return [each for each in self.criteria if each.pk not in parents]

    def criteria_for(self, track: str) -> Sequence[Criterion]:
        """What a proposal of the track with this code is scored by."""
        return [each for each in self.leaves if each.is_for(track)]


@dataclass(frozen=True)
class RoundParts:
    """A round with everything that hangs on it, each in its order.

    Looking at it queries nothing; `Criterion.sections` are loaded.
    """

    round: Round
    stages: Sequence[Stage]
    tracks: Sequence[Track]
    categories: Sequence[Category]
    clusters: Sequence[Cluster]
    form: FormTemplate | None
    header_fields: Sequence[HeaderField]
    sections: Sequence[Section]
    letters: Sequence[LetterKind]
    consents: Sequence[Consent]
    requirements: Sequence[Requirement]
    scoring: Sequence[ScoringParts]
    awards: Sequence[AwardLevel]

    def words_for(self, track: str) -> int:
        """The limits of all sections that the track with this code answers."""
        return sum(each.word_limit or 0 for each in self.sections if each.is_for(track))

    @cached_property
    def tie_break_chain(self) -> Sequence[Criterion]:
        """The criteria that break a tie, of all stages, first things first."""
        chain = [
            (each.tie_break, place, each)
            for place, scoring in enumerate(self.scoring)
            for each in scoring.criteria
            if each.tie_break is not None
        ]
        return [each for *_, each in sorted(chain, key=lambda link: link[:2])]

    @property
    def is_by_invitation(self) -> bool:
        """Whether some track is entered only by those who are invited."""
        return any(track.is_by_invitation for track in self.tracks)

    @cached_property
    def awards_in_order(self) -> Sequence[AwardLevel]:
        """The award scheme as it is written, whatever the ranks."""
        return sorted(self.awards, key=lambda level: (level.order, level.pk))


def round_parts(round: Round) -> RoundParts:
    """Load all parts of `round`, in 13 queries whatever their number.

    An assessment needs two more, for its predicates and their minimums.
    """
    form = FormTemplate.objects.filter(round=round).order_by("-version").first()
    sections = list(Section.objects.filter(form=form).order_by("order", "pk"))
    scoring = scoring_parts(round, sections)
    return RoundParts(
        round=round,
        stages=stages_with_reminders(round),
        tracks=list(Track.objects.filter(round=round).order_by("order", "pk")),
        categories=list(Category.objects.filter(round=round).order_by("order", "pk")),
        clusters=list(Cluster.objects.filter(round=round).order_by("order", "pk")),
        form=form,
        header_fields=list(
            HeaderField.objects.filter(form=form).order_by("order", "pk")
        ),
        sections=sections,
        letters=list(LetterKind.objects.filter(form=form).order_by("order", "pk")),
        consents=list(Consent.objects.filter(form=form).order_by("order", "pk")),
        requirements=list(
            Requirement.objects.filter(round=round).order_by("order", "pk")
        ),
        scoring=scoring,
        awards=_awards(round, scoring),
    )


def _awards(round: Round, scoring: Sequence[ScoringParts]) -> list[AwardLevel]:
    """Load the award scheme, each level with the predicate that earns it."""
    predicates = {each.pk: each for parts in scoring for each in parts.predicates}
    found = AwardLevel.objects.filter(round=round).order_by(
        F("rank_from").asc(nulls_last=True), "order", "pk"
    )
    awards = list(found)
    for award in awards:
        if award.predicate_id:
            award.predicate = predicates[award.predicate_id]
    return awards


def stages_with_reminders(round: Round) -> list[Stage]:
    """Load the calendar of `round`, each stage with its plan of reminders."""
    names = ("anchor", "hours", "audience", "channels")
    plans = (
        ReminderPlan.objects.standing()
        .filter(stage=OuterRef("pk"))
        .order_by("anchor", "-hours", "audience")
        .values(row=JSONObject(**{name: name for name in names}))
    )
    found = Stage.objects.filter(round=round).annotate(plans=ArraySubquery(plans))
    stages: list[Stage] = []
    for stage in found.order_by("order"):
        stage.reminders = stage.plans
        stages.append(stage)
    return stages


def scoring_parts(
    round: Round, sections: Sequence[Section] | None = None
) -> list[ScoringParts]:
    """Load the scoring stages of `round` in their order, with all they go by.

    `sections` are those of its form, where they are loaded already.
    """
    shortlists = Shortlist.objects.filter(scoring_stage=OuterRef("pk"))
    row = JSONObject(pk="pk", per="per", groups="groups", size="size", order="order")
    stages = list(
        ScoringStage.objects.filter(round=round)
        .annotate(
            lists=ArraySubquery(shortlists.order_by("order").values(row=row)),
            has_predicates=Exists(
                Predicate.objects.filter(scoring_stage=OuterRef("pk"))
            ),
        )
        .order_by("order", "pk")
    )
    criteria = _criteria(round, sections)
    predicates: list[Predicate] = []
    if any(stage.has_predicates for stage in stages):
        minimums = PredicateMinimum.objects.order_by("pk")
        predicates = list(
            Predicate.objects.filter(scoring_stage__round=round)
            .select_related("requires")
            .prefetch_related(Prefetch("predicateminimum_set", minimums))
            .order_by("order", "pk")
        )
    _tie_together(stages, criteria, predicates)
    return [
        ScoringParts(
            stage,
            [each for each in criteria if each.scoring_stage_id == stage.pk],
            [Shortlist(scoring_stage=stage, **values) for values in stage.lists],
            [each for each in predicates if each.scoring_stage_id == stage.pk],
        )
        for stage in stages
    ]


def _criteria(round: Round, sections: Sequence[Section] | None) -> list[Criterion]:
    """Load the criteria of all stages, with the sections each looks at."""
    found = Criterion.objects.filter(scoring_stage__round=round).order_by("order", "pk")
    if sections is None:
        ordered = Section.objects.order_by("order", "pk")
        return list(found.prefetch_related(Prefetch("sections", ordered)))
    links = Criterion.sections.through.objects.filter(criterion=OuterRef("pk"))
    criteria: list[Any] = list(
        found.annotate(linked=ArraySubquery(links.values("section")))
    )
    for criterion in criteria:
        # As `prefetch_related` leaves it, without its query.
        looked_at = criterion.sections.all()
        looked_at._result_cache = [
            section for section in sections if section.pk in criterion.linked
        ]
        looked_at._prefetch_done = True
        criterion._prefetched_objects_cache = {"sections": looked_at}
    return criteria


def _tie_together(
    stages: Sequence[ScoringStage],
    criteria: Sequence[Criterion],
    predicates: Sequence[Predicate],
) -> None:
    """Let loaded rows know each other, so that looking at them queries nothing."""
    stage_of = {stage.pk: stage for stage in stages}
    criterion_of = {each.pk: each for each in criteria}
    for criterion in criteria:
        criterion.scoring_stage = stage_of[criterion.scoring_stage_id]
        if criterion.parent_id:
            criterion.parent = criterion_of[criterion.parent_id]
    for predicate in predicates:
        for minimum in predicate.predicateminimum_set.all():
            if minimum.criterion_id:
                minimum.criterion = criterion_of[minimum.criterion_id]

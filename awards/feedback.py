"""What a proposal came to, told to its authors so that it helps them.

Figures are those of the sealed result. What others reached is told as a mean of many,
and notes stand in an order that tells no juror.
Source: rules AWD-07 and AWD-08 in docs/rules.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from awards import queries
from awards.models import FeedbackNote, FeedbackPlan
from competitions.models import Criterion, Round, ScoringStage
from competitions.queries import ScoringParts
from core import numbers
from judging import queries as judging_queries
from judging.models import Result, ResultPart, ResultRow, Score, Verdict

# With fewer the mean of all would tell what a single other one reached.
LEAST = 5
# Strengths, and criteria to work on, that are named.
NAMED = 2


@dataclass(frozen=True)
class Mean:
    """The mean of all proposals for one criterion, and of how many."""

    value: Decimal
    count: int


@dataclass(frozen=True)
class Field:
    """What all of a round came to, loaded once for many proposals.

    `means` are by id of the criterion, `totals` by id of the stage.
    """

    round: Round
    result: Result
    plan: FeedbackPlan
    scoring: Sequence[ScoringParts]
    means: Mapping[int, Mean]
    totals: Mapping[int, Mean]
    ranked_count: int

    @property
    def has_shortlist(self) -> bool:
        return any(
            each.stage.shortlist_size or each.shortlists for each in self.scoring
        )


@dataclass(frozen=True)
class CriterionFeedback:
    """One criterion of one proposal; `field` is None where too few were judged."""

    stage: ScoringStage
    criterion: Criterion
    mean: Decimal
    field: Decimal | None
    notes: Sequence[str] = ()

    @property
    def distance(self) -> Decimal:
        """How far above the others, as a part of the scale; above none, of its top."""
        other = self.stage.scale_max if self.field is None else self.field
        return (self.mean - other) / self.stage.scale_max

    @property
    def anchor(self) -> Mapping[str, str] | None:
        """What the rules say of a score like this."""
        reached = [each for each in self.criterion.anchors if each["from"] <= self.mean]
        return reached[-1] if reached else None

    @property
    def next_anchor(self) -> Mapping[str, str] | None:
        """What the rules say of the next better score."""
        above = [each for each in self.criterion.anchors if each["from"] > self.mean]
        return above[0] if above else None


@dataclass(frozen=True)
class StageFeedback:
    """What one stage came to: a total with its criteria, or a verdict in words."""

    stage: ScoringStage
    total: Decimal | None
    field: Decimal | None
    criteria: Sequence[CriterionFeedback]
    sheet_count: int
    verdict: str = ""


@dataclass(frozen=True)
class Feedback:
    """All that the authors of one proposal are told."""

    row: ResultRow
    place: str
    stages: Sequence[StageFeedback]

    @property
    def total(self) -> Decimal | None:
        """The final score, if it was judged to the end."""
        return self.row.total if self.row.rank is not None else None

    @property
    def criteria(self) -> list[CriterionFeedback]:
        return [each for stage in self.stages for each in stage.criteria]

    @property
    def strong(self) -> list[CriterionFeedback]:
        """The criteria that stand highest among the others; one at least."""
        found = sorted(self.criteria, key=lambda each: -each.distance)
        above = [each for each in found if each.field is not None and each.distance > 0]
        return above[:NAMED] or found[:1]

    @property
    def weak(self) -> list[CriterionFeedback]:
        """The criteria with the most room, the widest first; none twice."""
        strong = self.strong
        left = [each for each in self.criteria if each not in strong]
        found = sorted(left, key=lambda each: each.distance)
        below = [each for each in found if each.distance < 0]
        return below[:NAMED] or found[:1]

    @property
    def strengths(self) -> list[str]:
        return [_strength(each) for each in self.strong]

    @property
    def advice(self) -> list[str]:
        return [_advice(each) for each in self.weak]


def field_of(round: Round, result: Result, plan: FeedbackPlan) -> Field:
    """Load what all proposals of `round` came to."""
    scoring = judging_queries.scoring_of(round)
    leaves = {each.stage.pk: each.leaves for each in scoring}
    values: dict[int, list[Decimal]] = {}
    totals: dict[int, list[Decimal]] = {}
    parts = ResultPart.objects.filter(row__result=result, rank__isnull=False)
    for stage, total, means in parts.values_list("scoring_stage", "total", "means"):
        if total is not None:  # ranked, so that it has one
            totals.setdefault(stage, []).append(total)
        for criterion, mean in zip(leaves[stage], means, strict=True):
            if mean is not None:
                values.setdefault(criterion.pk, []).append(mean)
    return Field(
        round=round,
        result=result,
        plan=plan,
        scoring=scoring,
        means={key: _mean(found) for key, found in values.items()},
        totals={key: _mean(found) for key, found in totals.items()},
        ranked_count=result.resultrow_set.filter(rank__isnull=False).count(),
    )


def feedback_of(
    row: ResultRow, field: Field, *, is_awarded: bool, with_notes: bool = True
) -> Feedback:
    """Put together what the authors of `row` are told; `row` has its proposal."""
    parts = {
        each.scoring_stage_id: each
        for each in ResultPart.objects.filter(row=row, sheet_count__gt=0)
    }
    notes = _notes_of(row) if with_notes else {}
    return Feedback(
        row=row,
        place=place_of(row, field, is_awarded=is_awarded),
        stages=[
            _stage(each, parts[each.stage.pk], field, notes)
            for each in field.scoring
            if each.stage.pk in parts
        ],
    )


def place_of(row: ResultRow, field: Field, *, is_awarded: bool) -> str:
    """Say where a proposal stands, as far as the round tells it; maybe nothing.

    Source: rule AWD-07 in docs/rules.md.
    """
    places = FeedbackPlan.Places
    choice = field.plan.places
    if row.rank is None or choice == places.NEVER:
        return ""
    is_chosen = is_awarded or (field.has_shortlist and row.is_shortlisted)
    if is_chosen or choice == places.ALL:
        return _("Rank %(rank)d of %(count)d") % {
            "rank": row.rank,
            "count": field.ranked_count,
        }
    if choice != places.BAND or field.ranked_count < LEAST:
        return ""
    if 4 * row.rank <= field.ranked_count:
        return _("In the upper quarter")
    if 2 * row.rank <= field.ranked_count:
        return _("In the upper half")
    return _("In the lower half")


def note_key(score: int) -> str:
    """Name a juror's note without telling whose it is, and put notes in an order.

    Each criterion has scores of its own, so that no order is like the next one.
    """
    return salted_hmac("awards.feedback", str(score)).hexdigest()[:16]


def passed_on(score: Score, decision: FeedbackNote | None) -> str:
    """Give the words of a note that its authors read; nothing if it is withheld."""
    if decision is None or decision.choice == FeedbackNote.Choice.AS_WRITTEN:
        return score.note.strip()
    return decision.text.strip()


def _notes_of(row: ResultRow) -> dict[int, list[str]]:
    """Give the words to pass on, by criterion."""
    found: dict[int, list[str]] = {}
    for score, decision in in_order(queries.notes_on(row.proposal)):
        if words := passed_on(score, decision):
            found.setdefault(score.criterion_id, []).append(words)
    return found


def in_order(
    notes: Iterable[tuple[Score, FeedbackNote | None]],
) -> list[tuple[Score, FeedbackNote | None]]:
    """Put notes into the order that tells no juror."""
    return sorted(notes, key=lambda pair: note_key(pair[0].pk))


def _stage(
    parts: ScoringParts,
    part: ResultPart,
    field: Field,
    notes: Mapping[int, Sequence[str]],
) -> StageFeedback:
    stage = parts.stage
    if stage.is_gate:
        said = str(Verdict(part.verdict).label) if part.verdict else ""
        return StageFeedback(stage, None, None, [], part.sheet_count, said)
    return StageFeedback(
        stage=stage,
        total=part.total,
        field=_told(field.totals.get(stage.pk)),
        criteria=[
            CriterionFeedback(
                stage=stage,
                criterion=criterion,
                mean=mean,
                field=_told(field.means.get(criterion.pk)),
                notes=notes.get(criterion.pk, ()),
            )
            for criterion, mean in zip(parts.leaves, part.means, strict=True)
            if mean is not None
        ],
        sheet_count=part.sheet_count,
    )


def _mean(values: Sequence[Decimal]) -> Mean:
    return Mean(sum(values, Decimal(0)) / len(values), len(values))


def _told(mean: Mean | None) -> Decimal | None:
    return mean.value if mean and mean.count >= LEAST else None


def _strength(each: CriterionFeedback) -> str:
    words = _words(each)
    if each.field is None:
        return _("%(criterion)s was judged highest, with a mean of %(mean)s.") % words
    if each.distance > 0:
        return (
            _(
                "%(criterion)s stands out: the jurors gave it %(mean)s, where all "
                "proposals together have a mean of %(field)s."
            )
            % words
        )
    return (
        _(
            "%(criterion)s comes closest to the other proposals: %(mean)s, where all "
            "together have a mean of %(field)s."
        )
        % words
    )


def _advice(each: CriterionFeedback) -> str:
    words = _words(each)
    if each.field is None or each.distance >= 0:
        told = (
            _("%(criterion)s has the most room left, with a mean of %(mean)s.") % words
        )
    else:
        told = (
            _(
                "%(criterion)s has room to grow: the jurors gave it %(mean)s, where "
                "all proposals together have a mean of %(field)s."
            )
            % words
        )
    if each.next_anchor:
        told += " " + _("The next step of the jurors' scale reads: “%(text)s”") % {
            "text": each.next_anchor["text"]
        }
    return told


def _words(each: CriterionFeedback) -> dict[str, str]:
    return {
        "criterion": each.criterion.name,
        "mean": numbers.decimal(each.mean, 1),
        "field": "" if each.field is None else numbers.decimal(each.field, 1),
    }

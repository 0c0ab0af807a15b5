"""All that is known of one proposal: each stage, then all together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from competitions.models import Criterion, Predicate, ScoringStage
from competitions.queries import ScoringParts
from core import numbers
from judging import assessing, combining, queries, ranking
from judging.models import Juror, Score
from judging.queries import Column
from judging.standings.live import rules_of
from judging.standings.places import Place
from submissions.models import Proposal


@dataclass(frozen=True)
class Minimum:
    """What a predicate asks of a component, and whether that is reached."""

    points: Decimal | None
    is_reached: bool


@dataclass(frozen=True)
class Node:
    """A component of an assessment with its points; `depth` counts from 0."""

    name: str
    depth: int
    weight: Decimal
    points: Decimal
    minimums: Sequence[Minimum]

    @property
    def indent(self) -> range:
        return range(self.depth)


@dataclass(frozen=True)
class StageDetail:
    """One stage of one proposal: every final sheet, side by side."""

    stage: ScoringStage
    columns: Sequence[Column]
    rows: Sequence[tuple[Criterion, Sequence[Score | None]]]
    tree: Sequence[Node]
    predicates: Sequence[Predicate]

    @property
    def notes(self) -> list[tuple[Criterion, list[tuple[Juror, Score]]]]:
        """What jurors wrote, by criterion."""
        found = []
        for criterion, scores in self.rows:
            written = [
                (column.juror, score)
                for column, score in zip(self.columns, scores, strict=True)
                if score and score.note
            ]
            if written:
                found.append((criterion, written))
        return found


@dataclass(frozen=True)
class Part:
    """What one stage adds to the final score, for the eye."""

    stage: ScoringStage
    total: Decimal | None
    points: Decimal | None
    added: Decimal | None


def stage_detail(parts: ScoringParts, proposal: Proposal) -> StageDetail:
    """Load the final sheets of `proposal` in one stage, with scores and notes."""
    criteria = parts.criteria_for(proposal.track.code)
    columns = queries.columns_of(parts.stage, criteria, proposal)
    return StageDetail(
        stage=parts.stage,
        columns=columns,
        rows=[
            (each, [column.scores[place] for column in columns])
            for place, each in enumerate(criteria)
        ],
        tree=_tree(parts, criteria, columns) if parts.stage.is_assessment else [],
        predicates=parts.predicates,
    )


def parts_of(
    scoring: Iterable[ScoringParts], totals: Mapping[str, Decimal | None]
) -> list[Part]:
    """Show how the final score of a proposal comes about, stage by stage.

    `totals` are by code of the stage, each on the scale of the stage.
    """
    found = []
    for each in scoring:
        stage = each.stage
        if stage.is_gate:
            continue
        total = totals.get(stage.code)
        points = None if total is None else total * 100 / stage.scale_max
        added = None if points is None else points * stage.share / 100
        found.append(Part(stage, total, points, added))
    return found


def shortfall_sentences(scoring: Iterable[ScoringParts], place: Place) -> list[str]:
    """Say of each predicate that was not reached which minimum fails first."""
    sentences = []
    for parts in scoring:
        predicates = {each.code: each for each in parts.predicates}
        components = {each.code: each.name for each in parts.criteria}
        for each in place.shortfalls:
            if each["predicate"] in predicates:
                predicate = predicates[each["predicate"]]
                sentences.append(_sentence(predicate, each, components))
    return sentences


def _sentence(
    predicate: Predicate, shortfall: Mapping[str, Any], components: Mapping[str, str]
) -> str:
    if shortfall["minimum"] is None:
        return _("%(predicate)s: %(required)s must be held first.") % {
            "predicate": predicate.name,
            "required": predicate.requires,
        }
    return _(
        "%(predicate)s is not reached: %(component)s has %(points)s of the %(minimum)s "
        "points it needs."
    ) % {
        "predicate": predicate.name,
        "component": components.get(shortfall["component"]) or _("the total"),
        "points": numbers.decimal(_readable(shortfall["points"])),
        "minimum": numbers.decimal(_readable(shortfall["minimum"])),
    }


def _readable(text: str) -> Decimal:
    return ranking.readable(Fraction(text))


def _tree(
    parts: ScoringParts, criteria: Sequence[Criterion], columns: Sequence[Column]
) -> list[Node]:
    """Lay the components out, each before those below it, with their points."""
    if not columns:
        return []
    means = {
        each.code: Fraction(
            sum(
                (
                    score.value
                    for column in columns
                    if (score := column.scores[place]) and score.value is not None
                ),
                Decimal(0),
            )
        )
        / len(columns)
        for place, each in enumerate(criteria)
    }
    rules = rules_of(parts)
    points = assessing.points_of(rules.tree, means, rules.scale_max)
    below: dict[str, list[Criterion]] = {}
    for each in parts.criteria:
        below.setdefault(each.parent.code if each.parent else "", []).append(each)
    return [
        *_nodes(below, "", 0, points, rules),
        _node(_("Total"), Decimal(100), assessing.WHOLE, 0, points, rules),
    ]


def _nodes(
    below: Mapping[str, Sequence[Criterion]],
    code: str,
    depth: int,
    points: Mapping[str, Fraction],
    rules: combining.StageRules,
) -> list[Node]:
    found = []
    for each in below.get(code, ()):
        found.append(_node(each.name, each.weight, each.code, depth, points, rules))
        found += _nodes(below, each.code, depth + 1, points, rules)
    return found


def _node(
    name: str,
    weight: Decimal,
    code: str,
    depth: int,
    points: Mapping[str, Fraction],
    rules: combining.StageRules,
) -> Node:
    minimums = []
    for predicate in rules.predicates:
        least = next(
            (one.points for one in predicate.minimums if one.component == code), None
        )
        minimums.append(
            Minimum(
                None if least is None else ranking.readable(least),
                least is None or points[code] >= least,
            )
        )
    return Node(name, depth, weight, ranking.readable(points[code]), minimums)

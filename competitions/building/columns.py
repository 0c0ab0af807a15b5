"""The columns of the rows that a definition describes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from competitions.definitions import (
    AwardDefinition,
    CriterionDefinition,
    PredicateDefinition,
    RoundDefinition,
    ScoringDefinition,
)
from competitions.definitions.fields import parts_of

ROUND_FIELDS = [
    "guideline",
    "institution_kinds",
    "endorsement_required",
    "screening_four_eyes",
    "objection_days",
]


def round_values(definition: RoundDefinition) -> dict[str, Any]:
    """What of a definition stands in the row of the round itself."""
    jury = definition.jury
    return {name: column(getattr(definition, name)) for name in ROUND_FIELDS} | {
        "rules_name": definition.name,
        "rules_description": definition.description,
        "rules_source": definition.source,
        "jury_minimum": jury.minimum,
        "jury_backgrounds": dict(jury.backgrounds),
        "jury_conflict_rule": jury.conflict_rule,
        "plenary_quorum": jury.quorum,
    }


def values_of(made: Any, *without: str) -> dict[str, Any]:
    """The attributes of a definition that are columns of the same name."""
    return {
        name: column(getattr(made, name))
        for name, _key, _field in parts_of(made)
        if name not in without
    }


def column(value: Any) -> Any:
    if isinstance(value, tuple):
        return [each if isinstance(each, str) else vars(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value


def scoring_values(wanted: ScoringDefinition) -> dict[str, Any]:
    low, high = wanted.scale
    values = values_of(wanted, "scale", "shortlists", "criteria", "predicates")
    return values | {"scale_min": low, "scale_max": high}


def criterion_values(wanted: CriterionDefinition) -> dict[str, Any]:
    return values_of(wanted, "sections", "criteria", "anchors") | {
        "anchors": [
            {
                "from": _plain(anchor.low),
                "to": _plain(anchor.high),
                "label": anchor.label,
                "text": anchor.text,
            }
            for anchor in wanted.anchors
        ]
    }


def predicate_values(wanted: PredicateDefinition) -> dict[str, Any]:
    return values_of(wanted, "requires", "minimums")


def award_values(
    wanted: AwardDefinition, predicates: Mapping[str, Any]
) -> dict[str, Any]:
    rank_from, rank_to = wanted.ranks or (None, None)
    return values_of(wanted, "ranks", "predicate") | {
        "rank_from": rank_from,
        "rank_to": rank_to,
        "predicate": predicates.get(wanted.predicate),
    }


def _plain(number: Decimal) -> int | float:
    """A number as JSON writes it best: whole ones without a point."""
    return int(number) if number == number.to_integral_value() else float(number)

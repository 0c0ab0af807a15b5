"""The rows that a definition would become, without storing them."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from django.db import models

from competitions.building.columns import (
    award_values,
    criterion_values,
    predicate_values,
    round_values,
    scoring_values,
    values_of,
)
from competitions.building.rules import FORM_TABLES, Codes
from competitions.definitions import (
    FormDefinition,
    PredicateDefinition,
    RoundDefinition,
    ScoringDefinition,
)
from competitions.models import (
    AwardLevel,
    Category,
    Cluster,
    Criterion,
    FormTemplate,
    Predicate,
    PredicateMinimum,
    Requirement,
    Round,
    ScoringStage,
    Shortlist,
    Track,
)
from competitions.queries import RoundParts, ScoringParts


def drafted_parts(live: RoundParts, definition: RoundDefinition) -> RoundParts:
    """Show the parts of `live` as they would be under the rules of `definition`.

    Nothing is stored and nothing queried. What stays keeps its id, so that rows of
    other apps are still found by it; what would be new has a negative one.
    """
    round = copy(live.round)
    for name, value in round_values(definition).items():
        setattr(round, name, value)
    form, lists = _form(live, round, definition.form)
    scoring = _scoring(live, round, definition, lists["sections"])
    predicates = {each.code: each for one in scoring for each in one.predicates}
    below: Mapping[str, models.Model] = {"round": round}
    awards = _rows(
        AwardLevel,
        below,
        live.awards,
        [(each.code, award_values(each, predicates)) for each in definition.awards],
    )
    return RoundParts(
        round=round,
        stages=live.stages,
        tracks=_rows(Track, below, live.tracks, _parts(definition.tracks)),
        categories=_rows(
            Category, below, live.categories, _parts(definition.categories)
        ),
        clusters=_rows(Cluster, below, live.clusters, _parts(definition.clusters)),
        form=form,
        header_fields=lists["header"],
        sections=lists["sections"],
        letters=lists["letters"],
        consents=lists["consents"],
        requirements=_rows(
            Requirement, below, live.requirements, _parts(definition.requirements)
        ),
        scoring=scoring,
        awards=sorted(awards, key=_by_rank),
    )


def _by_rank(level: AwardLevel) -> tuple[bool, int, int]:
    """As `queries.round_parts` orders them."""
    return level.rank_from is None, level.rank_from or 0, level.order


def _parts(made: Sequence[Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(each.code, values_of(each)) for each in made]


def _rows(
    model: type[models.Model],
    parent: Mapping[str, models.Model],
    live: Sequence[Any],
    parts: Sequence[tuple[str, Mapping[str, Any]]],
) -> list[Any]:
    ids = {each.code: each.pk for each in live}
    return [
        model(
            **parent,
            **{**values, "pk": ids.get(code, -order), "code": code, "order": order},
        )
        for order, (code, values) in enumerate(parts, start=1)
    ]


def _form(
    live: RoundParts, round: Round, wanted: FormDefinition
) -> tuple[FormTemplate, dict[str, list[Any]]]:
    old = live.form
    form = FormTemplate(
        pk=old.pk if old else -1,
        round=round,
        version=old.version if old else 1,
        name=wanted.name,
        statement=wanted.statement,
    )
    rows: Mapping[str, Sequence[Any]] = {
        "header": live.header_fields,
        "sections": live.sections,
        "letters": live.letters,
        "consents": live.consents,
    }
    return form, {
        name: _rows(model, {"form": form}, rows[name], _parts(getattr(wanted, name)))
        for name, model in FORM_TABLES.items()
    }


def _scoring(
    live: RoundParts,
    round: Round,
    definition: RoundDefinition,
    sections: Sequence[Any],
) -> list[ScoringParts]:
    old = {each.stage.code: each for each in live.scoring}
    places = {code: place for place, code in enumerate(definition.tie_break, start=1)}
    stages = _rows(
        ScoringStage,
        {"round": round},
        [each.stage for each in live.scoring],
        [(each.code, scoring_values(each)) for each in definition.scoring],
    )
    sections_by_code = {each.code: each for each in sections}
    # New rows of all stages are told apart, since places in a stage are not enough.
    fresh = _Numbers()
    return [
        _stage(stage, wanted, old.get(wanted.code), sections_by_code, places, fresh)
        for stage, wanted in zip(stages, definition.scoring, strict=True)
    ]


class _Numbers:
    """Gives ids that no stored row has."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last -= 1
        return self.last


def _stage(
    stage: ScoringStage,
    wanted: ScoringDefinition,
    old: ScoringParts | None,
    sections: Codes,
    places: Mapping[str, int],
    fresh: _Numbers,
) -> ScoringParts:
    criteria = _criteria(stage, wanted, old, sections, places, fresh)
    return ScoringParts(
        stage,
        list(criteria.values()),
        [
            Shortlist(scoring_stage=stage, order=order, **values_of(each))
            for order, each in enumerate(wanted.shortlists, start=1)
        ],
        _predicates(stage, wanted.predicates, old, criteria, fresh),
    )


def _criteria(
    stage: ScoringStage,
    wanted: ScoringDefinition,
    old: ScoringParts | None,
    sections: Codes,
    places: Mapping[str, int],
    fresh: _Numbers,
) -> dict[str, Criterion]:
    ids = {each.code: each.pk for each in old.criteria} if old else {}
    found: dict[str, Criterion] = {}
    parents: dict[str, str] = {}
    for order, each in enumerate(wanted.tree(), start=1):
        parents |= {below.code: each.code for below in each.criteria}
        row = Criterion(
            pk=ids.get(each.code) or fresh.next(),
            scoring_stage=stage,
            order=order,
            parent=found.get(parents.get(each.code, "")),
            tie_break=places.get(f"{wanted.code}.{each.code}"),
            **criterion_values(each),
        )
        looked_at = [sections[code] for code in each.sections if code in sections]
        looked_at.sort(key=lambda section: section.order)
        _preload(row, "sections", row.sections.all(), looked_at)
        found[each.code] = row
    return found


def _predicates(
    stage: ScoringStage,
    wanted: Sequence[PredicateDefinition],
    old: ScoringParts | None,
    criteria: Mapping[str, Criterion],
    fresh: _Numbers,
) -> list[Predicate]:
    ids = {each.code: each.pk for each in old.predicates} if old else {}
    rows = {
        each.code: Predicate(
            pk=ids.get(each.code) or fresh.next(),
            scoring_stage=stage,
            order=order,
            **predicate_values(each),
        )
        for order, each in enumerate(wanted, start=1)
    }
    for each in wanted:
        row = rows[each.code]
        row.requires = rows.get(each.requires)
        minimums = [
            PredicateMinimum(
                predicate=row,
                criterion=criteria.get(one.criterion),
                minimum=one.minimum,
                unit=one.unit,
            )
            for one in each.minimums
        ]
        _preload(row, "predicateminimum_set", row.predicateminimum_set.all(), minimums)
    return list(rows.values())


def _preload(row: models.Model, name: str, related: Any, found: list[Any]) -> None:
    """Leave `found` as `prefetch_related` leaves what it has loaded."""
    related._result_cache = found
    related._prefetch_done = True
    prefetched: dict[str, Any] = row.__dict__.setdefault(
        "_prefetched_objects_cache", {}
    )
    prefetched[name] = related

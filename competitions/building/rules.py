"""Making the rows of a round what a definition says, and no more.

Parts are told by their codes: a row whose code stands in the definition is changed,
one whose code does not is deleted, the rest is made. So the same function makes a new
round and changes one.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    Consent,
    Criterion,
    FormTemplate,
    HeaderField,
    LetterKind,
    Predicate,
    PredicateMinimum,
    Requirement,
    Round,
    ScoringStage,
    Section,
    Shortlist,
    Track,
)

# The lists of a form, by the attribute of its definition.
FORM_TABLES: Mapping[str, type[models.Model]] = {
    "header": HeaderField,
    "sections": Section,
    "letters": LetterKind,
    "consents": Consent,
}
Codes = dict[str, Any]


class PredicateNeeded(Exception):
    """An award goes by a predicate that no scoring stage has."""


def store_rules(
    round: Round, definition: RoundDefinition, form: FormTemplate | None = None
) -> None:
    """Make the rows of `round` those of `definition`, all but its calendar.

    `form` is the version of the form to be changed; without one a first is made. Raises
    PredicateNeeded if an award goes by a predicate that is not there; Django refuses
    to delete what is in use elsewhere.
    """
    _change(round, round_values(definition))
    AwardLevel.objects.filter(round=round).exclude(
        code__in=[each.code for each in definition.awards]
    ).delete()
    for model, parts in (
        (Track, definition.tracks),
        (Category, definition.categories),
        (Cluster, definition.clusters),
        (Requirement, definition.requirements),
    ):
        _sync(model, {"round": round}, [(each.code, values_of(each)) for each in parts])
    sections = store_form(form or FormTemplate(round=round, version=1), definition.form)
    _store_scoring(round, definition, sections)


def store_form(form: FormTemplate, wanted: FormDefinition) -> Codes:
    """Make `form` and its parts what is `wanted`; give its sections by their code."""
    form.name, form.statement = wanted.name, wanted.statement
    form.save()
    found: dict[str, Codes] = {}
    for name, model in FORM_TABLES.items():
        parts = [(each.code, values_of(each)) for each in getattr(wanted, name)]
        found[name] = _sync(model, {"form": form}, parts)
    return found["sections"]


def missing_predicate(definition: RoundDefinition) -> str:
    """The code of a predicate that an award goes by and no stage has, if any."""
    there = {p.code for stage in definition.scoring for p in stage.predicates}
    needed = {each.predicate for each in definition.awards if each.predicate}
    return min(needed - there, default="")


def _store_scoring(round: Round, definition: RoundDefinition, sections: Codes) -> None:
    if missing := missing_predicate(definition):
        raise PredicateNeeded(missing)
    places = {code: place for place, code in enumerate(definition.tie_break, start=1)}
    # Two criteria may change places, and no place may be taken twice on the way.
    Criterion.objects.filter(scoring_stage__round=round).exclude(tie_break=None).update(
        tie_break=None
    )
    # What is gone goes last: awards may still hold on to its predicates.
    parts = [(each.code, scoring_values(each)) for each in definition.scoring]
    stages = _sync(ScoringStage, {"round": round}, parts, keep_others=True)
    predicates: Codes = {}
    for wanted in definition.scoring:
        predicates |= _store_stage(stages[wanted.code], wanted, sections, places)
    awards = [(each.code, award_values(each, predicates)) for each in definition.awards]
    _sync(AwardLevel, {"round": round}, awards)
    Predicate.objects.filter(scoring_stage__round=round).exclude(
        pk__in=[each.pk for each in predicates.values()]
    ).delete()
    ScoringStage.objects.filter(round=round).exclude(code__in=stages).delete()


def _store_stage(
    stage: ScoringStage,
    wanted: ScoringDefinition,
    sections: Codes,
    places: Mapping[str, int],
) -> Codes:
    """Store what hangs on a scoring stage; give its predicates by their code."""
    criteria = _store_criteria(stage, wanted, sections, places)
    stage.shortlist_set.all().delete()
    Shortlist.objects.bulk_create(
        Shortlist(scoring_stage=stage, order=order, **values_of(each))
        for order, each in enumerate(wanted.shortlists, start=1)
    )
    parts = [(each.code, predicate_values(each)) for each in wanted.predicates]
    predicates = _sync(Predicate, {"scoring_stage": stage}, parts, keep_others=True)
    for each in wanted.predicates:
        _change(predicates[each.code], {"requires": predicates.get(each.requires)})
        _store_minimums(predicates[each.code], each, criteria)
    return predicates


def _store_criteria(
    stage: ScoringStage,
    wanted: ScoringDefinition,
    sections: Codes,
    places: Mapping[str, int],
) -> Codes:
    parents: dict[str, str] = {}
    for each in wanted.tree():
        parents |= {child.code: each.code for child in each.criteria}
    old = {each.code: each for each in Criterion.objects.filter(scoring_stage=stage)}
    # What moves up in the tree must not go down with its old parent.
    Criterion.objects.filter(scoring_stage=stage).exclude(parent=None).update(
        parent=None
    )
    for gone in old.keys() - {each.code for each in wanted.tree()}:
        old.pop(gone).delete()
    found: Codes = {}
    for order, each in enumerate(wanted.tree(), start=1):
        values = criterion_values(each) | {
            "order": order,
            "parent": found.get(parents.get(each.code, "")),
            "tie_break": places.get(f"{wanted.code}.{each.code}"),
        }
        row = old.get(each.code) or Criterion(scoring_stage=stage, code=each.code)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        row.sections.set(sections[code] for code in each.sections if code in sections)
        found[each.code] = row
    return found


def _store_minimums(
    predicate: Predicate, wanted: PredicateDefinition, criteria: Codes
) -> None:
    rows = PredicateMinimum.objects.filter(predicate=predicate)
    old = {each.criterion_id: each for each in rows}
    for each in wanted.minimums:
        criterion = criteria[each.criterion] if each.criterion else None
        row = old.pop(criterion.pk if criterion else None, None) or PredicateMinimum(
            predicate=predicate, criterion=criterion
        )
        row.minimum, row.unit = each.minimum, each.unit
        row.save()
    for gone in old.values():
        gone.delete()


def _sync(
    model: type[models.Model],
    parent: Mapping[str, models.Model],
    parts: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    keep_others: bool = False,
) -> Codes:
    """Make the rows below `parent` those of `parts`, in their order."""
    rows: models.QuerySet[Any] = model._default_manager.filter(**parent)
    old = {row.code: row for row in rows}
    wanted = [code for code, _values in parts]
    if not keep_others:
        for code in old.keys() - set(wanted):
            old.pop(code).delete()
    fresh = []
    for order, (code, values) in enumerate(parts, start=1):
        if row := old.get(code):
            _change(row, {**values, "order": order})
        else:
            fresh.append(model(**parent, **{**values, "order": order}))
    made: Iterable[Any] = model._default_manager.bulk_create(fresh)
    found = old | {row.code: row for row in made}
    return {code: found[code] for code in wanted}


def _change(row: models.Model, wanted: Mapping[str, Any]) -> None:
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)

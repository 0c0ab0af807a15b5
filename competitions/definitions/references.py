"""Names in a definition that stand for nothing in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from competitions.definitions.shapes import ScoringDefinition
from competitions.definitions.whole import RoundDefinition
from competitions.models import Grouping, HeaderField, Requirement


@dataclass(frozen=True)
class Dangling:
    """A name at `path` that stands for nothing."""

    path: str
    code: str


def dangling(definition: RoundDefinition) -> Iterator[Dangling]:
    """Find every reference to something that is not there."""
    tracks = {each.code for each in definition.tracks}
    sections = {each.code for each in definition.form.sections}
    lists: list[tuple[str, Sequence[Any]]] = [
        ("form.header", definition.form.header),
        ("form.sections", definition.form.sections),
        ("form.letters", definition.form.letters),
        ("form.consents", definition.form.consents),
        ("requirements", definition.requirements),
    ]
    for path, parts in lists:
        for place, part in enumerate(parts, start=1):
            yield from _missing(f"{path}[{place}].tracks", part.tracks, tracks)
    yield from _requirements(definition)
    for place, scoring in enumerate(definition.scoring, start=1):
        yield from _scoring(definition, scoring, f"scoring[{place}]", tracks, sections)
    known = {
        f"{stage.code}.{criterion.code}"
        for stage in definition.scoring
        for criterion in stage.tree()
    }
    yield from _missing("tie_break", definition.tie_break, known)
    predicates = {p.code for stage in definition.scoring for p in stage.predicates}
    for place, award in enumerate(definition.awards, start=1):
        path = f"awards[{place}]"
        if award.predicate:
            yield from _missing(f"{path}.predicate", [award.predicate], predicates)
        groups = groups_of(definition, award.per)
        yield from _missing(f"{path}.groups", award.groups, groups)


def groups_of(definition: RoundDefinition, per: str) -> set[str]:
    """The codes that proposals are told apart by."""
    parts: dict[str, Sequence[Any]] = {
        Grouping.TRACK: definition.tracks,
        Grouping.CATEGORY: definition.categories,
        Grouping.CLUSTER: definition.clusters,
    }
    return {each.code for each in parts.get(per, ())}


def _requirements(definition: RoundDefinition) -> Iterator[Dangling]:
    known: dict[str, set[str]] = {
        "letters": {each.code for each in definition.form.letters},
        "sections": {each.code for each in definition.form.sections},
        "consents": {each.code for each in definition.form.consents},
    }
    dates = {e.code for e in definition.form.header if e.kind == HeaderField.Kind.DATE}
    for place, requirement in enumerate(definition.requirements, start=1):
        path = f"requirements[{place}].params"
        for name, codes in known.items():
            asked = requirement.params.get(name, ())
            yield from _missing(f"{path}.{name}", asked, codes)
        if requirement.rule == Requirement.Rule.MINIMUM_AGE:
            fields = [code for code in [requirement.params.get("field")] if code]
            yield from _missing(f"{path}.field", fields, dates)


def _scoring(
    definition: RoundDefinition,
    scoring: ScoringDefinition,
    path: str,
    tracks: set[str],
    sections: set[str],
) -> Iterator[Dangling]:
    criteria = {each.code for each in scoring.tree()}
    predicates = {each.code for each in scoring.predicates}

    def walk(items: Sequence[Any], path: str) -> Iterator[Dangling]:
        for place, each in enumerate(items, start=1):
            here = f"{path}.criteria[{place}]"
            yield from _missing(f"{here}.tracks", each.tracks, tracks)
            yield from _missing(f"{here}.sections", each.sections, sections)
            yield from walk(each.criteria, here)

    yield from walk(scoring.criteria, path)
    for place, shortlist in enumerate(scoring.shortlists, start=1):
        groups = groups_of(definition, shortlist.per)
        here = f"{path}.shortlists[{place}].groups"
        yield from _missing(here, shortlist.groups, groups)
    for place, predicate in enumerate(scoring.predicates, start=1):
        here = f"{path}.predicates[{place}]"
        if predicate.requires:
            others = predicates - {predicate.code}
            yield from _missing(f"{here}.requires", [predicate.requires], others)
        for number, minimum in enumerate(predicate.minimums, start=1):
            if minimum.criterion:
                at = f"{here}.minimums[{number}].of"
                yield from _missing(at, [minimum.criterion], criteria)


def _missing(path: str, codes: Sequence[str], known: set[str]) -> Iterator[Dangling]:
    for code in codes:
        if code not in known:
            yield Dangling(path, code)

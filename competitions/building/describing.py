"""From the rows of a round back to its definition."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from competitions.building.calendar import described_stages
from competitions.definitions import (
    PARAMS,
    AnchorDefinition,
    AwardDefinition,
    CategoryDefinition,
    ClusterDefinition,
    ConsentDefinition,
    CriterionDefinition,
    FormDefinition,
    HeaderFieldDefinition,
    JuryDefinition,
    LetterDefinition,
    MinimumDefinition,
    OptionDefinition,
    PredicateDefinition,
    RequirementDefinition,
    RoundDefinition,
    ScoringDefinition,
    SectionDefinition,
    ShortlistDefinition,
    TrackDefinition,
)
from competitions.definitions.fields import parts_of
from competitions.definitions.nodes import clean
from competitions.models import AwardLevel, Criterion, JurorBackground, Predicate
from competitions.queries import RoundParts, ScoringParts

_CENT = Decimal("0.01")


def definition_of(parts: RoundParts) -> RoundDefinition:
    """Describe all rules of a round, its calendar from its first day on."""
    round = parts.round
    return RoundDefinition(
        key=round.slug,
        name=clean(round.rules_name) or clean(round.name)[:120],
        description=clean(round.rules_description),
        source=clean(round.rules_source),
        guideline=clean(round.guideline),
        institution_kinds=tuple(round.institution_kinds),
        endorsement_required=round.endorsement_required,
        screening_four_eyes=round.screening_four_eyes,
        objection_days=round.objection_days,
        calendar=described_stages(parts.stages, round.zone),
        tracks=_all(TrackDefinition, parts.tracks),
        categories=_all(CategoryDefinition, parts.categories),
        clusters=_all(ClusterDefinition, parts.clusters),
        form=_form(parts),
        requirements=tuple(
            _one(RequirementDefinition, each, params=_params(each))
            for each in parts.requirements
        ),
        scoring=tuple(_scoring(each) for each in parts.scoring),
        tie_break=tuple(
            f"{each.scoring_stage.code}.{each.code}" for each in parts.tie_break_chain
        ),
        awards=tuple(_award(each) for each in parts.awards_in_order),
        jury=JuryDefinition(
            minimum=round.jury_minimum,
            backgrounds=tuple(
                (each, round.jury_backgrounds[each])
                for each in JurorBackground.values
                if round.jury_backgrounds.get(each)
            ),
            conflict_rule=clean(round.jury_conflict_rule),
            quorum=round.plenary_quorum,
        ),
    )


def _one(shape: Any, row: Any, **given: Any) -> Any:
    """Fill `shape` from the columns of the same name."""
    values = {
        name: _value(getattr(row, name))
        for name, _key, _field in parts_of(shape)
        if name not in given
    }
    return shape(**values, **given)


def _all(shape: Any, rows: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(_one(shape, row) for row in rows)


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    return tuple(value) if isinstance(value, list) else value


def _form(parts: RoundParts) -> FormDefinition:
    form = parts.form
    return FormDefinition(
        name=clean(form.name) if form else "",
        statement=clean(form.statement) if form else "",
        header=tuple(
            _one(
                HeaderFieldDefinition,
                each,
                options=tuple(
                    OptionDefinition(code=one["code"], label=clean(one["label"]))
                    for one in each.options
                ),
            )
            for each in parts.header_fields
        ),
        sections=_all(SectionDefinition, parts.sections),
        letters=_all(LetterDefinition, parts.letters),
        consents=_all(ConsentDefinition, parts.consents),
    )


def _params(row: Any) -> Mapping[str, Any]:
    """Its parameters as its rule knows them; what an older portal wrote is left."""
    known = PARAMS.get(row.rule, {})
    return {
        name: row.params[name] for name in known if row.params.get(name) is not None
    }


def _scoring(parts: ScoringParts) -> ScoringDefinition:
    stage = parts.stage
    below: dict[int | None, list[Criterion]] = {}
    for each in parts.criteria:
        below.setdefault(each.parent_id, []).append(each)
    codes = {each.pk: each.code for each in parts.criteria}
    made: ScoringDefinition = _one(
        ScoringDefinition,
        stage,
        scale=(stage.scale_min, stage.scale_max),
        shortlists=_all(ShortlistDefinition, parts.shortlists),
        criteria=_criteria(below, None),
        predicates=tuple(_predicate(each, codes) for each in parts.predicates),
    )
    return made


def _criteria(
    below: Mapping[int | None, list[Criterion]], parent: int | None
) -> tuple[CriterionDefinition, ...]:
    return tuple(
        _one(
            CriterionDefinition,
            each,
            sections=tuple(section.code for section in each.sections.all()),
            anchors=tuple(
                AnchorDefinition(
                    low=_decimal(anchor["from"]),
                    high=_decimal(anchor["to"]),
                    label=clean(anchor["label"]),
                    text=clean(anchor["text"]),
                )
                for anchor in each.anchors
            ),
            criteria=_criteria(below, each.pk),
        )
        for each in below.get(parent, [])
    )


def _predicate(row: Predicate, codes: Mapping[int, str]) -> PredicateDefinition:
    made: PredicateDefinition = _one(
        PredicateDefinition,
        row,
        requires=row.requires.code if row.requires else "",
        minimums=tuple(
            MinimumDefinition(
                criterion=codes[each.criterion_id] if each.criterion_id else "",
                minimum=each.minimum,
                unit=each.unit,
            )
            for each in row.predicateminimum_set.all()
        ),
    )
    return made


def _award(row: AwardLevel) -> AwardDefinition:
    ranks = None
    if row.rank_from is not None and row.rank_to is not None:
        ranks = (row.rank_from, row.rank_to)
    made: AwardDefinition = _one(
        AwardDefinition,
        row,
        ranks=ranks,
        predicate=row.predicate.code if row.predicate else "",
    )
    return made


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(_CENT)

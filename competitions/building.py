"""Making the rows of a round from a definition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from competitions.definitions import RoundDefinition, ScoringDefinition
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
class StageData:
    """One stage as it is to be; both moments aware, the closing exclusive."""

    kind: str
    name: str
    opens_at: datetime
    closes_at: datetime
    place: str = ""

    def as_stage(self, round: Round) -> Stage:
        """The unsaved row."""
        return Stage(
            round=round,
            kind=self.kind,
            order=Stage.Kind(self.kind).position,
            name=self.name,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            place=self.place,
        )


def planned_stages(
    definition: RoundDefinition, first_day: date, zone: tzinfo
) -> list[StageData]:
    """Lay the definition's usual calendar out from `first_day`."""

    def moment(day: int, clock: time) -> datetime:
        return datetime.combine(first_day + timedelta(days=day), clock, zone)

    return [
        StageData(
            kind=stage.kind,
            name=stage.name,
            opens_at=moment(stage.first_day, stage.opens),
            closes_at=moment(stage.last_day, stage.closes),
        )
        for stage in definition.calendar
    ]


def build_rules(round: Round, definition: RoundDefinition) -> None:
    """Make all rows of a new round but its calendar."""
    tracks = Track.objects.bulk_create(
        Track(
            round=round,
            code=each.code,
            name=each.name,
            description=each.description,
            order=order,
        )
        for order, each in enumerate(definition.tracks, start=1)
    )
    Category.objects.bulk_create(
        Category(round=round, code=each.code, name=each.name, order=order)
        for order, each in enumerate(definition.categories, start=1)
    )
    sections = _build_form(round, definition, tracks)
    Requirement.objects.bulk_create(
        Requirement(
            round=round,
            code=each.code,
            title=each.title,
            advice=each.advice,
            rule=each.rule,
            params=dict(each.params),
            reason_code=each.reason_code,
            order=order,
        )
        for order, each in enumerate(definition.requirements, start=1)
    )
    for order, scoring in enumerate(definition.scoring, start=1):
        _build_scoring(round, scoring, order, sections)
    AwardLevel.objects.bulk_create(
        AwardLevel(
            round=round,
            code=each.code,
            name=each.name,
            rank_from=each.rank_from,
            rank_to=each.rank_to,
            prize=each.prize,
            order=order,
        )
        for order, each in enumerate(definition.awards, start=1)
    )


def _build_form(
    round: Round, definition: RoundDefinition, tracks: Sequence[Track]
) -> list[Section]:
    """Make the form with its parts and return its sections."""
    wanted = definition.form
    form = FormTemplate.objects.create(
        round=round, name=wanted.name, statement=wanted.statement
    )
    HeaderField.objects.bulk_create(
        HeaderField(
            form=form,
            code=each.code,
            kind=each.kind,
            label=each.label,
            help_text=each.help_text,
            follow_up=each.follow_up,
            is_required=each.is_required,
            order=order,
        )
        for order, each in enumerate(wanted.header, start=1)
    )
    sections = Section.objects.bulk_create(
        Section(
            form=form,
            code=each.code,
            title=each.title,
            question=each.question,
            help_text=each.help_text,
            word_limit=each.word_limit,
            is_required=each.is_required,
            evidence_required=each.evidence_required,
            evidence_max_files=each.evidence_max_files,
            evidence_max_bytes=each.evidence_max_bytes,
            order=order,
        )
        for order, each in enumerate(wanted.sections, start=1)
    )
    for section, each in zip(sections, wanted.sections, strict=True):
        if each.tracks:
            section.tracks.add(*(t for t in tracks if t.code in each.tracks))
    LetterKind.objects.bulk_create(
        LetterKind(
            form=form,
            code=each.code,
            title=each.title,
            help_text=each.help_text,
            is_required=each.is_required,
            max_bytes=each.max_bytes,
            order=order,
        )
        for order, each in enumerate(wanted.letters, start=1)
    )
    return sections


def _build_scoring(
    round: Round, wanted: ScoringDefinition, order: int, sections: Sequence[Section]
) -> None:
    stage = ScoringStage.objects.create(
        round=round,
        code=wanted.code,
        name=wanted.name,
        order=order,
        share=wanted.share,
        scale_min=wanted.scale_min,
        scale_max=wanted.scale_max,
        pass_mark=wanted.pass_mark,
        shortlist_size=wanted.shortlist_size,
        jurors_per_proposal=wanted.jurors_per_proposal,
        note_below=wanted.note_below,
        note_above=wanted.note_above,
    )
    criteria = Criterion.objects.bulk_create(
        Criterion(
            scoring_stage=stage,
            code=each.code,
            name=each.name,
            description=each.description,
            weight=each.weight,
            anchors=[
                {
                    "from": _plain(anchor.low),
                    "to": _plain(anchor.high),
                    "label": anchor.label,
                    "text": anchor.text,
                }
                for anchor in each.anchors
            ],
            tie_break=each.tie_break,
            order=place,
        )
        for place, each in enumerate(wanted.criteria, start=1)
    )
    for criterion, each in zip(criteria, wanted.criteria, strict=True):
        criterion.sections.add(*(s for s in sections if s.code in each.sections))


def _plain(number: Decimal) -> int | float:
    """A number as JSON writes it best: whole ones without a point."""
    return int(number) if number == number.to_integral_value() else float(number)

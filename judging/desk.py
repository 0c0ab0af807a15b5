"""The scoring desk: what it shows of one sheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.forms.boundfield import BoundField
from django.forms.utils import ErrorList
from django.utils.html import format_html
from django.utils.safestring import SafeString

from competitions.models import Criterion, ScoringStage, Stage
from judging import scoring
from judging.forms import ScoreForm, note_name, value_name
from judging.models import Score
from judging.queries import OtherSheet, Progress, Reading


@dataclass(frozen=True)
class Anchor:
    """A span of the scale in words; a script reads where it begins."""

    span: str
    label: str
    text: str
    is_here: bool = False

    @property
    def line(self) -> SafeString:
        """The span with its words, as they stand in the list below a score."""
        return _line(self.span, self.label, self.text)


@dataclass(frozen=True)
class Step:
    """A value of a short scale, as a button with its description."""

    value: str
    text: str
    anchor: Anchor | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Control:
    """A field of the form, read once: asked by the template it takes five times that.

    Named as by the form, since the page shows its errors as those of any field.
    """

    auto_id: str
    html_name: str
    label: str
    value: str
    errors: ErrorList


@dataclass(frozen=True)
class CriterionPart:
    """One criterion of the sheet, with its fields and what is stored.

    `share` is its weight for a script, `weight` for people.
    """

    criterion: Criterion
    share: str
    weight: str
    value: Control
    note: Control
    stored: Score | None
    todo: str
    anchors: Sequence[Anchor]
    steps: Sequence[Step]
    area: str
    links: Sequence[tuple[str, str]]
    is_open: bool

    @property
    def is_scored(self) -> bool:
        return self.stored is not None and self.stored.value is not None

    @property
    def needs_note(self) -> bool:
        """Whether the score asks for a note that is not written."""
        return bool(self.is_scored and self.todo)

    @property
    def wants_note(self) -> bool:
        """Whether the note field stands open: something is in it, or must be."""
        return bool(self.note.value or self.note.errors or self.needs_note)

    @property
    def word(self) -> str:
        """What the anchors call the score that is given."""
        return next((each.label for each in self.anchors if each.is_here), "")


@dataclass(frozen=True)
class Desk:
    """The page of one sheet."""

    parts: Sequence[CriterionPart]
    total: Decimal
    scored: int
    note_rule: str
    reading: Reading
    progress: Progress
    window: Stage | None
    others: Sequence[OtherSheet]

    @property
    def left(self) -> int:
        return len(self.parts) - self.scored

    @property
    def is_short(self) -> bool:
        """Whether values are chosen, not typed."""
        return any(part.steps for part in self.parts)

    @property
    def notes_left(self) -> int:
        return sum(each.needs_note for each in self.parts)


def lay_out(
    *,
    form: ScoreForm,
    stage: ScoringStage,
    written: dict[int, Score],
    reading: Reading,
    progress: Progress,
    window: Stage | None,
    others: Sequence[OtherSheet] = (),
) -> Desk:
    """Put a sheet's form, stored scores and the proposal together.

    The criteria are those of criteria_to_score().
    The first criterion with something left to do stands open.
    """
    todo = scoring.missing_of(stage, form.criteria, written)
    controls = [
        (_control(form[value_name(each)]), _control(form[note_name(each)]))
        for each in form.criteria
    ]
    wrong = [
        each.code
        for each, both in zip(form.criteria, controls, strict=True)
        if any(control.errors for control in both)
    ]
    first = next(iter(wrong or todo), form.criteria[0].code if form.criteria else "")
    values = scoring.steps_of(stage)
    return Desk(
        parts=[
            CriterionPart(
                criterion=each,
                share=str(each.weight),
                weight=scoring.plain(each.weight),
                value=value,
                note=note,
                stored=written.get(each.pk),
                todo=todo.get(each.code, ""),
                anchors=_anchors(each, written.get(each.pk)),
                steps=_steps(values, each, value.value),
                area=_area(each, before),
                links=[
                    (part.section.title, f"#{part.section.code}")
                    for part in reading.sections
                    if part.section.pk in each.looks_at
                ],
                is_open=each.code == first,
            )
            for before, each, (value, note) in zip(
                [None, *form.criteria], form.criteria, controls, strict=False
            )
        ],
        total=scoring.total_so_far(form.criteria, written),
        scored=sum(
            (score := written.get(each.pk)) is not None and score.value is not None
            for each in form.criteria
        ),
        note_rule=scoring.note_rule(stage),
        reading=reading,
        progress=progress,
        window=window,
        others=others,
    )


def _control(field: BoundField) -> Control:
    value = field.value()
    return Control(
        auto_id=field.auto_id,
        html_name=field.html_name,
        label=str(field.label),
        value="" if value is None else str(value),
        errors=field.errors,
    )


def _steps(values: Iterable[Decimal], criterion: Criterion, chosen: str) -> list[Step]:
    """Show a short scale value by value, each with the span it lies in."""
    return [
        Step(
            value=(value := f"{step.normalize():f}"),
            text=scoring.plain(step),
            anchor=next(
                (
                    _anchor(each)
                    for each in criterion.anchors
                    if Decimal(str(each["from"])) <= step <= Decimal(str(each["to"]))
                ),
                None,
            ),
            is_chosen=value == chosen,
        )
        for step in values
    ]


@lru_cache(maxsize=1024)
def _line(span: str, label: str, text: str) -> SafeString:
    # The same on every sheet: put together anew, 35 of them took a tenth of the page.
    return format_html(
        '<dt class="num">{}</dt><dd><strong>{}</strong>. {}</dd>', span, label, text
    )


def _area(criterion: Criterion, before: Criterion | None) -> str:
    """The component that a criterion opens, where it stands in a tree."""
    if criterion.parent is None or (before and before.parent_id == criterion.parent_id):
        return ""
    return str(criterion.parent)


def _anchors(criterion: Criterion, score: Score | None) -> list[Anchor]:
    """All of a criterion, high to low; the score is in the first it reaches up to."""
    found: list[Anchor] = []
    value = score.value if score else None
    for data in reversed(criterion.anchors):
        is_reached = value is not None and value >= Decimal(str(data["from"]))
        is_here = is_reached and not any(each.is_here for each in found)
        found.append(_anchor(data, is_here=is_here))
    return found


def _anchor(data: dict[str, Any], *, is_here: bool = False) -> Anchor:
    return Anchor(
        span=f"{data['from']}–{data['to']}",
        label=data["label"],
        text=data["text"],
        is_here=is_here,
    )

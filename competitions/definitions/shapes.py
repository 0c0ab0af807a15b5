"""What a round definition is: all rules of a round but its dates of a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class StageDefinition:
    """A stage at its usual distance from the first day of the calendar.

    `first_day` and `last_day` count from that day, which is 0.
    """

    kind: str
    name: str
    first_day: int
    last_day: int
    opens: time
    closes: time


@dataclass(frozen=True)
class TrackDefinition:
    code: str
    name: str
    description: str


@dataclass(frozen=True)
class CategoryDefinition:
    code: str
    name: str


@dataclass(frozen=True)
class HeaderFieldDefinition:
    code: str
    kind: str
    label: str
    help_text: str
    follow_up: str
    is_required: bool


@dataclass(frozen=True)
class SectionDefinition:
    """A question; no `tracks` means that every track answers it."""

    code: str
    title: str
    question: str
    help_text: str
    word_limit: int
    is_required: bool
    tracks: tuple[str, ...]
    evidence_required: bool
    evidence_max_files: int
    evidence_max_bytes: int


@dataclass(frozen=True)
class LetterDefinition:
    code: str
    title: str
    help_text: str
    is_required: bool
    max_bytes: int


@dataclass(frozen=True)
class FormDefinition:
    name: str
    statement: str
    header: tuple[HeaderFieldDefinition, ...]
    sections: tuple[SectionDefinition, ...]
    letters: tuple[LetterDefinition, ...]


@dataclass(frozen=True)
class RequirementDefinition:
    code: str
    title: str
    advice: str
    rule: str
    params: Mapping[str, Any]
    reason_code: str


@dataclass(frozen=True)
class AnchorDefinition:
    """What a range of scores means, both ends included."""

    low: Decimal
    high: Decimal
    label: str
    text: str


@dataclass(frozen=True)
class CriterionDefinition:
    code: str
    name: str
    description: str
    weight: Decimal
    sections: tuple[str, ...]
    anchors: tuple[AnchorDefinition, ...]
    tie_break: int | None


@dataclass(frozen=True)
class ScoringDefinition:
    code: str
    name: str
    share: Decimal
    scale_min: Decimal
    scale_max: Decimal
    pass_mark: Decimal | None
    shortlist_size: int | None
    jurors_per_proposal: int | None
    note_below: Decimal | None
    note_above: Decimal | None
    criteria: tuple[CriterionDefinition, ...]


@dataclass(frozen=True)
class AwardDefinition:
    code: str
    name: str
    rank_from: int
    rank_to: int
    prize: str


@dataclass(frozen=True)
class RoundDefinition:
    """All rules of a round, as one readable file holds them."""

    key: str
    name: str
    description: str
    source: str
    guideline: str
    calendar: tuple[StageDefinition, ...]
    tracks: tuple[TrackDefinition, ...]
    categories: tuple[CategoryDefinition, ...]
    form: FormDefinition
    requirements: tuple[RequirementDefinition, ...]
    scoring: tuple[ScoringDefinition, ...]
    awards: tuple[AwardDefinition, ...]

"""What stands where in the workbook, and what is read from a row of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from competitions.models import ScoringStage

FIRST_ROW = 3
KEY, VERSION, VALUE, NOTE = "kunci", "versi", "nilai:", "catatan:"
LEADING = [KEY, VERSION, "kode", "inovasi", "kategori"]


class TableUnreadable(Exception):
    """A file that is not such a workbook; `message` says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, or in a row where `column` is empty."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Line:
    """What a row says, by the codes of the criteria; a row with faults says nothing."""

    row: int
    key: str
    version: int
    scores: Mapping[str, Decimal | None] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def marked(stage: ScoringStage) -> str:
    """The head of a hidden column: the workbook is not taken for another stage's."""
    return f"{LEADING[2]}@{stage.round.slug}/{stage.code}"


def cells(lines: Sequence[Line]) -> Iterator[list[Any]]:
    """Lines as plain lists, to be signed and taken along with a page."""
    for line in lines:
        scores = {c: None if v is None else str(v) for c, v in line.scores.items()}
        yield [line.row, line.key, line.version, scores, dict(line.notes)]


def from_cells(rows: Sequence[Sequence[Any]]) -> list[Line]:
    """The lines that `cells` made such lists of."""
    return [
        Line(
            row,
            key,
            version,
            {c: None if v is None else Decimal(v) for c, v in scores.items()},
            notes,
        )
        for row, key, version, scores, notes in rows
    ]

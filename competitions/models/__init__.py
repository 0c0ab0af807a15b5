"""A round's rules as rows: calendar, form, scoring, awards."""

from competitions.models.forms import (
    FormTemplate,
    HeaderField,
    LetterKind,
    Requirement,
    Section,
)
from competitions.models.rounds import (
    Announcement,
    Category,
    Competition,
    Round,
    Stage,
    Track,
)
from competitions.models.scoring import AwardLevel, Criterion, ScoringStage

__all__ = [
    "Announcement",
    "AwardLevel",
    "Category",
    "Competition",
    "Criterion",
    "FormTemplate",
    "HeaderField",
    "LetterKind",
    "Requirement",
    "Round",
    "ScoringStage",
    "Section",
    "Stage",
    "Track",
]

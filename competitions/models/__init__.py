"""A round's rules as rows: calendar, form, scoring, awards."""

from competitions.models.attachments import Attachment
from competitions.models.calendar import StageException
from competitions.models.changes import RuleChange
from competitions.models.events import Event, Registration, RegistrationState
from competitions.models.forms import (
    Consent,
    EvidenceType,
    FormTemplate,
    HeaderField,
    LetterKind,
    Requirement,
    Section,
)
from competitions.models.parts import Grouping
from competitions.models.reminders import (
    ReminderAnchor,
    ReminderAudience,
    ReminderPlan,
)
from competitions.models.rounds import (
    Announcement,
    Category,
    Cluster,
    Competition,
    Round,
    Stage,
    Track,
)
from competitions.models.scoring import (
    AwardLevel,
    Criterion,
    JurorBackground,
    Predicate,
    PredicateMinimum,
    ScoringStage,
    Shortlist,
)

__all__ = [
    "Announcement",
    "Attachment",
    "AwardLevel",
    "Category",
    "Cluster",
    "Competition",
    "Consent",
    "Criterion",
    "Event",
    "EvidenceType",
    "FormTemplate",
    "Grouping",
    "HeaderField",
    "JurorBackground",
    "LetterKind",
    "Predicate",
    "PredicateMinimum",
    "Registration",
    "RegistrationState",
    "ReminderAnchor",
    "ReminderAudience",
    "ReminderPlan",
    "Requirement",
    "Round",
    "RuleChange",
    "ScoringStage",
    "Section",
    "Shortlist",
    "Stage",
    "StageException",
    "Track",
]

"""The words of the audit trail."""

from accounts.records.actions import (
    ACTIONS,
    GROUPS,
    KINDS,
    group_of,
    noun_of,
    sentence,
)
from accounts.records.fields import (
    ALIASES,
    FIELDS,
    LISTS,
    NAMED_BY_CHOICE,
    SUBJECTS,
)

__all__ = [
    "ACTIONS",
    "ALIASES",
    "FIELDS",
    "GROUPS",
    "KINDS",
    "LISTS",
    "NAMED_BY_CHOICE",
    "SUBJECTS",
    "group_of",
    "noun_of",
    "sentence",
]

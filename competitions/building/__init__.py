"""Between a definition and the rows of a round, both ways."""

from competitions.building.calendar import (
    StageData,
    described_stages,
    moved_stages,
    planned_stages,
    plans_of,
    years_between,
)
from competitions.building.describing import definition_of
from competitions.building.drafting import drafted_parts
from competitions.building.rules import (
    FORM_TABLES,
    PredicateNeeded,
    missing_predicate,
    store_form,
    store_rules,
)

__all__ = [
    "FORM_TABLES",
    "PredicateNeeded",
    "StageData",
    "definition_of",
    "described_stages",
    "drafted_parts",
    "missing_predicate",
    "moved_stages",
    "planned_stages",
    "plans_of",
    "store_form",
    "store_rules",
    "years_between",
]

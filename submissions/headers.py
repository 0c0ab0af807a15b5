"""Values of the header fields: their stored shape, and how they read.

Stored in `Proposal.header` by the code of the field: a date as "2021-03-01", a text or
link as itself, goals as a list of numbers, yes or no as {"yes": true, "detail": "…"}.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from competitions.models import HeaderField
from core.dates import format_date
from innovations.sdgs import sdg_labels

Kind = HeaderField.Kind


@dataclass(frozen=True)
class HeaderPart:
    """One header field with its value."""

    field: HeaderField
    value: Any

    @property
    def is_filled(self) -> bool:
        """Whether the field is answered in full."""
        return is_filled(self.field, self.value)

    @property
    def is_missing(self) -> bool:
        return self.field.is_required and not self.is_filled

    @property
    def is_link(self) -> bool:
        """Whether the value may stand as an address that people press."""
        return self.field.kind == Kind.LINK and str(self.value).startswith(
            ("http://", "https://")
        )

    @property
    def in_words(self) -> str:
        return in_words(self.field, self.value)


def is_filled(field: HeaderField, value: Any) -> bool:
    """Tell whether `value` answers `field`; a yes may ask for a detail."""
    if field.kind == Kind.YES_NO:
        if not isinstance(value, Mapping) or not isinstance(value.get("yes"), bool):
            return False
        return not (value["yes"] and field.follow_up) or bool(value.get("detail"))
    if field.kind == Kind.DATE:
        return as_date(value) is not None
    return bool(value)


def as_date(value: Any) -> date | None:
    """Read a stored date."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def in_words(field: HeaderField, value: Any) -> str:
    """Write `value` for people, in one line; empty while unanswered."""
    if field.kind == Kind.DATE:
        day = as_date(value)
        return format_date(day) if day else ""
    if field.kind == Kind.SDGS:
        return "; ".join(sdg_labels(value or []))
    if field.kind == Kind.YES_NO:
        if not isinstance(value, Mapping) or not isinstance(value.get("yes"), bool):
            return ""
        if not value["yes"]:
            return _("No")
        return f"{_('Yes')}. {value['detail']}" if value.get("detail") else _("Yes")
    return str(value or "")


def started_date(parts: Sequence[HeaderPart], code: str | None = None) -> date | None:
    """The day the innovation began: of the field `code`, or of the first date field."""
    for part in parts:
        if part.field.kind == Kind.DATE and code in (None, part.field.code):
            return as_date(part.value)
    return None


def sdgs(parts: Sequence[HeaderPart]) -> list[int]:
    """The goals named in any field of that kind."""
    return sorted(
        {
            goal
            for part in parts
            if part.field.kind == Kind.SDGS
            for goal in part.value or []
        }
    )

"""Values of the header fields: their stored shape, and how they read.

Stored in `Proposal.header` by the code of the field: a date as "2021-03-01", a text or
link as itself, a number as "12.5", a choice by its code, several as a list of codes,
goals as a list of numbers, yes or no as {"yes": true, "detail": "…"}, people as a list
of {"nama": …, "<code of the column>": …}.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.employee_numbers import name_of, printed
from competitions.models import HeaderField
from core import numbers
from core.dates import format_date
from core.text import mask_employee_number
from innovations.sdgs import SDGS, sdg_labels

Kind = HeaderField.Kind
NAME = "nama"
# The column of a list of people that holds an NIP, NI PPPK or NRP.
NUMBER_COLUMN = "nip"


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
    def problem(self) -> str:
        """What is wrong with the value, as a sentence; a field left open is not."""
        return problem(self.field, self.value)

    @property
    def is_missing(self) -> bool:
        return bool(self.problem) or (self.field.is_required and not self.is_filled)

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
    return _is_given(field, value) and not problem(field, value)


def _is_given(field: HeaderField, value: Any) -> bool:
    """Whether anything readable stands there."""
    if field.kind == Kind.DATE:
        return as_date(value) is not None
    if field.kind == Kind.NUMBER:
        return as_number(value) is not None
    if field.kind in HeaderField.CHOSEN or field.kind == Kind.SDGS:
        return bool(chosen(field, value))
    if field.kind == Kind.PERSONS:
        return bool(people(value))
    return bool(value)


def problem(field: HeaderField, value: Any) -> str:
    """Say what is wrong with a value that stands there; "" if nothing is."""
    if field.kind not in HeaderField.WITH_BOUNDS or not _is_given(field, value):
        return ""
    if field.kind == Kind.NUMBER:
        return _number_problem(field, as_number(value) or Decimal(0))
    count = len(people(value) if field.kind == Kind.PERSONS else chosen(field, value))
    if field.minimum is not None and count < field.minimum:
        least = int(field.minimum)
        return ngettext(
            "at least %(number)d is needed", "at least %(number)d are needed", least
        ) % {"number": least}
    if field.maximum is not None and count > field.maximum:
        most = int(field.maximum)
        return ngettext(
            "at most %(number)d is allowed", "at most %(number)d are allowed", most
        ) % {"number": most}
    return ""


def _number_problem(field: HeaderField, number: Decimal) -> str:
    if field.minimum is not None and number < field.minimum:
        return _("%(limit)s or more is needed") % {"limit": written(field.minimum)}
    if field.maximum is not None and number > field.maximum:
        return _("%(limit)s or less is needed") % {"limit": written(field.maximum)}
    return ""


def as_date(value: Any) -> date | None:
    """Read a stored date."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def as_number(value: Any) -> Decimal | None:
    """Read a stored number."""
    try:
        number = Decimal(value) if isinstance(value, str) and value else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def written(number: Decimal) -> str:
    """Write a number with the decimals it has: "1.250.000" or "12,5"."""
    plain = number.normalize()
    exponent = plain.as_tuple().exponent
    return numbers.decimal(plain, max(0, -exponent if isinstance(exponent, int) else 0))


def chosen(field: HeaderField, value: Any) -> list[Any]:
    """What was chosen of what may be chosen; one choice as a list of one."""
    if field.kind == Kind.SDGS:
        given = value if isinstance(value, list) else []
        return [goal for goal in given if goal in SDGS]
    given = [value] if isinstance(value, str) else value
    wanted = given if isinstance(given, list) else []
    return [option["code"] for option in field.options if option["code"] in wanted]


def people(value: Any) -> list[Mapping[str, str]]:
    """The people of a list who have a name."""
    given = value if isinstance(value, list) else []
    return [each for each in given if isinstance(each, Mapping) and each.get(NAME)]


def in_words(field: HeaderField, value: Any) -> str:
    """Write `value` for people, in one line; empty while unanswered.

    Numbers of civil servants are masked: who needs them reads the letters.
    """
    if field.kind == Kind.DATE:
        day = as_date(value)
        return format_date(day) if day else ""
    if field.kind == Kind.SDGS:
        return "; ".join(sdg_labels(value or []))
    if field.kind == Kind.YES_NO:
        return _yes_or_no(value)
    if field.kind == Kind.NUMBER:
        number = as_number(value)
        return "" if number is None else written(number)
    if field.kind in HeaderField.CHOSEN:
        wanted = chosen(field, value)
        return "; ".join(
            option["label"] for option in field.options if option["code"] in wanted
        )
    if field.kind == Kind.PERSONS:
        return "; ".join(_person_in_words(field, each) for each in people(value))
    return str(value or "")


def _yes_or_no(value: Any) -> str:
    if not isinstance(value, Mapping) or not isinstance(value.get("yes"), bool):
        return ""
    if not value["yes"]:
        return _("No")
    return f"{_('Yes')}. {value['detail']}" if value.get("detail") else _("Yes")


def _person_in_words(field: HeaderField, person: Mapping[str, str]) -> str:
    beside = []
    for column in field.options:
        text = person.get(column["code"], "")
        if text and column["code"] == NUMBER_COLUMN:
            text = f"{name_of(text)} {mask_employee_number(text)}"
        if text:
            beside.append(text)
    return f"{person[NAME]} ({', '.join(beside)})" if beside else person[NAME]


def person_cells(field: HeaderField, person: Mapping[str, str]) -> list[str]:
    """One person as a row of a paper: the name, then the columns, numbers in full."""
    return [person[NAME]] + [
        printed(person.get(column["code"]))
        if column["code"] == NUMBER_COLUMN
        else person.get(column["code"], "")
        for column in field.options
    ]


def parts_for(
    fields: Iterable[HeaderField], header: Mapping[str, Any], track: str
) -> list[HeaderPart]:
    """The fields that a proposal of `track` fills in, with its values."""
    return [
        HeaderPart(field, header.get(field.code))
        for field in fields
        if field.is_for(track)
    ]


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

"""Fields of a proposal: links, numbers, people."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import employee_numbers
from competitions.models import HeaderField
from core.cleaning import clean_line
from core.fields import CleanedField, LineField
from submissions.headers import NAME, NUMBER_COLUMN

# How many people a list takes that has no maximum, and how many lines stand empty.
MOST_PEOPLE = 50
SPARE_LINES = 2
LONGEST_CELL = 150
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?")
_PLAIN = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


class LinkField(LineField):
    """An address of the web; a missing `https://` is put before it."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        if "://" not in text:
            text = f"https://{text}"
        try:
            URLValidator(schemes=["http", "https"])(text)
        except ValidationError as error:
            raise ValidationError(
                _("Write a web address, as in https://www.youtube.com/watch?v=abc.")
            ) from error
        if "@" in text.split("://", 1)[1].split("/", 1)[0]:
            raise ValidationError(
                _("Leave out the name or password before the @ in this address.")
            )
        return text

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 500, **kwargs})
        self.widget.attrs.update({"inputmode": "url", "autocomplete": "off"})


class NumberField(CleanedField):
    """A number as people here write it: "1.250.000" or "12,5"; gives a Decimal."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 20, **kwargs})
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace(" ", "").replace("\u2212", "-")
        if not text:
            return None
        if _THOUSANDS.fullmatch(text):
            text = text.replace(".", "").replace(",", ".")
        elif _PLAIN.fullmatch(text):
            text = text.replace(",", ".")
        else:
            raise ValidationError(
                _("Write a number in digits only, as in 1.250.000 or 12,5.")
            )
        number = Decimal(text)
        if number != round(number, 4):
            raise ValidationError(_("Write at most four digits after the comma."))
        return number


@dataclass(frozen=True)
class Cell:
    """One box in a list of people."""

    name: str
    auto_id: str
    label: str
    value: str
    is_number: bool


class PersonsWidget(forms.Widget):
    """Lines of boxes, one line for each person and some that are empty."""

    template_name = "submissions/persons.html"
    is_persons = True  # the page draws its frame

    def __init__(self, header: HeaderField) -> None:
        super().__init__()
        self.header = header

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Code and label of each box of a line."""
        own = [(each["code"], each["label"]) for each in self.header.options]
        return [(NAME, _("Name")), *own]

    @property
    def most(self) -> int:
        return int(self.header.maximum or MOST_PEOPLE)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        found = []
        for place in range(MOST_PEOPLE):
            line = {
                code: data.get(f"{name}-{place}-{code}", "")
                for code, _label in self.columns
            }
            found.append(line)
        while found and not any(str(each).strip() for each in found[-1].values()):
            found.pop()
        return found

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        people = list(value or [])
        wanted = max(len(people) + SPARE_LINES, int(self.header.minimum or 1))
        lines = min(max(wanted, len(people)), max(self.most, len(people)))
        people += [{}] * (lines - len(people))
        auto_id = (attrs or {}).get("id", f"id_{name}")
        return {
            "auto_id": auto_id,
            "described_by": (attrs or {}).get("aria-describedby", ""),
            "may_grow": lines < self.most,
            "lines": [
                self._line(name, auto_id, place, person)
                for place, person in enumerate(people)
            ],
        }

    def _line(
        self, name: str, auto_id: str, place: int, person: Mapping[str, str]
    ) -> list[Cell]:
        return [
            Cell(
                name=f"{name}-{place}-{code}",
                auto_id=auto_id if not (place or at) else f"{auto_id}-{place}-{code}",
                label=label,
                value=_as_typed(code, person.get(code, "")),
                is_number=code == NUMBER_COLUMN,
            )
            for at, (code, label) in enumerate(self.columns)
        ]


def _as_typed(code: str, text: str) -> str:
    is_kept = code == NUMBER_COLUMN and text.isascii() and text.isdecimal()
    return employee_numbers.printed(text) if is_kept else text


class PersonsField(forms.Field):
    """People with their columns; gives them as `submissions.headers` keeps them."""

    default_error_messages = {
        "many": gettext_lazy("Name at most %(most)d people."),
        "nameless": gettext_lazy("Line %(line)d has no name."),
        "long": gettext_lazy("Line %(line)d: write at most %(most)d characters."),
    }

    def __init__(self, *, header: HeaderField, **kwargs: Any) -> None:
        super().__init__(widget=PersonsWidget(header), **kwargs)
        self.most = int(header.maximum or MOST_PEOPLE)

    def clean(self, value: Any) -> list[dict[str, str]]:
        cleaned = []
        for line, person in enumerate(value or [], start=1):
            if found := self._person(person, line):
                cleaned.append(found)
        if len(cleaned) > self.most:
            raise ValidationError(
                self.error_messages["many"] % {"most": self.most}, code="many"
            )
        return cleaned

    def _person(self, given: Mapping[str, Any], line: int) -> dict[str, str]:
        person = {code: clean_line(str(text)) for code, text in given.items()}
        if not any(person.values()):
            return {}
        if not person.get(NAME):
            raise ValidationError(
                self.error_messages["nameless"] % {"line": line}, code="nameless"
            )
        if any(len(text) > LONGEST_CELL for text in person.values()):
            raise ValidationError(
                self.error_messages["long"] % {"line": line, "most": LONGEST_CELL},
                code="long",
            )
        if NUMBER_COLUMN in person:
            try:
                person[NUMBER_COLUMN] = employee_numbers.normalise(
                    person[NUMBER_COLUMN], today=timezone.localdate()
                )
            except employee_numbers.EmployeeNumberRefused as refusal:
                raise ValidationError(
                    _("%(name)s: %(problem)s")
                    % {"name": person[NAME], "problem": refusal.message},
                    code="employee_number",
                ) from None
        return person

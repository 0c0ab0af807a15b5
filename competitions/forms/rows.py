"""Several values of several parts each, one row for each value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

Row = dict[str, str]
BLANK_ROWS = 2


@dataclass(frozen=True)
class Column:
    """One part of a row: typed, or chosen where there are `choices`."""

    name: str
    label: Any
    width: str = ""  # class of the cell: narrow, or as wide as there is room
    is_number: bool = False
    limit: int = 500
    choices: Sequence[tuple[str, Any]] = ()

    @property
    def blank(self) -> str:
        """What a row shows here before anything is done to it."""
        return self.choices[0][0] if self.choices else ""


@dataclass(frozen=True)
class Cell:
    """What stands in one column of one row, as the template shows it."""

    column: Column
    html_id: str
    html_name: str
    value: str

    @property
    def is_unknown(self) -> bool:
        """Whether something is chosen that is offered no more."""
        known = [code for code, _label in self.column.choices]
        return bool(self.value and self.column.choices) and self.value not in known


class RowsWidget(forms.Widget):
    """Reads the inputs of templates/competitions/rows_field.html."""

    columns: Sequence[Column] = ()

    def value_from_datadict(
        self, data: Any, files: Any, name: str
    ) -> Sequence[Row] | None:
        lists = [data.getlist(f"{name}-{each.name}") for each in self.columns]
        return [
            {each.name: text for each, text in zip(self.columns, texts, strict=True)}
            for texts in zip(*lists, strict=False)
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-{self.columns[0].name}" not in data


class RowsBoundField(forms.BoundField):
    """A field of rows with the rows as they stand."""

    field: "RowsField"

    @property
    def rows(self) -> list[list[Cell]]:
        """Each row by its cells, and some blank ones to be filled."""
        found: list[Row] = [dict(row) for row in self.value() or []]
        while found and not self.field.is_filled(found[-1]):
            found.pop()
        found += [{} for _ in range(BLANK_ROWS)]
        return [
            [
                Cell(
                    column=column,
                    # The error summary leads to the field by its own id.
                    html_id=f"{self.auto_id}_{number}_{place}"
                    if number or place
                    else str(self.auto_id),
                    html_name=f"{self.html_name}-{column.name}",
                    value=row.get(column.name, ""),
                )
                for place, column in enumerate(self.field.columns)
            ]
            for number, row in enumerate(found)
        ]


class RowsField(forms.Field):
    """Rows of texts; gives those that hold anything, each as column to text."""

    widget = RowsWidget

    def __init__(self, label: Any, columns: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self.columns = columns

    @property
    def columns(self) -> Sequence[Column]:
        return self._columns

    @columns.setter
    def columns(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self.widget.columns = columns

    def __deepcopy__(self, memo: dict[int, Any]) -> "RowsField":
        made: RowsField = super().__deepcopy__(memo)
        made.columns = self._columns
        return made

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> RowsBoundField:
        return RowsBoundField(form, self, field_name)

    def clean(self, value: Any) -> list[Row]:
        rows = [
            {name: text.strip() for name, text in row.items()}
            for row in value or []
            if self.is_filled(row)
        ]
        if self.required and not rows:
            raise ValidationError(self.error_messages["required"], code="required")
        return rows

    def is_filled(self, row: Mapping[str, str]) -> bool:
        """What a blank row shows is nothing: no text, and the first of the choices."""
        return any(
            row.get(each.name, "").strip() != each.blank for each in self.columns
        )


def row_error(number: int, message: Any) -> ValidationError:
    """Name the row, counted from 1, beside what is wrong with it."""
    return ValidationError(
        gettext("Row %(number)d: %(message)s") % {"number": number, "message": message}
    )

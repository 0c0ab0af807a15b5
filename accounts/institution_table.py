"""A table of institutions from a spreadsheet: read, tidied and checked as a whole.

Nothing here touches the database. Rows are numbered as the spreadsheet numbers them:
the heads stand in row 1.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import tablib
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import Institution
from core.errors import DomainError

CODE = "kode"
KIND = "jenis"
NAME = "nama"
SHORT_NAME = "nama_singkat"
PARENT = "kode_induk"
EMAIL = "email"
PHONE = "telepon"
ADDRESS = "alamat"

# Column to field, in the order of the template.
FIELDS = {
    CODE: "code",
    KIND: "kind",
    NAME: "name",
    SHORT_NAME: "short_name",
    PARENT: "parent",
    EMAIL: "email",
    PHONE: "phone",
    ADDRESS: "address",
}
COLUMNS = tuple(FIELDS)
REQUIRED = (CODE, KIND, NAME, SHORT_NAME)

# No slash: paths are made of codes and slashes.
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


class TableUnreadable(DomainError):
    """The file is no table of institutions; the message says what is wrong."""


@dataclass(frozen=True)
class Row:
    """One line of the table; every column of the template has a text, maybe empty."""

    number: int
    values: Mapping[str, str]

    @property
    def code(self) -> str:
        return self.values[CODE]


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, told so that it can be mended."""

    row: int
    column: str
    value: str
    reason: str


def read_table(name: str, content: bytes) -> tablib.Dataset:
    """Read the cells of a CSV or XLSX file, telling them apart by its name.

    Raises TableUnreadable if the file is neither, or its heads are not the template's.
    """
    if name.lower().endswith(".csv"):
        lines = _csv_lines(content)
    elif name.lower().endswith(".xlsx"):
        lines = _xlsx_lines(content)
    else:
        raise TableUnreadable(_("Upload the table as a CSV or an XLSX file."))
    heads, *rows = lines or [[]]
    headers = [str(head or "").strip().lower() for head in heads]
    while headers and not headers[-1]:
        headers.pop()
    _check_headers(headers)
    table = tablib.Dataset(headers=headers)
    for number, row in enumerate(rows, start=2):
        if any(cell not in (None, "") for cell in row[len(headers) :]):
            raise TableUnreadable(
                _("Row %(row)d has more cells than the table has columns.")
                % {"row": number}
            )
        table.append([*row, *[None] * len(headers)][: len(headers)])
    return table


def tidy_rows(table: tablib.Dataset) -> tuple[list[Row], list[Fault]]:
    """Turn cells into trimmed texts, leaving out empty lines.

    Faults name the cells a spreadsheet program has turned into something else.
    """
    rows, faults = [], []
    for number, record in enumerate(table.dict, start=2):
        values = dict.fromkeys(COLUMNS, "")
        for column, cell in record.items():
            values[column], reason = _as_text(cell)
            if reason:
                faults.append(Fault(number, column, str(cell), reason))
        if any(values.values()):
            rows.append(Row(number, values))
    return rows, faults


def check_rows(rows: Sequence[Row], stored: Mapping[str, str]) -> list[Fault]:
    """Find all that is wrong in the table as a whole, in the order of its rows.

    `stored` maps the code of each institution the government has already to its
    parent's code, or "" at the top of the tree. Rows may stand in any order.
    """
    faults = [fault for row in rows for fault in _check_cells(row)]
    faults += _check_doubles(rows)
    faults += _check_parents(rows, stored)
    return sorted(faults, key=lambda fault: (fault.row, COLUMNS.index(fault.column)))


def levels(rows: Iterable[Row]) -> list[list[Row]]:
    """Part rows that passed the check by depth: parents before their children."""
    left = {row.code: row for row in rows}
    parted = []
    while left:
        level = [row for row in left.values() if row.values[PARENT] not in left]
        parted.append(level)
        for row in level:
            del left[row.code]
    return parted


def in_cycle(parents: Mapping[str, str]) -> set[str]:
    """Find the codes from which the way up never ends."""
    endless: set[str] = set()
    ending: set[str] = {""}
    for start in parents:
        trail, code = [], start
        while code not in ending and code not in endless and code not in trail:
            trail.append(code)
            code = parents.get(code, "")
        (ending if code in ending else endless).update(trail)
    return endless


def _csv_lines(content: bytes) -> list[list[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableUnreadable(
            _("Save the CSV file as UTF-8 and upload it again.")
        ) from error
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise TableUnreadable(_("The CSV file is damaged.")) from error


def _xlsx_lines(content: bytes) -> list[list[Any]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise TableUnreadable(_("The XLSX file is damaged.")) from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    finally:
        book.close()


def _check_headers(headers: Sequence[str]) -> None:
    missing = [column for column in REQUIRED if column not in headers]
    if missing:
        raise TableUnreadable(
            _("The table lacks these columns: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
    unknown = [head or "?" for head in headers if head not in COLUMNS]
    if unknown:
        raise TableUnreadable(
            _("The table has columns the template does not have: %(columns)s.")
            % {"columns": ", ".join(unknown)}
        )
    if len(set(headers)) != len(headers):
        raise TableUnreadable(_("The table has the same column twice."))


def _as_text(cell: Any) -> tuple[str, str]:
    """The text of a cell, and why it cannot be trusted."""
    if cell is None:
        return "", ""
    if isinstance(cell, str):
        text = " ".join(cell.split())
        if text.startswith("="):
            return text, _("The cell holds a formula. Write the value itself.")
        return text, ""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell), ""
    return str(cell), _(
        "The spreadsheet program changed this value into a number or a date. "
        "Set the column to text and write it again."
    )


def _check_cells(row: Row) -> Iterable[Fault]:
    for column in REQUIRED:
        if not row.values[column]:
            yield Fault(row.number, column, "", _("Fill in this cell."))
    for column, text in row.values.items():
        reason = _cell_fault(column, text) if text else ""
        if reason:
            yield Fault(row.number, column, text, reason)


def _cell_fault(column: str, text: str) -> str:
    limit = Institution._meta.get_field(FIELDS[column]).max_length  # type: ignore[union-attr]
    if limit and column != KIND and len(text) > limit:
        return _("Shorten the text to %(limit)d characters.") % {"limit": limit}
    if column == KIND and text.lower() not in Institution.Kind.values:
        return _("Choose one of: %(kinds)s.") % {
            "kinds": ", ".join(Institution.Kind.values)
        }
    if column == CODE and not _CODE.fullmatch(text):
        return _("Write the code with letters, digits, dots and hyphens only.")
    if column == EMAIL:
        try:
            validate_email(text)
        except ValidationError as error:
            return " ".join(error.messages)
    return ""


def _check_doubles(rows: Sequence[Row]) -> Iterable[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        earlier = first.setdefault(row.code, row.number)
        if row.code and earlier != row.number:
            yield Fault(
                row.number,
                CODE,
                row.code,
                _("Row %(row)d has the same code.") % {"row": earlier},
            )


def _check_parents(rows: Sequence[Row], stored: Mapping[str, str]) -> Iterable[Fault]:
    parents = dict(stored) | {row.code: row.values[PARENT] for row in rows}
    endless = in_cycle(parents)
    for row in rows:
        parent = row.values[PARENT]
        if not parent:
            continue
        if parent == row.code:
            reason = _("An institution cannot stand below itself.")
        elif parent not in parents:
            reason = _("No institution in the portal or in this table has this code.")
        elif row.code in endless:
            reason = _("Following the parents upwards leads round in a circle.")
        else:
            continue
        yield Fault(row.number, PARENT, parent, reason)

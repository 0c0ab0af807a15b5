"""Invitations from a spreadsheet: what stands in its rows, tidied and checked.

Nothing here touches the database. Rows are numbered as the spreadsheet numbers them.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts import employee_numbers
from accounts.institution_table.columns import Fault, TableUnreadable
from accounts.institution_table.workbooks import read_workbook
from accounts.models import Invitation
from accounts.models.roles import Role

EMAIL, NAME, ROLE, CODE = "email", "nama", "peran", "kode_instansi"
NUMBER = "nip"
COLUMNS = (EMAIL, NAME, ROLE, CODE, NUMBER)
OPTIONAL = (NUMBER,)
SHEET = "Undangan"
MOST_BYTES = 1024 * 1024
MOST_ROWS = 500
# As people write them; the values of the roles are taken too.
ROLES: Mapping[str, Role] = {
    "penulis": Role.AUTHOR,
    "penulis proposal": Role.AUTHOR,
    "admin instansi": Role.INSTITUTION_ADMIN,
    "sekretariat": Role.SECRETARIAT,
    "pimpinan": Role.LEADER,
    **{role.value.replace("_", " "): role for role in Role},
}
IN_INSTITUTIONS = (Role.AUTHOR, Role.INSTITUTION_ADMIN)


@dataclass(frozen=True)
class Row:
    """One line; every column has a text, maybe empty."""

    number: int
    email: str
    name: str
    role: str
    code: str
    employee_number: str = ""

    @property
    def known_role(self) -> Role | None:
        return ROLES.get(self.role.lower().replace("_", " "))


def read_table(
    name: str, content: bytes, *, today: date
) -> tuple[list[Row], list[Fault]]:
    """Read a CSV or XLSX file, telling them apart by its name.

    Raises TableUnreadable if it is neither, too large, or lacks a column. Faults are
    those that show in a cell by itself.
    """
    if len(content) > MOST_BYTES:
        raise TableUnreadable(_("The file is larger than 1 MB."))
    lines, faults = read_lines(name, content)
    heads, *rest = lines or [[]]
    places = _places(heads)
    rows = [
        row
        for number, line in enumerate(rest, start=2)
        if any(each for each in _texts(line, places))
        for row in [Row(number, *_texts(line, places))]
    ]
    if not rows:
        raise TableUnreadable(_("The table holds no row yet."))
    if len(rows) > MOST_ROWS:
        raise TableUnreadable(
            _("The table has more than %(limit)d rows. Upload it in parts.")
            % {"limit": MOST_ROWS}
        )
    return rows, faults + check_rows(rows, today=today)


def read_lines(name: str, content: bytes) -> tuple[list[list[str]], list[Fault]]:
    """Give the tidied cells of each line of a CSV or XLSX file, told by its name.

    Raises TableUnreadable if it is neither, or damaged.
    """
    ending = name.lower().rpartition(".")[2]
    if ending == "csv":
        return _csv_lines(content), []
    if ending in ("xlsx", "xls"):
        return _xlsx_lines(content)
    raise TableUnreadable(_("Upload the table as a CSV or an XLSX file."))


def check_rows(rows: Sequence[Row], *, today: date) -> list[Fault]:
    """Find what is wrong in the rows, without looking at what the portal knows."""
    faults, first = [], dict[tuple[str, str, str], int]()
    for row in rows:
        faults += _check_cells(row, today)
        same = (row.email.lower(), row.role.lower(), row.code.lower())
        earlier = first.setdefault(same, row.number)
        if earlier != row.number:
            reason = _("The same as row %(row)d.") % {"row": earlier}
            faults.append(Fault(row.number, EMAIL, row.email, reason))
    return faults


def _check_cells(row: Row, today: date) -> list[Fault]:
    faults = []

    def fault(column: str, value: str, reason: str) -> None:
        faults.append(Fault(row.number, column, value[:100], reason))

    try:
        validate_email(row.email)
        if len(row.email) > 254:
            raise ValidationError("")
    except ValidationError:
        fault(EMAIL, row.email, _("Write a whole e-mail address."))
    if not row.name:
        fault(NAME, "", _("Fill in this cell."))
    elif len(row.name) > (Invitation._meta.get_field("name").max_length or 0):
        fault(NAME, row.name, _("Shorten the name to 150 characters."))
    role = row.known_role
    if role is None:
        reason = _("Choose one of: penulis, admin instansi, sekretariat, pimpinan.")
        fault(ROLE, row.role, reason)
    elif role in IN_INSTITUTIONS and not row.code:
        fault(CODE, "", _("Fill in the code of the institution."))
    elif role not in IN_INSTITUTIONS and row.code:
        reason = _("Leave this empty: the role is one of the government.")
        fault(CODE, row.code, reason)
    try:
        employee_numbers.normalise(row.employee_number, today=today)
    except employee_numbers.EmployeeNumberRefused as refusal:
        fault(NUMBER, row.employee_number, refusal.message)
    for column, text in ((EMAIL, row.email), (NAME, row.name), (CODE, row.code)):
        if text.startswith("="):
            reason = _("The cell holds a formula. Write the value itself.")
            fault(column, text, reason)
    return faults


def _places(heads: Sequence[str]) -> list[int | None]:
    """Say where each column stands; one that may be left out is nowhere."""
    names = [head.lower() for head in heads]
    needed = [column for column in COLUMNS if column not in OPTIONAL]
    if missing := [column for column in needed if column not in names]:
        raise TableUnreadable(
            _("The table lacks these columns: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
    return [names.index(each) if each in names else None for each in COLUMNS]


def _texts(line: Sequence[str], places: Sequence[int | None]) -> list[str]:
    return [
        line[place] if place is not None and place < len(line) else ""
        for place in places
    ]


def _xlsx_lines(content: bytes) -> tuple[list[list[str]], list[Fault]]:
    lines, faults = read_workbook(content)
    texts = [
        ["" if cell is None else _tidy(str(cell.value)) for cell in line]
        for line in lines
    ]
    return texts, faults


def _csv_lines(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableUnreadable(
            _("Line %(line)d is not UTF-8. Save the file as “CSV UTF-8”.")
            % {"line": line}
        ) from error
    if "\0" in text:
        raise TableUnreadable(_("This is no CSV file: it holds null bytes."))
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise TableUnreadable(_("The CSV file is damaged.")) from error
    return [[_tidy(cell) for cell in row] for row in rows]


def _tidy(text: str) -> str:
    """Without the signs that cannot be seen and the spaces that count for nothing."""
    return " ".join("".join(s for s in text if s.isprintable() or s.isspace()).split())

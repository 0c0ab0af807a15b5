"""Assignments as a table: one line for each juror of each proposal.

Nothing here touches the database. Rows are numbered as the spreadsheet numbers them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from accounts import invitation_table
from accounts.institution_table.columns import Fault, TableUnreadable
from core.spreadsheets import XlsxWriter, unquoted

CODE, EMAIL = "kode_proposal", "email_juri"
COLUMNS = (CODE, EMAIL)
# Written for whoever reads the table; not looked at when it comes back.
SHOWN = ("judul", "nama_juri", "keadaan")
WIDTHS = (18, 34, 50, 30, 18)
MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Row:
    """One line: which proposal goes to which juror."""

    number: int
    code: str
    email: str


def read_table(name: str, content: bytes) -> tuple[list[Row], list[Fault]]:
    """Read a CSV or XLSX file, telling them apart by its name.

    Raises TableUnreadable if it is neither, too large, or lacks a column. Faults are
    those that show in a cell by itself, and lines that stand there twice.
    """
    if len(content) > MOST_BYTES:
        raise TableUnreadable(_("The file is larger than 5 MB."))
    lines, faults = invitation_table.read_lines(name, content)
    heads, *rest = lines or [[]]
    places = _places(heads)
    rows = [
        Row(number, code.upper(), email.lower())
        for number, line in enumerate(rest, start=2)
        for code, email in [_texts(line, places)]
        if code or email
    ]
    if not rows:
        raise TableUnreadable(_("The table holds no row yet."))
    if len(rows) > MOST_ROWS:
        raise TableUnreadable(
            _("The table has more than %(limit)d rows. Upload it in parts.")
            % {"limit": MOST_ROWS}
        )
    return rows, faults + _check(rows)


def write_table(
    target: IO[bytes], rows: Iterable[Sequence[str]], states: dict[str, str]
) -> None:
    """Write rows of code, title, e-mail, name, state; `states` names the states."""
    writer = XlsxWriter()
    sheet = writer.add_sheet(_("Assignments"), (*COLUMNS, *SHOWN), WIDTHS)
    for code, title, email, name, state in rows:
        writer.add_row(sheet, (code, email, title, name, states.get(state, "")))
    writer.save(target)


def _check(rows: Sequence[Row]) -> list[Fault]:
    faults, first = [], dict[tuple[str, str], int]()
    for row in rows:
        for column, value in ((CODE, row.code), (EMAIL, row.email)):
            if not value:
                faults.append(Fault(row.number, column, "", _("Fill in this cell.")))
        earlier = first.setdefault((row.code, row.email), row.number)
        if earlier != row.number:
            reason = _("The same as row %(row)d.") % {"row": earlier}
            faults.append(Fault(row.number, EMAIL, row.email, reason))
    return faults


def _places(heads: Sequence[str]) -> list[int]:
    names = [head.lower() for head in heads]
    if missing := [column for column in COLUMNS if column not in names]:
        raise TableUnreadable(
            _("The table lacks these columns: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
    return [names.index(column) for column in COLUMNS]


def _texts(line: Sequence[str], places: Sequence[int]) -> list[str]:
    return [unquoted(line[place]) if place < len(line) else "" for place in places]

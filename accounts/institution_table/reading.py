"""From the bytes of a file to tidy texts, with all that its cells show to be wrong."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from accounts.institution_table.columns import (
    COLUMNS,
    DATES,
    REQUIRED,
    Fault,
    Hint,
    Row,
    Table,
    TableUnreadable,
)
from accounts.institution_table.workbooks import Cell, Line, read_workbook
from core.spreadsheets import unquoted

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
_SHOWN = 100  # characters of a faulty value that are told
_DAY_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


def read_table(name: str, content: bytes) -> Table:
    """Read a CSV or XLSX file, telling them apart by its name.

    Raises TableUnreadable if the file is neither, is more than a table can be, or if
    its heads are not the template's.
    """
    if len(content) > MAX_BYTES:
        raise TableUnreadable(_("The file is larger than 5 MB."))
    ending = name.lower().rpartition(".")[2]
    faults: list[Fault] = []
    if ending == "csv":
        lines = _csv_lines(content)
    elif ending in ("xlsx", "xls"):
        lines, faults = read_workbook(content)
    elif ending == "xlsm":
        raise TableUnreadable(
            _("A workbook with macros (XLSM) is not taken. Save it as XLSX.")
        )
    else:
        raise TableUnreadable(_("Upload the table as a CSV or an XLSX file."))
    heads, *rest = lines or [[]]
    columns = _columns(heads)
    reader = _Reader(columns, faults)
    for number, line in enumerate(rest, start=2):
        reader.take(number, line)
    if not reader.rows:
        raise TableUnreadable(_("The table holds no institution yet."))
    return reader.table()


@dataclass
class _Reader:
    """Collects rows, faults and hints while lines go by."""

    columns: tuple[str, ...]
    faults: list[Fault]
    rows: list[Row] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    def take(self, number: int, line: Line) -> None:
        cells = [*line, *[None] * len(self.columns)]
        values = {
            column: self._text(number, column, cell)
            for column, cell in zip(self.columns, cells, strict=False)
        }
        surplus = [cell for cell in line[len(self.columns) :] if cell]
        if surplus and any(str(cell.value).strip() for cell in surplus):
            self._fault(
                number, "", surplus[0].value, _("A cell beside the table. Delete it.")
            )
        if not any(values.values()):
            return
        if len(self.rows) >= MAX_ROWS:
            raise TableUnreadable(
                _(
                    "The table has more than %(limit)d institutions. Upload it in "
                    "parts, parents first."
                )
                % {"limit": MAX_ROWS}
            )
        self.rows.append(Row(number, values))

    def table(self) -> Table:
        return Table(
            self.columns, tuple(self.rows), tuple(self.faults), tuple(self.hints)
        )

    def _text(self, number: int, column: str, cell: Cell | None) -> str:
        if cell is None:
            return ""
        if cell.kind != "text":
            return self._typed(number, column, cell)
        raw = str(cell.value)
        text = unquoted(" ".join(raw.split()))
        if any(unicodedata.category(sign) in _UNSEEN for sign in text):
            self._fault(
                number,
                column,
                "".join("\ufffd" if s in _unseen(text) else s for s in text),
                _("The cell holds signs that cannot be seen. Type it anew."),
            )
        elif raw not in (text, f"'{text}"):
            self._hint(number, column, raw, _("Spaces too many were taken away."))
        return _day(text) if column in DATES else text

    def _typed(self, number: int, column: str, cell: Cell) -> str:
        value = cell.value
        if cell.kind == "date" and column in DATES:
            return _iso(value)
        if cell.kind == "number" and float(value).is_integer() and column not in DATES:
            self._hint(
                number,
                column,
                value,
                _("A number: zeros at its beginning are lost. Check it."),
            )
            return str(int(value))
        reason = _REASONS[cell.kind]()
        self._fault(number, column, value, reason)
        return str(value)[:_SHOWN]

    def _fault(self, number: int, column: str, value: Any, reason: str) -> None:
        self.faults.append(Fault(number, column, str(value)[:_SHOWN], reason))

    def _hint(self, number: int, column: str, value: Any, text: str) -> None:
        self.hints.append(Hint(number, column, str(value)[:_SHOWN], text))


_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_REASONS = {
    "formula": lambda: _("The cell holds a formula. Write the value itself."),
    "truth": lambda: _(
        "The spreadsheet program took this for true or false. Set the column to text "
        "and write it again."
    ),
    "error": lambda: _("The cell holds an error of the spreadsheet. Write the value."),
    "date": lambda: _(
        "The spreadsheet program turned this into a date. Set the column to text and "
        "write it again."
    ),
    "number": lambda: _(
        "The spreadsheet program turned this into a number. Set the column to text "
        "and write it again."
    ),
}


def _unseen(text: str) -> set[str]:
    return {sign for sign in text if unicodedata.category(sign) in _UNSEEN}


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _day(text: str) -> str:
    """Write a day as the table keeps it; what is none stays, and is found later."""
    for pattern in _DAY_FORMATS:
        try:
            return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return text


def _csv_lines(content: bytes) -> list[Line]:
    text = _decoded(content)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise TableUnreadable(_("The CSV file is damaged.")) from error
    return [[_csv_cell(cell) for cell in row] for row in rows]


def _csv_cell(text: str) -> Cell | None:
    if not text:
        return None
    return Cell(text, "formula" if text.lstrip().startswith("=") else "text")


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableUnreadable(_wrong_encoding(content, error)) from error
    if "\0" in text:
        raise TableUnreadable(_("This is no CSV file: it holds null bytes."))
    return text


def _wrong_encoding(content: bytes, error: UnicodeDecodeError) -> str:
    place = {
        "line": content.count(b"\n", 0, error.start) + 1,
        "byte": f"0x{content[error.start]:02X}",
        "position": error.start - content.rfind(b"\n", 0, error.start),
    }
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "UTF-16"
    else:
        name = "Windows-1252"
    return _(
        "The CSV file is not UTF-8: byte %(byte)s in line %(line)d, place "
        "%(position)d. It was probably saved as %(name)s. Save it as “CSV UTF-8” and "
        "upload it again."
    ) % {**place, "name": name}


def _columns(heads: Line) -> tuple[str, ...]:
    names = [str(cell.value if cell else "").strip().lower() for cell in heads]
    while names and not names[-1]:
        names.pop()
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        raise TableUnreadable(_unknown_heads(unknown))
    missing = [column for column in REQUIRED if column not in names]
    if missing:
        raise TableUnreadable(
            _("The table lacks these columns: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
    if len(set(names)) != len(names):
        raise TableUnreadable(_("The table has the same column twice."))
    return tuple(names)


def _unknown_heads(unknown: Sequence[str]) -> str:
    told = [_unknown_head(name[:40]) for name in unknown[:5]]
    return _(
        "The first row must name the columns of the template. Unknown: %(columns)s."
    ) % {"columns": "; ".join(told)}


def _unknown_head(name: str) -> str:
    plain = name.replace(" ", "_").replace("-", "_")
    nearest: Iterable[str] = get_close_matches(plain, COLUMNS, n=1, cutoff=0.6)
    for match in nearest:
        return _("“%(name)s” (did you mean “%(nearest)s”?)") % {
            "name": name,
            "nearest": match,
        }
    return _("“%(name)s”") % {"name": name or " "}

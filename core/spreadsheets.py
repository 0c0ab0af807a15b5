"""Tables for spreadsheet programs, written so that no cell is ever run as a formula.

Every table that leaves the portal for such a program passes through here.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet program runs text that begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_QUOTE = "'"

Cell = str | int | None
Sheet = Any  # openpyxl's stubs know little of sheets that are only written


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet program would take `text` for a formula."""
    return text.startswith(FORMULA_STARTS)


def quoted(text: str) -> str:
    """Put an apostrophe before text that would be run, so that it is only read.

    Text that is quoted already gets one more: `unquoted` gives back just what was.
    """
    return f"{_QUOTE}{text}" if is_formula_like(text.lstrip(_QUOTE)) else text


def unquoted(text: str) -> str:
    """Take away the apostrophe that `quoted` has put."""
    is_quoted = text.startswith(_QUOTE) and is_formula_like(text.lstrip(_QUOTE))
    return text[1:] if is_quoted else text


class _Echo:
    """A file that hands back what is written, so that rows can be streamed."""

    def write(self, value: str) -> str:
        return value


def csv_lines(rows: Iterable[Sequence[Cell]], *, delimiter: str = ";") -> Iterator[str]:
    """Write rows one by one; semicolons are what a program set to Indonesian reads.

    A byte order mark tells such a program that the text is UTF-8.
    """
    writer = csv.writer(_Echo(), delimiter=delimiter)
    mark = "\ufeff"
    for row in rows:
        yield mark + writer.writerow(
            [quoted(cell) if isinstance(cell, str) else cell for cell in row]
        )
        mark = ""


class XlsxWriter:
    """Writes a workbook row by row; cells are texts, whatever they begin with."""

    def __init__(self) -> None:
        self.book = Workbook(write_only=True)

    def add_sheet(
        self, title: str, heads: Sequence[str], widths: Sequence[int]
    ) -> Sheet:
        """Begin a sheet with its heads, which stay in view."""
        sheet = self.book.create_sheet(title)
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.freeze_panes = "A2"
        cells = []
        for head in heads:
            cell = WriteOnlyCell(sheet, head)
            cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
        return sheet

    def add_row(self, sheet: Sheet, row: Sequence[Cell]) -> None:
        sheet.append([self._cell(sheet, cell) for cell in row])

    def add_lines(self, title: str, lines: Iterable[str]) -> None:
        """Add a sheet to read: one wrapped column."""
        sheet = self.book.create_sheet(title)
        sheet.column_dimensions["A"].width = 100
        for line in lines:
            cell = WriteOnlyCell(sheet, line)
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            sheet.append([cell])

    def save(self, target: IO[bytes]) -> None:
        self.book.save(target)

    def _cell(self, sheet: Sheet, value: Cell) -> object:
        if not isinstance(value, str):
            return value
        # What begins with apostrophes gets one more, since reading takes one away.
        text = quoted(value) if value.startswith(_QUOTE) else value
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", text))
        cell.data_type = "s"  # text, even where it looks like a formula or an error
        if is_formula_like(text):
            cell.quotePrefix = True  # stays text when somebody edits the cell
        return cell

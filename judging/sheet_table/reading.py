"""Reading the workbook back: each fault is named by its cell."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from competitions.models import Criterion, ScoringStage
from core import numbers
from documents.uploads import UploadRefused
from documents.uploads.office import check_xlsx
from judging import scoring
from judging.sheet_table.shapes import (
    FIRST_ROW,
    KEY,
    NOTE,
    VALUE,
    VERSION,
    Fault,
    Line,
    TableUnreadable,
    marked,
)

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2_000
MAX_COLUMNS = 200
MAX_NOTE = 2_000


def read_table(
    content: bytes, stage: ScoringStage, criteria: Sequence[Criterion]
) -> tuple[list[Line], list[Fault]]:
    """Read such a workbook back: lines without a fault, and all faults.

    Raises TableUnreadable.
    """
    if len(content) > MAX_BYTES:
        raise TableUnreadable(
            _("This file is too big. Upload the workbook you downloaded here.")
        )
    try:
        safe = check_xlsx(content).content
        book = openpyxl.load_workbook(BytesIO(safe), read_only=True)
        try:
            rows = _rows_of(book)
        finally:
            book.close()
    except (
        UploadRefused,  # its advice is for papers: another format does not help here
        BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
    ) as error:
        raise _not_ours() from error
    return _read_rows(rows, stage, criteria)


def _rows_of(book: Any) -> list[list[Any]]:
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    rows = []
    for row in sheet.iter_rows(max_row=MAX_ROWS + FIRST_ROW, max_col=MAX_COLUMNS):
        rows.append(list(row))
    return rows


def _not_ours() -> TableUnreadable:
    return TableUnreadable(
        _(
            "This is not the workbook of this stage. Download it here, fill it in, "
            "and upload that file as XLSX."
        )
    )


def _read_rows(
    rows: list[list[Any]], stage: ScoringStage, criteria: Sequence[Criterion]
) -> tuple[list[Line], list[Fault]]:
    codes = {
        str(cell.value): place
        for place, cell in enumerate(rows[0] if rows else [])
        if cell.value
    }
    if marked(stage) not in codes or KEY not in codes or VERSION not in codes:
        raise _not_ours()
    if len(rows) > MAX_ROWS + FIRST_ROW - 1:
        raise _not_ours()
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    heads = [str(cell.value or "") for cell in rows[1]] if len(rows) > 1 else []
    for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
        reader = _RowReader(number, row, codes, heads)
        line = reader.line(stage, criteria)
        if line and line.key in seen:
            reader.blame("", line.key, _("This sheet stands in the file twice."))
        if line:
            seen.add(line.key)
            if not reader.faults:
                lines.append(line)
        faults += reader.faults
    return lines, faults


class _RowReader:
    """One row, and what is found wrong in it."""

    def __init__(
        self, number: int, row: list[Any], codes: Mapping[str, int], heads: list[str]
    ) -> None:
        self.number, self.row, self.codes, self.heads = number, row, codes, heads
        self.faults: list[Fault] = []

    def blame(self, column: str, value: object, reason: str) -> None:
        self.faults.append(Fault(self.number, column, str(value)[:60], reason))

    def line(self, stage: ScoringStage, criteria: Sequence[Criterion]) -> Line | None:
        """What it says; None for a row that is empty or belongs to no sheet."""
        key, version = self._raw(KEY), self._raw(VERSION)
        if key in (None, ""):
            if any(cell.value not in (None, "") for cell in self.row):
                self.blame("", "", _("The hidden key of this row is gone."))
            return None
        if not isinstance(version, int) or isinstance(version, bool) or version < 0:
            self.blame("", version, _("The hidden version of this row was changed."))
            version = -1
        return Line(
            self.number,
            str(key),
            version,
            {
                each.code: self._value(stage, each)
                for each in criteria
                if f"{VALUE}{each.code}" in self.codes
            },
            {
                each.code: self._note(each)
                for each in criteria
                if f"{NOTE}{each.code}" in self.codes
            },
        )

    def _raw(self, code: str) -> Any:
        place = self.codes[code]
        return self.row[place].value if place < len(self.row) else None

    def _is_formula(self, code: str) -> bool:
        place = self.codes[code]
        return place < len(self.row) and self.row[place].data_type == "f"

    def _column(self, code: str, criterion: Criterion) -> str:
        letter = get_column_letter(self.codes[code] + 1)
        return f"{letter}, {criterion.name}"

    def _value(self, stage: ScoringStage, criterion: Criterion) -> Decimal | None:
        code = f"{VALUE}{criterion.code}"
        raw, column = self._raw(code), self._column(code, criterion)
        if raw is None or str(raw).strip() == "":
            return None
        if self._is_formula(code):
            self.blame(column, raw, _("Type the number itself, not a formula."))
            return None
        value = _decimal(raw)
        if value is None:
            self.blame(column, raw, _("Type a number, such as 82 or 82,5."))
        elif fault := scoring.off_scale(stage, value):
            self.blame(column, raw, fault)
        return value

    def _note(self, criterion: Criterion) -> str:
        code = f"{NOTE}{criterion.code}"
        raw, column = self._raw(code), self._column(code, criterion)
        text = "" if raw is None else str(raw).strip()
        if self._is_formula(code):
            self.blame(column, raw, _("A note is text, not a formula."))
        elif len(text) > MAX_NOTE:
            self.blame(
                column,
                text,
                _("A note has at most %(most)s characters; this one has %(count)s.")
                % {"most": numbers.decimal(MAX_NOTE, 0), "count": len(text)},
            )
        return text


def _decimal(raw: object) -> Decimal | None:
    """A number as it stands in a cell, or as text with a comma or a point."""
    if isinstance(raw, bool):
        return None
    try:
        value = Decimal(str(raw).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None

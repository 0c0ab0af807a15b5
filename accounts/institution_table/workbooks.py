"""Cells of an XLSX file; one that is no honest workbook is refused before it is read.

A small file can unfold into gigabytes, so sizes are looked at first; what is read is
read as a stream, and no more rows and columns than a table can have.
"""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries

from accounts.institution_table.columns import Fault, TableUnreadable

SHEET = "Instansi"
MOST_COLUMNS = 40
# Empty lines count: a sheet that is formatted to its end has a million of them.
MOST_LINES = 200_000
_MOST_PARTS = 500
_MOST_UNFOLDED = 80 * 1024 * 1024
_MOST_RATIO = 250  # of a part that unfolds to more than a megabyte
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ACTING = ("vbaproject", "activex", "macrosheets", "oleobject", "embeddings/")
_BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    OSError,
    RuntimeError,
    NotImplementedError,
    AttributeError,
    TypeError,
    IndexError,
    EOFError,
    ParseError,
    DefusedXmlException,
)
_KINDS = {
    "f": "formula",
    "b": "truth",
    "e": "error",
    "d": "date",
    "n": "number",
    "s": "text",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and what the spreadsheet takes it for: text, number, date and so on."""

    value: Any
    kind: str


Line = list[Cell | None]


def read_workbook(content: bytes) -> tuple[list[Line], list[Fault]]:
    """Read the lines of the one sheet that counts, and what hides in the workbook.

    Raises TableUnreadable.
    """
    try:
        _check_package(content)
        book = openpyxl.load_workbook(BytesIO(content), read_only=True)
        try:
            sheet, faults = _choose_sheet(book)
            lines = list(_lines(sheet))
            path = sheet._worksheet_path  # no public name says which part it is
            faults += _hidden_parts(content, path, lines[0] if lines else [])
        finally:
            book.close()
    except _BROKEN as error:
        raise TableUnreadable(
            _("The XLSX file is damaged. Save it again as XLSX or as CSV.")
        ) from error
    return lines, faults


def _check_package(content: bytes) -> None:
    if content.startswith(_OLE):
        raise TableUnreadable(
            _("The file is locked with a password. Save it without one.")
            if _ENCRYPTED in content
            else _(
                "This is the old form of an Excel file (XLS). Save it as “Excel "
                "Workbook (.xlsx)” and upload it again."
            )
        )
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = package.infolist()
        _check_sizes(parts)
        names = {part.filename for part in parts}
        if any(word in name.lower() for name in names for word in _ACTING):
            raise _has_macros()
        if "[Content_Types].xml" not in names:
            raise zipfile.BadZipFile
        if b"macroEnabled" in package.read("[Content_Types].xml"):
            raise _has_macros()
        for part in parts:
            _check_entities(package, part)


def _check_sizes(parts: Sequence[zipfile.ZipInfo]) -> None:
    too_dense = any(
        part.file_size > 1_000_000
        and part.file_size > _MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if (
        too_dense
        or len(parts) > _MOST_PARTS
        or sum(part.file_size for part in parts) > _MOST_UNFOLDED
    ):
        raise TableUnreadable(
            _(
                "This file unfolds to far more than it seems to hold, so it was not "
                "opened. Copy the table into the template and upload that."
            )
        )


def _check_entities(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse parts that define entities: they unfold while they are read."""
    if part.filename.endswith((".xml", ".rels")):
        with package.open(part) as stream:
            if b"<!DOCTYPE" in stream.read(65_536).replace(b"\0", b"").upper():
                raise DefusedXmlException


def _has_macros() -> TableUnreadable:
    return TableUnreadable(
        _(
            "The file holds macros or embedded objects. Save it as “Excel Workbook "
            "(.xlsx)” without them."
        )
    )


def _choose_sheet(book: Any) -> tuple[Any, list[Fault]]:
    """Take the sheet of the template's name, or the only one; tell hidden ones."""
    sheets = list(book.worksheets)
    hidden = [each for each in sheets if each.sheet_state != "visible"]
    faults = [
        Fault(
            0,
            "",
            each.title,
            _(
                "A hidden sheet. Nothing in it is read: show it and look at it, then "
                "delete it."
            ),
        )
        for each in hidden
    ]
    shown = [each for each in sheets if each not in hidden]
    named = [each for each in shown if each.title.strip().lower() == SHEET.lower()]
    if named or len(shown) == 1:
        return (named or shown)[0], faults
    if not shown:
        raise TableUnreadable(_("The workbook has no sheet that can be seen."))
    raise TableUnreadable(
        _(
            "The workbook has several sheets: %(sheets)s. Give the one with the table "
            "the name “%(name)s”, or delete the others."
        )
        % {"sheets": ", ".join(each.title for each in shown), "name": SHEET}
    )


def _lines(sheet: Any) -> Iterator[Line]:
    sheet.reset_dimensions()  # what a file says of its own size counts for nothing
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if number > MOST_LINES:
            raise TableUnreadable(
                _("The sheet has more than %(limit)d lines. Delete the empty ones.")
                % {"limit": MOST_LINES}
            )
        yield [
            None
            if cell.value is None
            else Cell(cell.value, _KINDS.get(cell.data_type, "text"))
            for cell in row
        ]


def _hidden_parts(content: bytes, path: str, heads: Line) -> list[Fault]:
    """Find merged cells, hidden rows and hidden columns of a sheet."""
    faults: list[Fault] = []
    with (
        zipfile.ZipFile(BytesIO(content)) as package,
        package.open(path.lstrip("/")) as part,
    ):
        for _event, element in iterparse(part):
            name = element.tag.rpartition("}")[2]
            if name == "mergeCell":
                faults.append(_merged(element.get("ref", ""), heads))
            elif name == "row":
                if _is_true(element.get("hidden")) and len(element):
                    faults.append(_hidden_row(element.get("r", "0")))
                element.clear()
            elif name == "col" and _is_true(element.get("hidden")):
                faults += _hidden_columns(element, heads)
            if len(faults) > 500:  # enough to see what is wrong
                break
    return faults


def _merged(ref: str, heads: Line) -> Fault:
    left, top, _right, _bottom = range_boundaries(ref)
    return Fault(
        int(top or 0),
        _head(heads, int(left or 1)),
        ref,
        _("Merged cells. Split them and fill in each cell by itself."),
    )


def _hidden_row(number: str) -> Fault:
    return Fault(
        int(number), "", "", _("A hidden row. Show it or delete it, then upload again.")
    )


def _hidden_columns(element: Any, heads: Line) -> list[Fault]:
    first, last = int(element.get("min", "1")), int(element.get("max", "1"))
    return [
        Fault(0, name, "", _("A hidden column. Show it or delete it."))
        for number in range(first, min(last, MOST_COLUMNS) + 1)
        if (name := _head(heads, number))
    ]


def _head(heads: Line, number: int) -> str:
    cell = heads[number - 1] if 0 < number <= len(heads) else None
    return str(cell.value).strip().lower() if cell else ""


def _is_true(value: str | None) -> bool:
    return value in ("1", "true")

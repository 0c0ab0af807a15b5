"""The template to fill in."""

from typing import IO

from django.utils.translation import gettext as _
from openpyxl.worksheet.datavalidation import DataValidation

from accounts.institution_table.columns import COLUMNS, REQUIRED
from accounts.institution_table.reading import MAX_ROWS
from accounts.institution_table.workbooks import SHEET
from accounts.models import Institution
from core.spreadsheets import XlsxWriter, csv_lines

WIDTHS = (18, 14, 48, 24, 18, 28, 20, 40, 14, 14, 18)


def write_template(target: IO[bytes]) -> None:
    """Write an empty workbook: text columns, a list of kinds, a sheet that explains."""
    writer = XlsxWriter()
    sheet = writer.add_sheet(SHEET, COLUMNS, WIDTHS)
    kinds = DataValidation(
        type="list",
        formula1=f'"{",".join(Institution.Kind.values)}"',
        allow_blank=False,
        showErrorMessage=True,
        error=_("Choose a kind from the list."),
    )
    kinds.add(f"B2:B{MAX_ROWS + 1}")
    sheet.data_validations.append(kinds)
    # "@" is the format of text: codes keep their zeros and dots.
    for dimension in sheet.column_dimensions.values():
        dimension.number_format = "@"
    writer.add_lines(_("Guide"), _guide())
    writer.save(target)


def template_csv() -> str:
    """The heads alone."""
    return "".join(csv_lines([COLUMNS]))


def _guide() -> list[str]:
    kinds = ", ".join(f"{value} ({label})" for value, label in Institution.Kind.choices)
    return [
        _("How to fill in the table of institutions"),
        _("Write one institution a row on the sheet “%(sheet)s”. Keep the first row.")
        % {"sheet": SHEET},
        _("These columns must be filled: %(columns)s.")
        % {"columns": ", ".join(REQUIRED)},
        _(
            "kode: the institution's own code, never changed and never given twice. "
            "Letters, digits, dots and hyphens, at most 40, as in DINKES or 33.76.01."
        ),
        _("jenis: one of %(kinds)s.") % {"kinds": kinds},
        _("kode_induk: the code of the institution above it; empty at the top."),
        _(
            "aktif_dari, aktif_sampai: first and last day, as 2022-01-31 or "
            "31/01/2022; empty if unknown or still active."
        ),
        _(
            "kode_pengganti: the code of the institution that carries on its work; "
            "only for one that has ended."
        ),
        _(
            "Leave out a column and it stays as it is in the portal; leave a cell "
            "empty and its value is deleted."
        ),
        _("No formulas, merged cells, hidden rows or hidden sheets."),
        _(
            "Nothing is changed on upload: the portal first shows what each row would "
            "do, and takes all of it or nothing."
        ),
    ]

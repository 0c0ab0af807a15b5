"""A table of institutions from a spreadsheet: read, tidied, checked, compared, written.

Nothing here touches the database. Rows are numbered as the spreadsheet numbers them:
the heads stand in row 1; what concerns the whole file has row 0.
"""

from accounts.institution_table.checking import check_rows
from accounts.institution_table.columns import (
    COLUMNS,
    FIELDS,
    REQUIRED,
    Fault,
    Hint,
    Row,
    Stored,
    Table,
    TableUnreadable,
)
from accounts.institution_table.planning import levels, plan_row, wanted_values
from accounts.institution_table.reading import MAX_BYTES, read_table
from accounts.institution_table.writing import template_csv, write_template

__all__ = [
    "COLUMNS",
    "FIELDS",
    "MAX_BYTES",
    "REQUIRED",
    "Fault",
    "Hint",
    "Row",
    "Stored",
    "Table",
    "TableUnreadable",
    "check_rows",
    "levels",
    "plan_row",
    "read_table",
    "template_csv",
    "wanted_values",
    "write_template",
]

"""What a table would do, row by row."""

from collections.abc import Iterable, Mapping

from accounts.institution_table.columns import COLUMNS, KIND, PARENT, Row, Stored


def plan_row(
    row: Row, stored: Mapping[str, Stored]
) -> tuple[str, dict[str, tuple[str, str]]]:
    """Say what becomes of a row, "new", "changed" or "unchanged", and what changes.

    Columns that the table does not have stay as they are.
    """
    known = stored.get(row.code)
    if known is None:
        return "new", {}
    wanted = wanted_values(row)
    changes = {
        column: (known.values[column], wanted[column])
        for column in COLUMNS
        if column in wanted and wanted[column] != known.values[column]
    }
    return ("changed" if changes else "unchanged"), changes


def wanted_values(row: Row) -> dict[str, str]:
    """The values of a row as they are stored: kinds in lower case."""
    return {**row.values, KIND: row.values[KIND].lower()}


def levels(rows: Iterable[Row]) -> list[list[Row]]:
    """Part rows that passed the check by depth: parents before their children."""
    left = {row.code: row for row in rows}
    parted = []
    while left:
        level = [row for row in left.values() if row.values.get(PARENT) not in left]
        parted.append(level)
        for row in level:
            del left[row.code]
    return parted

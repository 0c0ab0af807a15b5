"""A juror's score sheets as one workbook, and back: for who has no steady line.

A row is a proposal; each criterion has a column for the score and one for the note.
The first line and the first two columns are hidden: they tell what belongs where, and
which version of a sheet the row was made of.
"""

from judging.sheet_table.reading import read_table
from judging.sheet_table.shapes import Fault, Line, TableUnreadable, cells, from_cells
from judging.sheet_table.writing import write_table

__all__ = [
    "Fault",
    "Line",
    "TableUnreadable",
    "cells",
    "from_cells",
    "read_table",
    "write_table",
]

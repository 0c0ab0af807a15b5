"""Assignments as a table: what is read, and what is refused with its row."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.institution_table.columns import TableUnreadable
from judging import assignment_table
from judging.assignment_table import Row

HEADS = "kode_proposal;email_juri"


def read(*lines, name="tabel.csv"):
    return assignment_table.read_table(name, "\n".join(lines).encode())


def test_rows_are_tidied_and_numbered_as_in_the_spreadsheet():
    rows, faults = read(f"judul;{HEADS}", "x; kipp-1 ;Juri@Contoh.example", "", ";;")

    assert rows == [Row(2, "KIPP-1", "juri@contoh.example")]
    assert faults == []


def test_empty_cells_and_rows_that_repeat_are_named():
    _rows, faults = read(
        HEADS, "KIPP-1;a@b.example", ";a@b.example", "kipp-1;A@b.example"
    )

    assert [(each.row, each.column) for each in faults] == [
        (3, "kode_proposal"),
        (4, "email_juri"),
    ]


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["kode;surat", "KIPP-1;a@b.example"], "tabel.csv"),
        ([HEADS], "tabel.csv"),
        ([HEADS, "KIPP-1;a@b.example"], "tabel.pdf"),
        ([HEADS, "KIPP-1;a@b.example"], "tabel.xlsx"),
        ([HEADS, *["KIPP-1;a@b.example"] * 20_001], "tabel.csv"),
        (["x" * (5 * 1024 * 1024 + 1)], "tabel.csv"),
    ],
)
def test_what_is_no_such_table_is_refused(lines, name):
    with pytest.raises(TableUnreadable):
        read(*lines, name=name)


def test_table_that_is_written_can_be_read_and_runs_nothing():
    target = BytesIO()
    evil = "=cmd|' /C calc'!A0"

    assignment_table.write_table(
        target, [("KIPP-1", evil, "a@b.example", "Juri", "draft")], {"draft": "Draf"}
    )
    rows, faults = assignment_table.read_table("tabel.xlsx", target.getvalue())

    assert (rows, faults) == ([Row(2, "KIPP-1", "a@b.example")], [])
    cell = load_workbook(target).active["C2"]
    assert (cell.value, cell.data_type) == (evil, "s")

import csv
import io
import shutil
import subprocess

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import spreadsheets

HARMFUL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")']
HARMLESS = ["Dinas", "'Kutip", "#N/A", "1-2", "a=b", ""]


@pytest.mark.parametrize("text", HARMFUL)
def test_text_that_would_be_run_is_quoted(text):
    assert spreadsheets.quoted(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays(text):
    assert spreadsheets.quoted(text) == text


@given(st.text(alphabet="'=+-@\t\rab ", max_size=8))
def test_quoting_can_always_be_undone(text):
    quoted = spreadsheets.quoted(text)

    assert spreadsheets.unquoted(quoted) == text
    assert not spreadsheets.is_formula_like(quoted)


def test_csv_begins_with_its_mark_and_keeps_every_cell():
    rows = [["Judul", "Nilai"], ["=1+1", 5], ["a;b", None]]

    text = "".join(spreadsheets.csv_lines(rows))

    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:]), delimiter=";")) == [
        ["Judul", "Nilai"],
        ["'=1+1", "5"],
        ["a;b", ""],
    ]


def workbook(cells) -> io.BytesIO:
    writer = spreadsheets.XlsxWriter()
    sheet = writer.add_sheet("Data", ["teks"], [20])
    for cell in cells:
        writer.add_row(sheet, [cell])
    target = io.BytesIO()
    writer.save(target)
    target.seek(0)
    return target


def test_xlsx_cells_are_texts_whatever_they_begin_with():
    sheet = openpyxl.load_workbook(workbook([*HARMFUL, "#N/A", "Di\x07nas"]))["Data"]

    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells][:4] == [True] * 4
    assert [cell.value for cell in cells][:4] == HARMFUL[:4]
    assert cells[-1].value == "Di\ufffdnas"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_libreoffice_runs_nothing(tmp_path, ending):
    path = tmp_path / f"tabel.{ending}"
    if ending == "csv":
        lines = spreadsheets.csv_lines([["teks"], *([text] for text in HARMFUL)])
        path.write_text("".join(lines), newline="")
    else:
        path.write_bytes(workbook(HARMFUL).getvalue())

    # To cells with their kinds: what is run would be a formula there.
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/home"]
    if ending == "csv":
        command += ["--infilter=CSV:59,34,76,1"]
    command += ["--convert-to", "fods", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    opened = (tmp_path / "tabel.fods").read_text()
    assert "table:formula" not in opened
    assert "SUM(A1)" in opened

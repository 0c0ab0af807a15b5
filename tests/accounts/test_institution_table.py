import io

import openpyxl
import pytest

from accounts import institution_table
from accounts.institution_table import Fault, Row, TableUnreadable

HEAD = "kode,jenis,nama,nama_singkat,kode_induk,email,telepon,alamat"


def csv(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines]).encode()


def xlsx(*rows: list) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def faults_of(*lines: str, stored: dict | None = None) -> list[tuple[int, str]]:
    table = institution_table.read_table("instansi.csv", csv(*lines))
    rows, faults = institution_table.tidy_rows(table)
    faults += institution_table.check_rows(rows, stored or {})
    return [(fault.row, fault.column) for fault in faults]


class TestReading:
    def test_csv_with_semicolons_and_byte_order_mark(self):
        content = "\ufeffkode;jenis;nama;nama_singkat\nDLH;opd;Dinas;DLH\n".encode()

        table = institution_table.read_table("daftar.CSV", content)

        assert table.dict == [
            {"kode": "DLH", "jenis": "opd", "nama": "Dinas", "nama_singkat": "DLH"}
        ]

    def test_quoted_cell_may_hold_a_line_break(self):
        content = csv('DLH,opd,"Dinas\nLingkungan",DLH,,,,')

        rows, _faults = institution_table.tidy_rows(
            institution_table.read_table("daftar.csv", content)
        )

        assert rows[0].values["nama"] == "Dinas Lingkungan"

    def test_xlsx_keeps_text_codes(self):
        content = xlsx(HEAD.split(","), ["33.76.01", "kecamatan", "Barat", "Barat"])

        table = institution_table.read_table("daftar.xlsx", content)

        assert table.dict[0]["kode"] == "33.76.01"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("daftar.ods", csv()),
            ("daftar.csv", "kode,jenis\nDÉS,opd".encode("latin-1")),
            ("daftar.csv", b""),
            ("daftar.csv", csv(head="kode,jenis,nama")),
            ("daftar.csv", csv(head=HEAD + ",wali")),
            ("daftar.csv", csv(head=HEAD + ",kode")),
            ("daftar.csv", csv("DLH,opd,Dinas,DLH,,,,,lebih")),
            ("daftar.xlsx", b"PK\x03\x04 no workbook"),
            ("daftar.xlsx", csv()),
        ],
    )
    def test_refuses_what_is_no_table(self, name, content):
        with pytest.raises(TableUnreadable):
            institution_table.read_table(name, content)


class TestTidying:
    def test_trims_and_joins_white_space(self):
        table = institution_table.read_table(
            "daftar.csv", csv(" DLH ,opd,  Dinas\u00a0 Lingkungan  ,DLH,,,,")
        )

        rows, faults = institution_table.tidy_rows(table)

        assert (rows[0].code, rows[0].values["nama"], faults) == (
            "DLH",
            "Dinas Lingkungan",
            [],
        )

    def test_leaves_out_empty_lines_but_counts_them(self):
        table = institution_table.read_table(
            "daftar.csv", csv(",,,,,,,", "DLH,opd,Dinas,DLH,,,,")
        )

        rows, _faults = institution_table.tidy_rows(table)

        assert [row.number for row in rows] == [3]

    def test_whole_number_is_taken_as_text(self):
        table = institution_table.read_table(
            "daftar.xlsx", xlsx(HEAD.split(","), [1001, "opd", "Dinas", "D"])
        )

        rows, faults = institution_table.tidy_rows(table)

        assert (rows[0].code, faults) == ("1001", [])

    @pytest.mark.parametrize(
        "cell", [33.1, True, "=A1&B1"], ids=["decimal", "truth", "formula"]
    )
    def test_reports_what_a_spreadsheet_program_made(self, cell):
        table = institution_table.read_table(
            "daftar.xlsx", xlsx(HEAD.split(","), [cell, "opd", "Dinas", "D"])
        )

        _rows, faults = institution_table.tidy_rows(table)

        assert [(fault.row, fault.column) for fault in faults] == [(2, "kode")]


class TestChecking:
    def test_sound_table_has_no_fault_in_any_order(self):
        assert (
            faults_of(
                "PKM-1,puskesmas,Puskesmas Satu,PKM 1,DINKES,,,",
                "DINKES,OPD,Dinas Kesehatan,Dinkes,,dinkes@tegal.example,,",
                "SUB,uptd,Unit,Unit,LAMA,,,",
                stored={"LAMA": ""},
            )
            == []
        )

    @pytest.mark.parametrize(
        ("line", "column"),
        [
            (",opd,Dinas,D,,,,", "kode"),
            ("A,,Dinas,D,,,,", "jenis"),
            ("A,opd,,D,,,,", "nama"),
            ("A,opd,Dinas,,,,,", "nama_singkat"),
            ("A/B,opd,Dinas,D,,,,", "kode"),
            ("A B,opd,Dinas,D,,,,", "kode"),
            ("A,dinas,Dinas,D,,,,", "jenis"),
            ("A,opd,Dinas,D,,bukan surel,,", "email"),
            ("A,opd,Dinas,D,TIADA,,,", "kode_induk"),
            ("A,opd,Dinas,D,A,,,", "kode_induk"),
            (f"{'A' * 41},opd,Dinas,D,,,,", "kode"),
            (f"A,opd,{'x' * 151},D,,,,", "nama"),
            (f"A,opd,Dinas,{'x' * 61},,,,", "nama_singkat"),
            (f"A,opd,Dinas,D,,,{'1' * 41},", "telepon"),
            (f"A,opd,Dinas,D,,,,{'x' * 201}", "alamat"),
        ],
    )
    def test_names_row_and_column_of_a_fault(self, line, column):
        assert faults_of("X,opd,Lain,L,,,,", line) == [(3, column)]

    def test_every_fault_of_a_row_is_told(self):
        assert faults_of("A B,dinas,,D,,,,") == [(2, "kode"), (2, "jenis"), (2, "nama")]

    def test_same_code_twice_names_the_second(self):
        assert faults_of("A,opd,Satu,S,,,,", "B,opd,D,D,,,,", "A,opd,Dua,D,,,,") == [
            (4, "kode")
        ]

    def test_circle_within_the_table(self):
        assert faults_of("A,opd,A,A,B,,,", "B,opd,B,B,C,,,", "C,opd,C,C,A,,,") == [
            (2, "kode_induk"),
            (3, "kode_induk"),
            (4, "kode_induk"),
        ]

    def test_circle_through_what_is_stored(self):
        stored = {"ATAS": "", "TENGAH": "ATAS", "BAWAH": "TENGAH"}

        assert faults_of("ATAS,opd,Atas,Atas,BAWAH,,,", stored=stored) == [
            (2, "kode_induk")
        ]

    def test_fault_tells_value_and_reason(self):
        table = institution_table.read_table("d.csv", csv("A,dinas,Dinas,D,,,,"))
        rows, _faults = institution_table.tidy_rows(table)

        (fault,) = institution_table.check_rows(rows, {})

        assert isinstance(fault, Fault)
        assert fault.value == "dinas"
        assert "puskesmas" in fault.reason


def test_levels_put_parents_before_children():
    def row(code: str, parent: str) -> Row:
        return Row(2, {"kode": code, "kode_induk": parent})

    parted = institution_table.levels(
        [row("C", "B"), row("B", "A"), row("A", ""), row("D", "STORED")]
    )

    assert [[each.code for each in level] for level in parted] == [
        ["A", "D"],
        ["B"],
        ["C"],
    ]


def test_in_cycle_names_those_that_lead_into_it():
    parents = {"A": "B", "B": "A", "C": "A", "D": ""}

    assert institution_table.in_cycle(parents) == {"A", "B", "C"}

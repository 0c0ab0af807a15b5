import io
import zipfile
from datetime import date

import openpyxl
import pytest
from django.utils import translation
from openpyxl.styles import Font

from accounts import institution_table, trees
from accounts.institution_table import Fault, Row, Stored, TableUnreadable
from accounts.models import Institution

HEAD = "kode,jenis,nama,nama_singkat,kode_induk,email,telepon,alamat"
ALL = f"{HEAD},aktif_dari,aktif_sampai,kode_pengganti"
TODAY = date(2022, 1, 31)


def csv(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines]).encode()


def xlsx(*rows: list, change=None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content: bytes, extra: dict[str, bytes]) -> bytes:
    """Put further parts into a workbook, or others in place of its own."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename not in extra:
                new.writestr(part, old.read(part))
        for name, data in extra.items():
            new.writestr(name, data)
    return target.getvalue()


SOUND = xlsx(HEAD.split(","), ["DLH", "opd", "Dinas", "DLH"])


def known(parent: str = "", successor: str = "", end: str = "", until=None) -> Stored:
    values = dict.fromkeys(institution_table.COLUMNS, "")
    values |= {
        "kode_induk": parent,
        "kode_pengganti": successor,
        "aktif_sampai": end,
    }
    return Stored(values, until)


def faults_of(
    *lines: str, stored: dict | None = None, head: str = HEAD
) -> list[tuple[int, str]]:
    table = institution_table.read_table("instansi.csv", csv(*lines, head=head))
    faults = institution_table.check_rows(table, stored or {}, today=TODAY)
    return [(fault.row, fault.column) for fault in faults]


def cell_faults(content: bytes) -> list[tuple[int, str, str]]:
    table = institution_table.read_table("daftar.xlsx", content)
    return [(fault.row, fault.column, fault.value) for fault in table.faults]


@pytest.fixture
def in_english():
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("in_english")
class TestReading:
    def test_csv_with_semicolons_and_byte_order_mark(self):
        content = "\ufeffkode;jenis;nama;nama_singkat\nDLH;opd;Dinas;DLH\n".encode()

        table = institution_table.read_table("daftar.CSV", content)

        assert table.rows == (
            Row(
                2,
                {"kode": "DLH", "jenis": "opd", "nama": "Dinas", "nama_singkat": "DLH"},
            ),
        )

    def test_quoted_cell_may_hold_a_line_break(self):
        table = institution_table.read_table(
            "daftar.csv", csv('DLH,opd,"Dinas\nLingkungan",DLH,,,,')
        )

        assert table.rows[0].values["nama"] == "Dinas Lingkungan"

    def test_xlsx_keeps_text_codes(self):
        content = xlsx(HEAD.split(","), ["33.76.01", "kecamatan", "Barat", "Barat"])

        table = institution_table.read_table("daftar.xlsx", content)

        assert table.rows[0].code == "33.76.01"

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("daftar.ods", csv(), "CSV"),
            ("daftar.csv", b"", "kode, jenis"),
            ("daftar.csv", csv(head="kode,jenis,nama"), "nama_singkat"),
            ("daftar.csv", csv(head=HEAD + ",wali"), "wali"),
            ("daftar.csv", csv(head=HEAD.replace("jenis", "Jenis_")), "“jenis”"),
            (
                "daftar.csv",
                csv(head=HEAD.replace("nama_singkat", "nama singkt")),
                "nama_singkat",
            ),
            ("daftar.csv", csv(head=HEAD + ",kode"), "twice"),
            ("daftar.csv", csv(",,,,,,,"), "no institution"),
            ("daftar.csv", csv("A,opd,D\0,D,,,,"), "CSV"),
            ("daftar.csv", csv(*[f"A{n},opd,D,D,,,," for n in range(10_001)]), "10"),
            ("daftar.csv", b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
            ("daftar.xlsx", b"PK\x03\x04 no workbook", "damaged"),
            ("daftar.xlsx", csv(), "damaged"),
            ("daftar.xlsm", SOUND, "XLSM"),
            ("daftar.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "XLS"),
            (
                "daftar.xlsx",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
                + "EncryptedPackage".encode("utf-16-le"),
                "password",
            ),
            ("daftar.xlsx", repacked(SOUND, {"xl/vbaProject.bin": b"x"}), "macros"),
            (
                "daftar.xlsx",
                repacked(SOUND, {"xl/embeddings/oleObject1.bin": b"x"}),
                "macros",
            ),
            (
                "daftar.xlsx",
                repacked(SOUND, {"xl/media/a.bin": b"\0" * 30_000_000}),
                "unfolds",
            ),
            (
                "daftar.xlsx",
                repacked(SOUND, {f"xl/{n}": b"" for n in range(501)}),
                "unfolds",
            ),
            (
                "daftar.xlsx",
                repacked(
                    SOUND,
                    {
                        "xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]>'
                        b"<sst><si><t>&b;</t></si></sst>"
                    },
                ),
                "damaged",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_refuses_what_is_no_table(self, name, content, told):
        with pytest.raises(TableUnreadable) as refusal:
            institution_table.read_table(name, content)

        assert told in refusal.value.message

    @pytest.mark.parametrize(
        ("encoding", "named"), [("cp1252", "Windows-1252"), ("utf-16", "UTF-16")]
    )
    def test_wrong_encoding_is_named_with_its_place(self, encoding, named):
        content = f"{HEAD}\nDLH,opd,Café,DLH,,,,\n".encode(encoding)

        with pytest.raises(TableUnreadable) as refusal:
            institution_table.read_table("d.csv", content)

        assert named in refusal.value.message
        if encoding == "cp1252":
            assert "0xE9" in refusal.value.message
            assert "line 2" in refusal.value.message

    def test_several_sheets_need_the_name(self):
        def second(book):
            book.create_sheet("Catatan")

        content = xlsx(HEAD.split(","), ["DLH", "opd", "Dinas", "DLH"], change=second)
        with pytest.raises(TableUnreadable, match="Catatan"):
            institution_table.read_table("d.xlsx", content)

        def named(book):
            second(book)
            book.worksheets[0].title = "instansi"

        content = xlsx(HEAD.split(","), ["DLH", "opd", "Dinas", "DLH"], change=named)
        assert institution_table.read_table("d.xlsx", content).rows[0].code == "DLH"

    def test_template_is_a_table_without_rows_and_explains(self):
        target = io.BytesIO()
        institution_table.write_template(target)

        book = openpyxl.load_workbook(target)

        assert [cell.value for cell in book["Instansi"][1]] == list(
            institution_table.COLUMNS
        )
        (kinds,) = book["Instansi"].data_validations.dataValidation
        assert set(kinds.formula1.strip('"').split(",")) == set(Institution.Kind.values)
        assert len(book.sheetnames) == 2
        with pytest.raises(TableUnreadable, match="no institution"):
            institution_table.read_table("t.xlsx", target.getvalue())


class TestCells:
    def test_spaces_too_many_go_and_are_told(self):
        table = institution_table.read_table(
            "daftar.csv", csv(" DLH ,opd,  Dinas\u00a0 Lingkungan  ,DLH,,,,")
        )

        assert (table.rows[0].code, table.rows[0].values["nama"]) == (
            "DLH",
            "Dinas Lingkungan",
        )
        assert [(hint.row, hint.column) for hint in table.hints] == [
            (2, "kode"),
            (2, "nama"),
        ]

    def test_empty_lines_are_left_out_but_counted(self):
        table = institution_table.read_table(
            "daftar.csv", csv(",,,,,,,", "DLH,opd,Dinas,DLH,,,,")
        )

        assert [row.number for row in table.rows] == [3]

    def test_whole_number_is_taken_as_text_with_a_hint(self):
        table = institution_table.read_table(
            "daftar.xlsx", xlsx(HEAD.split(","), [1001, "opd", "Dinas", "D"])
        )

        assert (table.rows[0].code, table.faults) == ("1001", ())
        assert [hint.column for hint in table.hints] == ["kode"]

    @pytest.mark.parametrize(
        "cell",
        [
            33.1,
            True,
            "=A1&B1",
            date(2022, 1, 31),
            "#N/A",
            "Di\u200bnas",
            "Di\x07nas",
        ],
        ids=["decimal", "truth", "formula", "date", "error", "unseen", "control"],
    )
    def test_reports_what_a_spreadsheet_program_made(self, cell):
        def put(book):
            book.active["C2"].value = "x"
            book.active["C2"]._value = cell
            if cell == "=A1&B1":
                book.active["C2"].data_type = "f"
            elif isinstance(cell, bool):
                book.active["C2"].data_type = "b"
            elif isinstance(cell, float):
                book.active["C2"].data_type = "n"
            elif isinstance(cell, date):
                book.active["C2"].value = cell
            elif cell == "#N/A":
                book.active["C2"].data_type = "e"

        if cell == "Di\x07nas":  # no spreadsheet program writes it
            table = institution_table.read_table("d.csv", csv(f"A,opd,{cell},D,,,,"))
            assert [(each.row, each.column) for each in table.faults] == [(2, "nama")]
            return
        content = xlsx(HEAD.split(","), ["A", "opd", "x", "D"], change=put)

        assert [each[:2] for each in cell_faults(content)] == [(2, "nama")]

    def test_dates_are_taken_where_a_day_belongs(self):
        table = institution_table.read_table(
            "d.xlsx",
            xlsx(
                ALL.split(","),
                ["A", "opd", "A", "A", *[None] * 4, date(2020, 1, 2), "31/12/2021"],
            ),
        )

        assert table.faults == ()
        assert table.rows[0].values["aktif_dari"] == "2020-01-02"
        assert table.rows[0].values["aktif_sampai"] == "2021-12-31"

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2022-02-30"])
    def test_day_that_can_only_be_mistyped_is_told(self, day):
        row = csv(f"A,opd,Dinas A,Dinas A,,,,,{day},,", head=ALL)
        table = institution_table.read_table("d.csv", row)

        faults = institution_table.check_rows(table, {}, today=date(2022, 1, 31))

        assert [(each.column, each.value) for each in faults] == [("aktif_dari", day)]

    def test_text_that_looks_like_a_formula_is_text_where_the_file_says_so(self):
        def put(book):
            book.active["C2"].value = "=1+1"
            book.active["C2"].data_type = "s"
            book.active["C2"].font = Font(bold=True)

        content = xlsx(HEAD.split(","), ["A", "opd", "x", "D"], change=put)

        table = institution_table.read_table("d.xlsx", content)

        assert (table.rows[0].values["nama"], table.faults) == ("=1+1", ())

    @pytest.mark.parametrize(
        ("hide", "found"),
        [
            (lambda book: book.active.merge_cells("B2:C3"), (2, "jenis", "B2:C3")),
            (
                lambda book: setattr(book.active.row_dimensions[2], "hidden", True),
                (2, "", ""),
            ),
            (
                lambda book: setattr(
                    book.active.column_dimensions["C"], "hidden", True
                ),
                (0, "nama", ""),
            ),
            (
                lambda book: setattr(
                    book.create_sheet("Rahasia"), "sheet_state", "hidden"
                ),
                (0, "", "Rahasia"),
            ),
            (lambda book: book.active.cell(2, 12, "lebih"), (2, "", "lebih")),
        ],
        ids=["merged", "row", "column", "sheet", "beside"],
    )
    def test_reports_what_hides_in_a_workbook(self, hide, found):
        content = xlsx(HEAD.split(","), ["A", "opd", "D", "D"], change=hide)

        assert found in cell_faults(content)


class TestChecking:
    def test_sound_table_has_no_fault_in_any_order(self):
        assert (
            faults_of(
                "PKM-1,puskesmas,Puskesmas Satu,PKM 1,DINKES,,,",
                "DINKES,OPD,Dinas Kesehatan,Dinkes,,dinkes@tegal.example,,",
                "SUB,uptd,Unit,Unit,LAMA,,,",
                stored={"LAMA": known()},
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
            ("x,opd,Dinas,D,,,,", "kode"),
            ("A,opd,Dinas,D,,,,,31 Des,,", "aktif_dari"),
            ("A,opd,Dinas,D,,,,,2022-02-30,,", "aktif_dari"),
            ("A,opd,Dinas,D,,,,,2022-01-02,2022-01-01,", "aktif_sampai"),
            ("A,opd,Dinas,D,,,,,,,X", "kode_pengganti"),
            ("A,opd,Dinas,D,,,,,,2022-01-31,X", "kode_pengganti"),
            ("A,opd,Dinas,D,,,,,,2022-01-30,A", "kode_pengganti"),
            ("A,opd,Dinas,D,,,,,,2022-01-30,TIADA", "kode_pengganti"),
        ],
    )
    def test_names_row_and_column_of_a_fault(self, line, column):
        assert faults_of("X,opd,Lain,L,,,,", line, head=ALL) == [(3, column)]

    def test_every_fault_of_a_row_is_told(self):
        assert faults_of("A B,dinas,,D,,,,") == [(2, "kode"), (2, "jenis"), (2, "nama")]

    def test_same_code_twice_names_the_second(self):
        assert faults_of("A,opd,Satu,S,,,,", "B,opd,D,D,,,,", "A,opd,Dua,D,,,,") == [
            (4, "kode")
        ]

    def test_code_of_the_portal_is_written_as_there(self):
        assert faults_of("dlh,opd,D,D,,,,", stored={"DLH": known()}) == [(2, "kode")]

    def test_circle_within_the_table(self):
        assert faults_of("A,opd,A,A,B,,,", "B,opd,B,B,C,,,", "C,opd,C,C,A,,,") == [
            (2, "kode_induk"),
            (3, "kode_induk"),
            (4, "kode_induk"),
        ]

    def test_circle_through_what_is_stored(self):
        stored = {"ATAS": known(), "TENGAH": known("ATAS"), "BAWAH": known("TENGAH")}

        assert faults_of("ATAS,opd,Atas,Atas,BAWAH,,,", stored=stored) == [
            (2, "kode_induk")
        ]

    def test_circle_of_successors(self):
        assert faults_of(
            "A,opd,A,A,,,,,,2021-01-01,B", "B,opd,B,B,,,,,,2021-01-01,A", head=ALL
        ) == [(2, "kode_pengganti"), (3, "kode_pengganti")]

    def test_circle_of_parents_that_successors_would_hide(self):
        assert faults_of(
            "A,opd,A,A,B,,,,,2021-01-01,C",
            "B,opd,B,B,A,,,,,,",
            "C,opd,C,C,,,,,,,",
            head=ALL,
        ) == [(2, "kode_pengganti"), (3, "kode_induk")]

    def test_nothing_stands_below_one_that_has_a_successor(self):
        stored = {"LAMA": known(successor="BARU", end="2021-01-01"), "BARU": known()}

        assert faults_of("A,opd,A,A,LAMA,,,", stored=stored) == [(2, "kode_induk")]

    def test_children_are_not_left_behind(self):
        stored = {"ATAS": known(), "BAWAH": known("ATAS")}

        assert faults_of("ATAS,opd,A,A,,,,,,2021-01-01,", stored=stored, head=ALL) == [
            (2, "aktif_sampai")
        ]

    def test_child_cannot_outlive_a_parent_that_has_ended(self):
        stored = {"ATAS": known(end="2021-01-01")}

        assert faults_of("A,opd,A,A,ATAS,,,", stored=stored) == [(2, "kode_induk")]

    def test_people_hold_back_the_end(self):
        stored = {"A": known(until=date.max), "B": known(until=date(2021, 1, 1))}
        lines = ["A,opd,A,A,,,,,,2021-01-01,", "B,opd,B,B,,,,,,2021-01-01,"]

        assert faults_of(*lines, stored=stored, head=ALL) == [(2, "aktif_sampai")]

    def test_successor_holds_back_a_new_beginning(self):
        stored = {"LAMA": known(successor="BARU", end="2021-01-01"), "BARU": known()}
        head = "kode,jenis,nama,nama_singkat,aktif_sampai"

        assert faults_of("LAMA,opd,L,L,", stored=stored, head=head) == [
            (2, "aktif_sampai")
        ]

    def test_codes_that_are_too_long_together(self):
        names = [f"{n:02}{'X' * 38}" for n in range(14)]
        lines = [
            f"{name},opd,D,D,{above},,,"
            for name, above in zip(names, ["", *names], strict=False)
        ]

        assert faults_of(*lines) == [(14, "kode_induk"), (15, "kode_induk")]

    def test_fault_tells_value_and_reason(self):
        table = institution_table.read_table("d.csv", csv("A,dinas,Dinas,D,,,,"))

        (fault,) = institution_table.check_rows(table, {}, today=TODAY)

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

    assert trees.in_cycle(parents, {}) == {"A", "B", "C"}


def test_path_leads_through_successors():
    parents = {"A": "", "B": "A", "ALT": "B", "OLD": "A"}

    assert trees.path_of("OLD", parents, {"OLD": "B"}) == "A/B/<OLD/"
    assert trees.path_of("ALT", parents, {}) == "A/B/ALT/"

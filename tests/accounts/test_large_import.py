"""A table of 5,000 institutions with 40 planted faults: each is told, nothing taken."""

import io
import time
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import institution_table
from accounts.models import Institution, InstitutionImport
from accounts.services import ImportReport
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    SecretariatFactory,
)

pytestmark = pytest.mark.django_db

COLUMNS = institution_table.COLUMNS
SIZE = 5_000
SECONDS = 15


def column(name: str) -> int:
    return COLUMNS.index(name) + 1


def sound_rows():
    """A hundred at the top, the others below them; parents last, to make it harder."""
    for number in reversed(range(SIZE)):
        parent = f"N-{number % 100:04}" if number >= 100 else None
        kind = "opd" if number < 100 else "sekolah"
        yield [
            f"N-{number:04}",
            kind,
            f"Instansi {number}",
            f"Inst {number}",
            parent,
            f"i{number}@contoh.example",
            "0283 123",
            f"Jalan {number}",
            "2020-01-01",
            None,
            None,
        ]


def workbook(faults=()) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Instansi"
    book.active.append(COLUMNS)
    for row in sound_rows():
        book.active.append(row)
    for plant in faults:
        plant(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cell(row, name, value):
    def plant(book):
        book["Instansi"].cell(row, column(name)).value = value

    return plant


def hidden_row(book):
    book["Instansi"].row_dimensions[1500].hidden = True


def hidden_column(book):
    book["Instansi"].column_dimensions["G"].hidden = True


def hidden_sheet(book):
    book.create_sheet("Rahasia").sheet_state = "hidden"


def merged_cells(book):
    book["Instansi"].merge_cells("C1600:D1600")


def beside(book):
    book["Instansi"].cell(1700, 14).value = "catatan"


# Where it is told, what is planted there, and the value that is told.
PLANTED = [
    (0, "", "Rahasia", hidden_sheet),
    (0, "telepon", "", hidden_column),
    (10, "kode", "", cell(10, "kode", None)),
    (11, "jenis", "", cell(11, "jenis", None)),
    (12, "nama", "", cell(12, "nama", "   ")),
    (13, "nama_singkat", "", cell(13, "nama_singkat", "\u00a0")),
    (20, "kode", "N 1", cell(20, "kode", "N 1")),
    (21, "kode", "N/1", cell(21, "kode", "N/1")),
    (22, "kode", "<N1", cell(22, "kode", "<N1")),
    (23, "kode", "X" * 41, cell(23, "kode", "X" * 41)),
    (30, "jenis", "klinik", cell(30, "jenis", "klinik")),
    (31, "jenis", "O P D", cell(31, "jenis", "O P D")),
    (40, "kode", "N-4990", cell(40, "kode", "N-4990")),
    (4901, "kode", "N-4000", cell(4901, "kode", "N-4000")),
    (4902, "kode", "n-0200", cell(4902, "kode", "n-0200")),
    (50, "kode", "LAMA", cell(50, "kode", "LAMA")),
    (60, "kode_induk", "TIADA", cell(60, "kode_induk", "TIADA")),
    (61, "kode_induk", "N-4940", cell(61, "kode_induk", "N-4940")),
    (62, "kode_induk", "DULU", cell(62, "kode_induk", "DULU")),
    (4990, "kode_induk", "N-0012", cell(4990, "kode_induk", "N-0012")),
    (4989, "kode_induk", "N-0011", cell(4989, "kode_induk", "N-0011")),
    (70, "nama", "=A1&B1", cell(70, "nama", "=A1&B1")),
    (71, "telepon", "=1+1", cell(71, "telepon", "=1+1")),
    (72, "nama", "2022-01-31 00:00:00", cell(72, "nama", date(2022, 1, 31))),
    (74, "kode", "1.5", cell(74, "kode", 1.5)),
    (75, "nama", "True", cell(75, "nama", True)),
    (76, "alamat", "#N/A", cell(76, "alamat", "#N/A")),
    (77, "alamat", "#REF!", cell(77, "alamat", "#REF!")),
    (80, "nama", "x" * 100, cell(80, "nama", "x" * 151)),
    (81, "alamat", "y" * 100, cell(81, "alamat", "y" * 201)),
    (82, "email", "bukan surel", cell(82, "email", "bukan surel")),
    (83, "email", "a@b", cell(83, "email", "a@b")),
    (84, "nama", "Di\ufffdnas", cell(84, "nama", "Di\u200bnas")),
    (90, "aktif_dari", "31 Desember", cell(90, "aktif_dari", "31 Desember")),
    (91, "aktif_dari", "2022-02-30", cell(91, "aktif_dari", "2022-02-30")),
    (92, "aktif_sampai", "2019-12-31", cell(92, "aktif_sampai", "2019-12-31")),
    (93, "kode_pengganti", "N-0001", cell(93, "kode_pengganti", "N-0001")),
    (1500, "", "", hidden_row),
    (1600, "nama", "C1600:D1600", merged_cells),
    (1700, "", "catatan", beside),
]


@pytest.fixture
def city():
    city = GovernmentFactory()
    # Stored already: one in another case, one with people that is to end, one ended.
    InstitutionFactory(government=city, code="lama")
    after = InstitutionFactory(government=city, code="SESUDAH")
    InstitutionFactory(
        government=city, code="DULU", active_to="2021-01-01", successor=after
    )
    return city


@pytest.fixture
def browser(city, client):
    client.force_login(SecretariatFactory(government=city))
    return client


def upload(browser, city, content, name="instansi.xlsx"):
    return browser.post(
        reverse("accounts:institution_import", args=[city.slug]),
        {"table": SimpleUploadedFile(name, content)},
        follow=True,
    )


def test_forty_faults_are_told_one_by_one_and_nothing_is_taken(browser, city):
    assert len(PLANTED) == 40
    before = Institution.objects.count()

    response = upload(browser, city, workbook([plant for *_, plant in PLANTED]))

    report = ImportReport.from_json(InstitutionImport.objects.get().report)
    told = {(each.row, each.column, each.value) for each in report.faults}
    assert {(row, name, value) for row, name, value, _plant in PLANTED} <= told
    assert all(each.reason for each in report.faults)
    # What else is told follows from what was planted: children whose parent is gone.
    others = told - {(row, name, value) for row, name, value, _plant in PLANTED}
    assert {name for _row, name, _value in others} <= {"kode_induk", "nama_singkat"}
    assert response.status_code == 200
    pressed = browser.post(response.request["PATH_INFO"], follow=True)
    assert pressed.status_code == 200
    assert Institution.objects.count() == before
    for ending in ("csv", "xlsx"):
        address = f"{response.request['PATH_INFO']}kesalahan.{ending}"
        table = b"".join(browser.get(address).streaming_content)
        assert len(table) > 1_000


def test_clean_it_is_taken_once_within_its_time(browser, city):
    content = workbook()
    before = Institution.objects.count()

    began = time.monotonic()
    response = upload(browser, city, content)
    pressed = browser.post(response.request["PATH_INFO"], follow=True)
    taken = time.monotonic() - began

    assert pressed.status_code == 200
    assert Institution.objects.count() == before + SIZE
    assert Institution.objects.get(code="N-4999").path == "N-0099/N-4999/"
    assert taken < SECONDS

    again = upload(browser, city, content)

    assert again.context["counts"] == {
        "refused": 0,
        "new": 0,
        "changed": 0,
        "unchanged": SIZE,
    }
    browser.post(again.request["PATH_INFO"])
    assert Institution.objects.count() == before + SIZE


def test_pages_stay_quick_and_constant_with_many(
    browser, city, django_assert_max_num_queries
):
    Institution.objects.bulk_create(
        Institution(
            government=city,
            code=f"N-{number:04}",
            path=f"N-{number:04}/",
            kind="sekolah",
            name=f"Sekolah {number}",
            short_name=f"S {number}",
        )
        for number in range(SIZE)
    )
    AuthorFactory(institution=Institution.objects.get(code="N-4990"))
    url = reverse("accounts:institution_list", args=[city.slug])

    for query in ("", "?halaman=100", "?cari=sekolah+49&keadaan=semua"):
        with django_assert_max_num_queries(12):
            assert browser.get(f"{url}{query}").status_code == 200
    for ending in ("csv", "xlsx"):
        address = reverse("accounts:institution_export", args=[city.slug, ending])
        with django_assert_max_num_queries(6):
            response = browser.get(address)
            content = b"".join(response.streaming_content)
        table = institution_table.read_table(f"d.{ending}", content)
        assert len(table.rows) == SIZE + 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("besar.xlsx", b"x" * (50 * 1024 * 1024)),
        ("makro.xlsm", b"PK"),
        ("teks.txt", b"kode"),
        ("kosong.csv", b""),
        ("latin.csv", "kode;jenis;nama;nama_singkat\nA;opd;Café;A".encode("cp1252")),
    ],
    ids=["50 MB", "macros", "text", "empty", "encoding"],
)
def test_what_is_no_table_is_refused_plainly(browser, city, name, content):
    response = upload(browser, city, content, name)

    assert response.status_code == 422
    assert len(response.context["form"].errors["table"]) == 1
    assert InstitutionImport.objects.count() == 0

from datetime import UTC, datetime
from pathlib import Path

import pytest
import tablib
from django.conf import settings

from accounts import institution_table, services
from accounts.models import Institution
from accounts.resources import InstitutionResource
from core.models import AuditEntry
from tests.factories.accounts import GovernmentFactory

AT = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def government():
    return GovernmentFactory(code="33.76")


def table_of(*lines: str) -> tablib.Dataset:
    head = ",".join(institution_table.COLUMNS)
    return institution_table.read_table("d.csv", "\n".join([head, *lines]).encode())


def take(government, *lines: str, dry_run: bool = False) -> services.ImportReport:
    return services.import_institutions(
        government=government,
        table=table_of(*lines),
        actor=None,
        at=AT,
        dry_run=dry_run,
    )


def paths() -> dict[str, str]:
    return dict(Institution.objects.values_list("code", "path"))


DINKES = "DINKES,opd,Dinas Kesehatan,Dinkes,,dinkes@tegal.example,(0283) 1,Jalan Satu"
PUSKESMAS = "PKM-1,Puskesmas,Puskesmas Satu,PKM 1,DINKES,,,"


def test_import_makes_the_tree_whatever_the_order_of_rows(government):
    report = take(government, PUSKESMAS, DINKES)

    assert paths() == {
        "DINKES": "DINKES/",
        "PKM-1": "DINKES/PKM-1/",
    }
    assert [(row.number, row.outcome) for row in report.rows] == [
        (2, "new"),
        (3, "new"),
    ]
    assert report.is_applied
    dinkes = Institution.objects.get(code="DINKES")
    assert (dinkes.kind, dinkes.email, dinkes.phone, dinkes.address) == (
        "opd",
        "dinkes@tegal.example",
        "(0283) 1",
        "Jalan Satu",
    )
    assert Institution.objects.get(code="PKM-1").kind == "puskesmas"


def test_import_again_changes_nothing(government):
    take(government, DINKES, PUSKESMAS)

    report = take(government, DINKES, PUSKESMAS)

    assert [row.outcome for row in report.rows] == ["unchanged", "unchanged"]
    assert Institution.objects.count() == 2
    assert AuditEntry.objects.filter(action="institutions.imported").count() == 1


def test_import_changes_what_differs_and_tells_it(government):
    take(government, DINKES, PUSKESMAS)

    report = take(government, "PKM-1,puskesmas,Puskesmas Baru,PKM 1,,,,")

    assert report.rows[0].outcome == "changed"
    assert report.rows[0].changes == {
        "nama": ("Puskesmas Satu", "Puskesmas Baru"),
        "kode_induk": ("DINKES", ""),
    }
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry.changes["changed"]["PKM-1"]["kode_induk"] == ["DINKES", ""]


def test_import_moves_what_stands_below_though_not_named(government):
    take(government, DINKES, PUSKESMAS, "POS,uptd,Pos,Pos,PKM-1,,,")

    take(government, "SETDA,opd,Setda,Setda,,,,", f"{DINKES.replace(',,', ',SETDA,')}")

    assert paths()["POS"] == "SETDA/DINKES/PKM-1/POS/"


def test_dry_run_reports_the_same_and_stores_nothing(government):
    take(government, DINKES)

    report = take(government, DINKES, PUSKESMAS, dry_run=True)

    assert [row.outcome for row in report.rows] == ["unchanged", "new"]
    assert not report.is_applied
    assert list(paths()) == ["DINKES"]


def test_one_fault_and_nothing_is_taken(government):
    report = take(government, DINKES, "PKM-1,klinik,Puskesmas,PKM,DINKES,,,")

    assert [(row.code, row.outcome) for row in report.rows] == [("PKM-1", "refused")]
    assert [(f.row, f.column, f.value) for f in report.faults] == [
        (3, "jenis", "klinik")
    ]
    assert not report.is_applied
    assert Institution.objects.count() == 0


def test_circle_with_what_is_stored_is_refused(government):
    take(government, DINKES, PUSKESMAS)

    report = take(government, DINKES.replace(",,", ",PKM-1,"))

    assert report.count("refused") == 1
    assert paths()["DINKES"] == "DINKES/"


def test_import_leaves_another_government_alone(government):
    other = GovernmentFactory(code="33.71")
    take(other, DINKES, PUSKESMAS)

    report = take(government, DINKES.replace("Dinas Kesehatan", "Dinas Sehat"))

    assert report.rows[0].outcome == "new"
    kept = Institution.objects.get(government=other, code="DINKES")
    assert (kept.name, kept.path) == ("Dinas Kesehatan", "DINKES/")


def test_parent_of_another_government_is_unknown_here(government):
    take(GovernmentFactory(code="33.71"), DINKES)

    report = take(government, PUSKESMAS)

    assert [fault.column for fault in report.faults] == ["kode_induk"]


def test_failure_half_way_leaves_nothing(government, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("accounts.services.imports._rebuild_paths", fail)

    with pytest.raises(RuntimeError):
        take(government, DINKES, PUSKESMAS)

    assert Institution.objects.count() == 0


def test_export_can_be_imported_again_without_a_change(government):
    take(government, DINKES, PUSKESMAS)

    exported = InstitutionResource(government=government).export()

    assert exported.headers == list(institution_table.COLUMNS)
    report = services.import_institutions(
        government=government, table=exported, actor=None, at=AT, dry_run=False
    )
    assert [row.outcome for row in report.rows] == ["unchanged", "unchanged"]


def test_query_count_does_not_grow_with_the_rows(
    government, django_assert_max_num_queries
):
    lines = [f"OPD-{n},opd,Dinas {n},D {n},,,," for n in range(300)]

    with django_assert_max_num_queries(25):
        take(government, *lines)

    assert Institution.objects.count() == 300


@pytest.mark.parametrize(
    "path",
    sorted((Path(settings.BASE_DIR) / "demo/institutions").glob("*.csv")),
    ids=lambda path: path.stem,
)
def test_demonstration_tables_are_sound(government, path):
    report = services.import_institutions(
        government=government,
        table=institution_table.read_table(path.name, path.read_bytes()),
        actor=None,
        at=AT,
        dry_run=False,
    )

    assert report.faults == ()
    assert report.count("new") == len(report.rows) > 10

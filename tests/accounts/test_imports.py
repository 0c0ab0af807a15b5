import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError

from accounts import institution_table, resources, services
from accounts.models import FormerName, Institution, InstitutionImport
from core.models import AuditEntry
from tests.factories.accounts import (
    AuthorFactory,
    GovernmentFactory,
    InstitutionFactory,
    SecretariatFactory,
)

AT = datetime(2022, 1, 31, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def government():
    return GovernmentFactory(code="33.76")


def table_of(*lines: str) -> institution_table.Table:
    head = ",".join(institution_table.COLUMNS)
    return institution_table.read_table("d.csv", "\n".join([head, *lines]).encode())


def line(code, parent="", kind="opd", end="", successor="", name=""):
    return (
        f"{code},{kind},{name or f'Dinas {code}'},{code},{parent},,,,,{end},{successor}"
    )


def take(government, *lines: str, dry_run: bool = False) -> services.ImportReport:
    return services.import_institutions(
        government=government,
        table=table_of(*lines),
        actor=None,
        at=AT,
        dry_run=dry_run,
    )


def exported(institutions, ending: str) -> bytes:
    if ending == "csv":
        return "".join(resources.export_csv(institutions)).encode()
    target = io.BytesIO()
    resources.export_xlsx(institutions, target)
    return target.getvalue()


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

    assert [(row.code, row.outcome) for row in report.rows] == [
        ("DINKES", "new"),
        ("PKM-1", "refused"),
    ]
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

    monkeypatch.setattr("accounts.services.trees.rebuild_paths", fail)

    with pytest.raises(RuntimeError):
        take(government, DINKES, PUSKESMAS)

    assert Institution.objects.count() == 0


def test_columns_that_are_not_there_stay_as_they_are(government):
    take(government, DINKES)
    table = institution_table.read_table(
        "d.csv", b"kode,jenis,nama,nama_singkat\nDINKES,opd,Dinas Sehat,Dinkes"
    )

    services.import_institutions(
        government=government, table=table, actor=None, at=AT, dry_run=False
    )

    dinkes = Institution.objects.get()
    assert (dinkes.name, dinkes.email) == ("Dinas Sehat", "dinkes@tegal.example")


def test_new_name_keeps_the_old_one_in_its_history(government):
    take(government, DINKES)

    take(government, DINKES.replace("Dinas Kesehatan", "Dinas Sehat"))
    take(government, DINKES.replace("Dinas Kesehatan", "Dinas Lebih Sehat"))

    kept = FormerName.objects.get()
    assert (kept.name, kept.until_date) == ("Dinas Kesehatan", date(2022, 1, 30))


def test_successor_may_stand_in_a_later_row_and_carries_on_the_line(government):
    report = take(
        government,
        line("LAMA", end="2021-12-31", successor="BARU"),
        line("BARU"),
        line("LEBIH-LAMA", end="2020-12-31", successor="LAMA"),
    )

    assert report.is_applied
    assert paths() == {
        "BARU": "BARU/",
        "LAMA": "BARU/<LAMA/",
        "LEBIH-LAMA": "BARU/<LAMA/<LEBIH-LAMA/",
    }


def test_taking_up_again_by_table_lets_go_of_the_successor(government):
    take(government, line("LAMA", end="2021-12-31", successor="BARU"), line("BARU"))

    report = take(government, line("LAMA"))

    assert report.rows[0].changes == {
        "aktif_sampai": ("2021-12-31", ""),
        "kode_pengganti": ("BARU", ""),
    }
    assert paths()["LAMA"] == "LAMA/"


def test_end_of_an_institution_with_people_is_refused(government):
    take(government, line("LAMA"))
    AuthorFactory(institution=Institution.objects.get())

    report = take(government, line("LAMA", end="2022-01-30"))

    assert [(each.row, each.column) for each in report.faults] == [(2, "aktif_sampai")]


@pytest.mark.parametrize(
    "name", ["=1+1", "-Minus", "+Plus", "@Nama", "'=Kutip", "''=Dua", "'Biasa", "#N/A"]
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_export_can_be_imported_again_without_a_change(government, name, ending):
    institution = InstitutionFactory(
        government=government, code="DINKES", name=name, short_name=name, phone="+62 1"
    )
    InstitutionFactory(government=government, code="PKM", parent=institution)
    everything = Institution.objects.in_tree_order()

    content = exported(everything, ending)

    report = services.import_institutions(
        government=government,
        table=institution_table.read_table(f"d.{ending}", content),
        actor=None,
        at=AT,
        dry_run=False,
    )
    assert [row.outcome for row in report.rows] == ["unchanged", "unchanged"]
    assert report.rows[0].name == name


class TestDrafts:
    """A table that was uploaded, looked at, and then taken."""

    def check(self, government, *lines):
        return services.check_import(
            government=government,
            file_name="d.csv",
            table=table_of(*lines),
            actor=SecretariatFactory(government=government),
            at=AT,
        )

    def apply(self, draft, at=AT):
        return services.apply_import(draft=draft, actor=draft.made_by, at=at)

    def test_checking_stores_no_institution(self, government):
        draft = self.check(government, DINKES)

        assert Institution.objects.count() == 0
        assert services.ImportReport.from_json(draft.report).count("new") == 1

    def test_applying_does_what_was_shown_once(self, government):
        draft = self.check(government, DINKES, PUSKESMAS)

        report = self.apply(draft)

        assert report.is_applied
        assert Institution.objects.count() == 2
        with pytest.raises(services.ImportNotApplied):
            self.apply(draft)
        assert AuditEntry.objects.filter(action="institutions.imported").count() == 1

    def test_what_changed_meanwhile_is_shown_anew(self, government):
        draft = self.check(government, DINKES)
        take(government, DINKES)

        with pytest.raises(services.ImportOutdated):
            self.apply(draft)

        draft.refresh_from_db()
        report = services.ImportReport.from_json(draft.report)
        assert [row.outcome for row in report.rows] == ["unchanged"]
        assert self.apply(draft).is_applied

    def test_faults_are_never_applied(self, government):
        draft = self.check(government, DINKES, "PKM,klinik,P,P,,,,")

        with pytest.raises(services.ImportNotApplied):
            self.apply(draft)

        assert Institution.objects.count() == 0

    def test_old_tables_are_refused_and_go(self, government):
        draft = self.check(government, DINKES)

        with pytest.raises(services.ImportNotApplied):
            self.apply(draft, at=AT + timedelta(hours=24))

        services.check_import(
            government=government,
            file_name="e.csv",
            table=table_of(DINKES),
            actor=draft.made_by,
            at=AT + timedelta(hours=25),
        )
        assert InstitutionImport.objects.count() == 1

    def test_an_import_expires_after_it_was_made(self, government):
        draft = self.check(government, DINKES)

        with pytest.raises(IntegrityError, match="expires_later"):
            InstitutionImport.objects.filter(pk=draft.pk).update(expires_at=AT)


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

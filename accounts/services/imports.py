"""Institutions from a spreadsheet: all of it, or nothing with every reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

import tablib
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts import institution_table
from accounts.institution_table import Fault, Hint, Row, Stored, Table, columns
from accounts.models import (
    FormerName,
    Government,
    Institution,
    InstitutionImport,
    User,
)
from accounts.resources import InstitutionResource, stored_institutions
from accounts.services import trees
from core import audit
from core.errors import DomainError

KEPT_FOR = timedelta(hours=24)


class ImportOutdated(DomainError):
    """What the table would do is not what was shown: it must be looked at anew."""


class ImportNotApplied(DomainError):
    """The table has faults, is too old, or was applied before."""


@dataclass(frozen=True)
class RowReport:
    """What becomes of one row: "new", "changed", "unchanged" or "refused"."""

    number: int
    code: str
    name: str
    outcome: str
    changes: Mapping[str, tuple[str, str]]
    faults: tuple[Fault, ...]
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do; nothing at all if there is a fault."""

    rows: tuple[RowReport, ...]
    file_faults: tuple[Fault, ...] = ()
    is_applied: bool = False

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self.file_faults + tuple(
            fault for row in self.rows for fault in row.faults
        )

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        rows = tuple(
            RowReport(
                **{
                    **row,
                    "changes": {
                        key: tuple(pair) for key, pair in row["changes"].items()
                    },
                    "faults": _faults(row["faults"]),
                    "hints": tuple(Hint(**each) for each in row["hints"]),
                }
            )
            for row in data["rows"]
        )
        return cls(rows, _faults(data["file_faults"]), data["is_applied"])


def check_import(
    *,
    government: Government,
    file_name: str,
    table: Table,
    actor: User,
    at: datetime,
) -> InstitutionImport:
    """Keep an uploaded table with what it would do; nothing else changes yet."""
    with transaction.atomic():
        InstitutionImport.objects.exclude(pk__in=_standing(at)).delete()
        report = _report(government, table, at)
        return InstitutionImport.objects.create(
            key=get_random_string(24),
            government=government,
            file_name=file_name[:150],
            table=asdict(table),
            report=report.as_json(),
            made_by=actor,
            made_at=at,
            expires_at=at + KEPT_FOR,
        )


def apply_import(
    *, draft: InstitutionImport, actor: User, at: datetime
) -> ImportReport:
    """Do exactly what was shown.

    Raises ImportNotApplied, and ImportOutdated where institutions have changed since;
    the table is then compared anew, for the next look. Source: rule ACC-12 in
    docs/rules.md.
    """
    with transaction.atomic():
        draft = InstitutionImport.objects.select_for_update(of=("self",)).get(
            pk=draft.pk
        )
        if draft.applied_at:
            raise ImportNotApplied(_("This table was taken already."))
        if draft.expires_at <= at:
            raise ImportNotApplied(
                _("This table was checked more than a day ago. Upload it again.")
            )
        trees.lock_tree(draft.government)
        table = _table(draft.table)
        report = _report(draft.government, table, at)
        shown = ImportReport.from_json(draft.report)
        is_outdated = report != shown
        if is_outdated:
            draft.report = report.as_json()
            draft.save(update_fields=["report"])
        elif report.faults:
            raise ImportNotApplied(_("Mend the faults first; nothing was taken."))
        else:
            report = _take(draft.government, table, report, actor, at)
            draft.applied_at = at
            draft.save(update_fields=["applied_at"])
    if is_outdated:
        raise ImportOutdated(
            _(
                "Institutions have changed since this table was checked. Look at what "
                "it would do now, then decide again."
            )
        )
    return report


def import_institutions(
    *,
    government: Government,
    table: Table,
    actor: User | None,
    at: datetime,
    dry_run: bool,
) -> ImportReport:
    """Enter and change institutions from a table read by institution_table.

    All or nothing: one fault and no row is taken. The same table again changes
    nothing, and institutions it does not name stay as they are.
    """
    with transaction.atomic():
        # Two people may import at once: the tree must be checked and changed as one.
        trees.lock_tree(government)
        report = _report(government, table, at)
        if report.faults or dry_run:
            return report
        return _take(government, table, report, actor, at)


def _standing(at: datetime) -> Any:
    return InstitutionImport.objects.standing(at).values("pk")


def _report(government: Government, table: Table, at: datetime) -> ImportReport:
    """Say what every row would do, in a fixed number of queries."""
    stored = stored_institutions(government)
    faults = defaultdict(list)
    today = government.day_of(at)
    for fault in institution_table.check_rows(table, stored, today=today):
        faults[fault.row].append(fault)
    hints = defaultdict(list)
    for hint in table.hints:
        hints[hint.row].append(hint)
    numbers = {row.number for row in table.rows}
    rows = tuple(
        _row_report(row, stored, tuple(faults[row.number]), tuple(hints[row.number]))
        for row in table.rows
    )
    left = (
        each for row, found in faults.items() if row not in numbers for each in found
    )
    return ImportReport(rows, tuple(left))


def _row_report(
    row: Row,
    stored: Mapping[str, Stored],
    faults: tuple[Fault, ...],
    hints: tuple[Hint, ...],
) -> RowReport:
    outcome, changes = institution_table.plan_row(row, stored)
    if faults:
        outcome, changes = "refused", {}
    name = row.values[columns.NAME]
    return RowReport(row.number, row.code, name, outcome, changes, faults, hints)


def _take(
    government: Government,
    table: Table,
    report: ImportReport,
    actor: User | None,
    at: datetime,
) -> ImportReport:
    touched = {
        row.number: row for row in report.rows if row.outcome in ("new", "changed")
    }
    rows = [row for row in table.rows if row.number in touched]
    if rows:
        _keep_names(government, touched.values(), at)
        _loosen(government, rows)
        _store(government, rows)
        _tie_successors(government, rows)
        trees.rebuild_paths(government)
        _record_import(government, touched.values(), actor, at)
    return ImportReport(report.rows, report.file_faults, is_applied=True)


def _store(government: Government, rows: Sequence[Row]) -> None:
    """Store the rows a level of the tree at a time, so that parents are there."""
    stored = stored_institutions(government)
    heads = [each for each in columns.COLUMNS if each != columns.SUCCESSOR]
    for level in institution_table.levels(rows):
        resource = InstitutionResource(government=government)
        table = tablib.Dataset(headers=heads)
        for row in level:
            known = stored[row.code].values if row.code in stored else {}
            values = {**known, **institution_table.wanted_values(row)}
            table.append([values.get(column, "") for column in heads])
        resource.import_data(table, raise_errors=True)


def _loosen(government: Government, rows: Iterable[Row]) -> None:
    """Take away successors that are to change: who goes on has none."""
    changing = [row.code for row in rows if columns.SUCCESSOR in row.values]
    Institution.objects.filter(government=government, code__in=changing).exclude(
        successor=None
    ).update(successor=None)


def _tie_successors(government: Government, rows: Iterable[Row]) -> None:
    wanted = {
        row.code: row.values[columns.SUCCESSOR]
        for row in rows
        if row.values.get(columns.SUCCESSOR)
    }
    if not wanted:
        return
    found = {
        each.code: each
        for each in Institution.objects.filter(
            government=government, code__in={*wanted, *wanted.values()}
        )
    }
    for code, successor in wanted.items():
        found[code].successor = found[successor]
    Institution.objects.bulk_update(
        [found[code] for code in wanted], ["successor"], batch_size=500
    )


def _keep_names(
    government: Government, touched: Iterable[RowReport], at: datetime
) -> None:
    """Keep the names that end now; a second one of the same day was never in use."""
    renamed = [
        row.code
        for row in touched
        if {columns.NAME, columns.SHORT_NAME} & row.changes.keys()
    ]
    FormerName.objects.bulk_create(
        [
            FormerName(
                institution=each,
                name=each.name,
                short_name=each.short_name,
                until_date=_yesterday(government, at),
                reason=_("By import of a table."),
            )
            for each in Institution.objects.filter(
                government=government, code__in=renamed
            )
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def _yesterday(government: Government, at: datetime) -> date:
    return government.day_of(at) - timedelta(days=1)


def _record_import(
    government: Government,
    touched: Iterable[RowReport],
    actor: User | None,
    at: datetime,
) -> None:
    new = [row.code for row in touched if row.outcome == "new"]
    changed = {row.code: dict(row.changes) for row in touched if row.changes}
    audit.record(
        "institutions.imported",
        actor=actor,
        target=government,
        at=at,
        scope=government.code,
        changes={"new": new, "changed": changed},
    )


def _table(data: Mapping[str, Any]) -> Table:
    return Table(
        columns=tuple(data["columns"]),
        rows=tuple(Row(**each) for each in data["rows"]),
        faults=_faults(data["faults"]),
        hints=tuple(Hint(**each) for each in data["hints"]),
    )


def _faults(data: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
    return tuple(Fault(**each) for each in data)

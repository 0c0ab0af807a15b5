"""Institutions from a spreadsheet: all of it, or nothing with every reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import tablib
from django.db import transaction

from accounts import institution_table
from accounts.institution_table import Fault, Row
from accounts.models import Government, Institution, User
from accounts.resources import InstitutionResource
from core import audit


@dataclass(frozen=True)
class RowReport:
    """What becomes of one row: "new", "changed", "unchanged" or "refused"."""

    number: int
    code: str
    name: str
    outcome: str
    changes: Mapping[str, tuple[str, str]]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do; nothing at all if a row was refused."""

    rows: tuple[RowReport, ...]
    is_applied: bool

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(fault for row in self.rows for fault in row.faults)

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)


def import_institutions(
    *,
    government: Government,
    table: tablib.Dataset,
    actor: User | None,
    at: datetime,
    dry_run: bool,
) -> ImportReport:
    """Enter and change institutions from a table read by institution_table.

    All or nothing: one fault and no row is taken. The same table again changes
    nothing, and institutions it does not name stay as they are.
    """
    rows, faults = institution_table.tidy_rows(table)
    with transaction.atomic():
        # Two people may import at once: the tree must be checked and changed as one.
        Government.objects.select_for_update().get(pk=government.pk)
        faults += institution_table.check_rows(rows, _stored_parents(government))
        if faults:
            return ImportReport(_refusals(rows, faults), is_applied=False)
        reports = _take_rows(government, rows)
        if not dry_run:
            _rebuild_paths(government)
            _record_import(government, reports, actor, at)
        else:
            transaction.set_rollback(True)
    return ImportReport(reports, is_applied=not dry_run)


def _take_rows(government: Government, rows: list[Row]) -> tuple[RowReport, ...]:
    """Store the rows a level of the tree at a time, so that parents are there."""
    reports = {}
    for level in institution_table.levels(rows):
        resource = InstitutionResource(government=government)
        table = tablib.Dataset(headers=institution_table.COLUMNS)
        for row in level:
            kind = row.values[institution_table.KIND].lower()
            values = {**row.values, institution_table.KIND: kind}
            table.append([values[column] for column in institution_table.COLUMNS])
        result = resource.import_data(table, raise_errors=True)
        for row, taken in zip(level, result.rows, strict=True):
            reports[row.number] = _row_report(resource, row, taken)
    return tuple(reports[row.number] for row in rows)


def _row_report(resource: InstitutionResource, row: Row, taken: Any) -> RowReport:
    changes = {}
    if taken.is_update():
        for field in resource.get_import_fields():
            old, new = field.export(taken.original), field.export(taken.instance)
            if old != new:
                changes[field.column_name] = (old, new)
    outcome = {"new": "new", "update": "changed", "skip": "unchanged"}
    return RowReport(
        number=row.number,
        code=row.code,
        name=row.values[institution_table.NAME],
        outcome=outcome[taken.import_type],
        changes=changes,
        faults=(),
    )


def _refusals(rows: list[Row], faults: list[Fault]) -> tuple[RowReport, ...]:
    """Report the rows with faults; of the others nothing was tried."""
    by_row = defaultdict(list)
    for fault in faults:
        by_row[fault.row].append(fault)
    return tuple(
        RowReport(
            number=row.number,
            code=row.code,
            name=row.values[institution_table.NAME],
            outcome="refused",
            changes={},
            faults=tuple(by_row[row.number]),
        )
        for row in rows
        if row.number in by_row
    )


def _record_import(
    government: Government,
    reports: Iterable[RowReport],
    actor: User | None,
    at: datetime,
) -> None:
    new = [row.code for row in reports if row.outcome == "new"]
    changed = {row.code: dict(row.changes) for row in reports if row.changes}
    if new or changed:
        audit.record(
            "institutions.imported",
            actor=actor,
            target=government,
            at=at,
            scope=government.code,
            changes={"new": new, "changed": changed},
        )


def _stored_parents(government: Government) -> dict[str, str]:
    return {
        code: parent or ""
        for code, parent in Institution.objects.filter(
            government=government
        ).values_list("code", "parent__code")
    }


def _rebuild_paths(government: Government) -> None:
    """Give every institution the path its place in the tree asks for."""
    everything = {
        institution.pk: institution
        for institution in Institution.objects.filter(government=government)
    }
    moved = []
    for institution in everything.values():
        trail, above = [institution.code], institution.parent_id
        while above:
            trail.append(everything[above].code)
            above = everything[above].parent_id
        path = "".join(f"{code}/" for code in reversed(trail))
        if path != institution.path:
            institution.path = path
            moved.append(institution)
    Institution.objects.bulk_update(moved, ["path"], batch_size=500)

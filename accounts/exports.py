"""The audit trail as a table to take away."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import trail
from core import spreadsheets
from core.models import AuditEntry
from core.spreadsheets import Cell

# More rows than these make a workbook slow to open; a CSV file holds all.
XLSX_ROWS = 100_000
CHUNK = 2_000


def csv_lines(entries: QuerySet[AuditEntry], zone: tzinfo) -> Iterator[str]:
    """Write all of `entries`, newest first, in one query and constant memory."""
    return spreadsheets.csv_lines(_table(entries.order_by("-at", "-pk"), zone))


def write_xlsx(entries: QuerySet[AuditEntry], zone: tzinfo, target: IO[bytes]) -> None:
    """Write the newest XLSX_ROWS of `entries` as a workbook."""
    writer = spreadsheets.XlsxWriter()
    sheet = writer.add_sheet(_("Log"), _heads(), [22, 28, 28, 18, 40, 40, 60, 18])
    for row in _rows(entries.order_by("-at", "-pk")[:XLSX_ROWS], zone):
        writer.add_row(sheet, row)
    writer.save(target)


def _table(entries: QuerySet[AuditEntry], zone: tzinfo) -> Iterator[Sequence[Cell]]:
    yield _heads()
    yield from _rows(entries, zone)


def _heads() -> list[str]:
    return [
        _("When"),
        _("Who"),
        _("What"),
        _("Kind"),
        _("Object"),
        _("Reason"),
        _("Changes"),
        _("Network address"),
    ]


def _rows(entries: QuerySet[AuditEntry], zone: tzinfo) -> Iterator[Sequence[Cell]]:
    ordered: Iterable[AuditEntry] = entries.iterator(chunk_size=CHUNK)
    for row in trail.rows_of(ordered, zone, links=False):
        yield [
            row.at.astimezone(zone).isoformat(sep=" ", timespec="seconds"),
            row.actor,
            row.action,
            row.kind,
            row.target,
            row.reason,
            "; ".join(str(change) for change in row.changes),
            row.address,
        ]

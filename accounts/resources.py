"""Institutions out of the database as rows of the table, and back into it."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import IO, Any

from django.db.models import DateField, Max, QuerySet, Value
from django.db.models.functions import Coalesce
from import_export import resources, widgets
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader

from accounts.institution_table import columns
from accounts.institution_table.workbooks import SHEET
from accounts.institution_table.writing import WIDTHS
from accounts.models import Government, Institution, Membership
from core.spreadsheets import XlsxWriter, csv_lines


def table_rows(institutions: QuerySet[Institution]) -> Iterator[list[str]]:
    """Write institutions as the table does, one query whatever their number."""
    names = {"parent": "parent__code", "successor": "successor__code"}
    fields = [names.get(field, field) for field in columns.FIELDS.values()]
    for values in institutions.values_list(*fields).iterator(chunk_size=2000):
        yield [
            value.isoformat() if isinstance(value, date) else value or ""
            for value in values
        ]


def export_csv(institutions: QuerySet[Institution]) -> Iterator[str]:
    """Write institutions line by line, so that they can be imported again."""
    return csv_lines(chain([columns.COLUMNS], table_rows(institutions)))


def export_xlsx(institutions: QuerySet[Institution], target: IO[bytes]) -> None:
    """Write institutions as a workbook like the template."""
    writer = XlsxWriter()
    sheet = writer.add_sheet(SHEET, columns.COLUMNS, WIDTHS)
    for row in table_rows(institutions):
        writer.add_row(sheet, row)
    writer.save(target)


def stored_institutions(government: Government) -> dict[str, columns.Stored]:
    """Read all that a table is compared with, by code, in two queries."""
    endless = Value(date.max, output_field=DateField())
    roles_until = dict(
        Membership.objects.filter(institution__government=government)
        .values("institution__code")
        .annotate(until=Max(Coalesce("to_date", endless)))
        .values_list("institution__code", "until")
    )
    institutions = Institution.objects.filter(government=government).order_by("pk")
    return {
        row[0]: columns.Stored(
            dict(zip(columns.COLUMNS, row, strict=True)), roles_until.get(row[0])
        )
        for row in table_rows(institutions)
    }


class _ParentWidget(widgets.Widget):
    """A parent by its code; all of the government's are read once."""

    by_code: dict[str, Institution]

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Institution | None:
        return self.by_code[value] if value else None

    def render(self, value: Institution | None, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class _DayWidget(widgets.Widget):
    """A day as ISO 8601 writes it, or nothing."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> date | None:
        return columns.as_date(value)

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if value else ""


class InstitutionResource(resources.ModelResource):
    """One government's institutions; rows are checked before they come here."""

    code = Field("code", columns.CODE)
    kind = Field("kind", columns.KIND)
    name = Field("name", columns.NAME)
    short_name = Field("short_name", columns.SHORT_NAME)
    parent = Field("parent", columns.PARENT, widget=_ParentWidget())
    email = Field("email", columns.EMAIL)
    phone = Field("phone", columns.PHONE)
    address = Field("address", columns.ADDRESS)
    active_from = Field("active_from", columns.ACTIVE_FROM, widget=_DayWidget())
    active_to = Field("active_to", columns.ACTIVE_TO, widget=_DayWidget())

    class Meta:
        model = Institution
        # Successors may stand in later rows: the service ties them at the end.
        fields = tuple(each for each in columns.FIELDS.values() if each != "successor")
        import_id_fields = ["code"]
        instance_loader_class = CachedInstanceLoader
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True
        use_bulk = True

    def __init__(self, *, government: Government) -> None:
        super().__init__()
        self.government = government

    def get_queryset(self) -> Any:
        return (
            Institution.objects.filter(government=self.government)
            .select_related("parent")
            .order_by("path", "pk")
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.fields["parent"].widget.by_code = {
            institution.code: institution for institution in self.get_queryset()
        }

    def init_instance(self, row: Any = None) -> Institution:
        return Institution(government=self.government)

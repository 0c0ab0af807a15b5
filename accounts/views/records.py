"""The log: what was done in a government, or in the portal as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from tempfile import SpooledTemporaryFile
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import exports, permissions, services, trail
from accounts.forms.records import RecordFilterForm
from accounts.models import Government
from accounts.requests import SignedInRequest
from core import spreadsheets
from core.models import AuditEntry

IN_MEMORY = 5_000_000  # bytes of a workbook; the rest of a larger one goes to a file


@dataclass(frozen=True)
class Log:
    """The entries somebody may read, and where their pages are."""

    name: str
    entries: QuerySet[AuditEntry]
    zone: tzinfo
    routes: str
    args: Sequence[str] = ()
    is_partial: bool = False
    government: Government | None = None
    others: Sequence[Government] = field(default_factory=list)

    def url(self, page: str) -> str:
        return reverse(f"accounts:{self.routes}_{page}", args=self.args)


@require_safe
def record_list(request: SignedInRequest, government: str) -> HttpResponse:
    return _list(request, _of_government(request, government))


@require_safe
def record_csv(request: SignedInRequest, government: str) -> StreamingHttpResponse:
    return _csv(request, _of_government(request, government))


@require_safe
def record_xlsx(request: SignedInRequest, government: str) -> FileResponse:
    return _xlsx(request, _of_government(request, government))


@require_safe
def portal_record_list(request: SignedInRequest) -> HttpResponse:
    return _list(request, _of_portal(request))


@require_safe
def portal_record_csv(request: SignedInRequest) -> StreamingHttpResponse:
    return _csv(request, _of_portal(request))


@require_safe
def portal_record_xlsx(request: SignedInRequest) -> FileResponse:
    return _xlsx(request, _of_portal(request))


def _of_government(request: SignedInRequest, slug: str) -> Log:
    run = Government.objects.run_by(request.user).order_by("short_name", "pk")
    government = get_object_or_404(run, slug=slug)
    return Log(
        name=government.slug,
        entries=trail.entries_of(request.user, government),
        zone=ZoneInfo(government.time_zone),
        routes="record",
        args=[government.slug],
        is_partial=permissions.works_in(request.user, government),
        government=government,
        others=list(run.exclude(pk=government.pk)),
    )


def _of_portal(request: SignedInRequest) -> Log:
    if not request.user.is_system_admin:
        raise Http404
    return Log(
        name="portal",
        entries=trail.entries_of_portal(),
        zone=timezone.get_default_timezone(),
        routes="portal_record",
    )


def _list(request: SignedInRequest, log: Log) -> HttpResponse:
    form, entries = _narrowed(request, log)
    cursor = trail.read_cursor(request.GET.get("sebelum", ""))
    page = trail.page_of(entries, cursor)
    with timezone.override(log.zone):
        return render(
            request,
            "accounts/record_list.html",
            {
                "log": log,
                "log_url": log.url("list"),
                "form": form,
                "rows": list(trail.rows_of(page.entries, log.zone)),
                "is_later_page": cursor is not None,
                "newest_url": _address(request, log.url("list")),
                "older_url": page.following
                and _address(request, log.url("list"), sebelum=str(page.following)),
                "csv_url": _address(request, log.url("csv")),
                "xlsx_url": _address(request, log.url("xlsx")),
                "xlsx_rows": exports.XLSX_ROWS,
            },
        )


def _narrowed(
    request: SignedInRequest, log: Log
) -> tuple[RecordFilterForm, QuerySet[AuditEntry]]:
    form = RecordFilterForm(request.GET, with_entries=not log.is_partial)
    form.is_valid()  # what cannot be read narrows nothing, and the page says so
    return form, trail.narrowed(log.entries, form.cleaned_data, log.zone)


def _address(request: SignedInRequest, url: str, **changes: str) -> str:
    """Give `url` with what the page is narrowed by."""
    query = request.GET.copy()
    query.pop("sebelum", None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    for name, value in changes.items():
        query[name] = value
    return f"{url}?{query.urlencode()}" if query else url


def _csv(request: SignedInRequest, log: Log) -> StreamingHttpResponse:
    entries = _to_take_away(request, log)
    return StreamingHttpResponse(
        exports.csv_lines(entries, log.zone),
        content_type=spreadsheets.CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{_name(log)}.csv"'},
    )


def _xlsx(request: SignedInRequest, log: Log) -> FileResponse:
    entries = _to_take_away(request, log)
    # Closed by the response once it is sent.
    target = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    exports.write_xlsx(entries, log.zone, cast(Any, target))
    target.seek(0)
    return FileResponse(
        target,
        as_attachment=True,
        filename=f"{_name(log)}.xlsx",
        content_type=spreadsheets.XLSX_TYPE,
    )


def _to_take_away(request: SignedInRequest, log: Log) -> QuerySet[AuditEntry]:
    """Give what the page is narrowed to, and note that it leaves the portal."""
    _form, entries = _narrowed(request, log)
    services.note_access(
        actor=request.user,
        subjects=trail.people_in(entries),
        what=_("the log of %(name)s, as a table")
        % {"name": log.government or _("the portal")},
        at=request.received_at,
        is_export=True,
        scope=log.government.code if log.government else "",
    )
    return entries


def _name(log: Log) -> str:
    return _("log-%(name)s") % {"name": log.name}

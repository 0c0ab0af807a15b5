"""Institutions in and out as tables."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import institution_table, resources, services
from accounts.forms.imports import ImportForm
from accounts.forms.institutions import InstitutionFilterForm
from accounts.models import InstitutionImport
from accounts.requests import SignedInRequest
from accounts.views.institutions import (
    UNPROCESSABLE,
    asked_institutions,
    own_government,
)
from core.spreadsheets import CSV_TYPE, XLSX_TYPE, XlsxWriter, csv_lines

PAGE_SIZE = 100
ALL = "semua"
OUTCOMES = {
    "gagal": "refused",
    "baru": "new",
    "berubah": "changed",
    "tetap": "unchanged",
}


@require_safe
def institution_export(
    request: SignedInRequest, government: str, ending: str
) -> HttpResponseBase:
    """The list as it is filtered, to be imported again."""
    found = own_government(request, government)
    form = InstitutionFilterForm(request.GET)
    institutions = asked_institutions(form, found, request)
    name = f"instansi-{found.slug}.{ending}"
    if ending == "csv":
        return _csv(resources.export_csv(institutions), name)
    target = _temporary()
    resources.export_xlsx(institutions, target)
    return _xlsx(target, name)


@require_safe
def institution_template(
    request: SignedInRequest, government: str, ending: str
) -> HttpResponseBase:
    """An empty table to fill in."""
    own_government(request, government)
    name = f"templat-instansi.{ending}"
    if ending == "csv":
        return _csv(iter([institution_table.template_csv()]), name)
    target = _temporary()
    institution_table.write_template(target)
    return _xlsx(target, name)


@require_http_methods(["GET", "POST"])
def institution_import(request: SignedInRequest, government: str) -> HttpResponse:
    """Upload a table; what it would do is shown on its own page."""
    found = own_government(request, government)
    is_sent = request.method == "POST"
    form = ImportForm(request.POST if is_sent else None, request.FILES or None)
    if is_sent and form.is_valid():
        draft = services.check_import(
            government=found,
            file_name=form.file_name,
            table=form.cleaned_data["table"],
            actor=request.user,
            at=request.received_at,
        )
        return redirect("accounts:import_detail", found.slug, draft.key)
    return render(
        request,
        "accounts/institution_import.html",
        {"government": found, "form": form},
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def import_detail(request: SignedInRequest, government: str, key: str) -> HttpResponse:
    """Every row of a table with what becomes of it; one press does just that."""
    draft = _own_import(request, government, key)
    if request.method == "POST":
        return _apply(request, draft)
    report = services.ImportReport.from_json(draft.report)
    # With faults they come first: they are what is to be done.
    usual = "gagal" if report.faults and not draft.applied_at else ALL
    asked = OUTCOMES.get(request.GET.get("hasil", usual))
    rows = [row for row in report.rows if asked in (None, row.outcome)]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(
        request,
        "accounts/import_detail.html",
        {
            "government": draft.government,
            "draft": draft,
            "report": report,
            "counts": {name: report.count(name) for name in OUTCOMES.values()},
            "to_do": report.count("new") + report.count("changed"),
            "page": page,
            "tabs": _tabs(report, asked),
        },
    )


def _own_import(
    request: SignedInRequest, government: str, key: str
) -> InstitutionImport:
    drafts = (
        InstitutionImport.objects.visible_to(request.user)
        .standing(request.received_at)
        .select_related("government", "made_by")
    )
    return get_object_or_404(drafts, government__slug=government, key=key)


def _apply(request: SignedInRequest, draft: InstitutionImport) -> HttpResponse:
    try:
        report = services.apply_import(
            draft=draft, actor=request.user, at=request.received_at
        )
    except (services.ImportOutdated, services.ImportNotApplied) as refusal:
        messages.error(request, refusal.message)
        return redirect("accounts:import_detail", draft.government.slug, draft.key)
    number = report.count("new") + report.count("changed")
    told = ngettext(
        "%(number)d institution was entered or changed.",
        "%(number)d institutions were entered or changed.",
        number,
    )
    messages.success(request, told % {"number": number})
    return redirect("accounts:institution_list", draft.government.slug)


def _tabs(report: services.ImportReport, asked: str | None) -> list[dict[str, Any]]:
    labels = {
        "refused": _("Refused"),
        "new": _("New"),
        "changed": _("Changed"),
        "unchanged": _("Unchanged"),
    }
    tabs = [
        {
            "label": _("All"),
            "url": f"?hasil={ALL}",
            "current": not asked,
            "count": len(report.rows),
        }
    ]
    for word, outcome in OUTCOMES.items():
        tabs.append(
            {
                "label": labels[outcome],
                "url": f"?hasil={word}",
                "current": asked == outcome,
                "count": report.count(outcome),
            }
        )
    return tabs


@require_safe
def import_faults(
    request: SignedInRequest, government: str, key: str, ending: str
) -> HttpResponseBase:
    """The faults as a table, to be mended one by one."""
    draft = _own_import(request, government, key)
    faults = services.ImportReport.from_json(draft.report).faults
    if not faults:
        raise Http404
    heads = [_("Row"), _("Column"), _("Value"), _("Reason")]
    rows = ([each.row or "", each.column, each.value, each.reason] for each in faults)
    name = f"kesalahan-instansi.{ending}"
    if ending == "csv":
        return _csv(csv_lines([heads, *rows]), name)
    writer = XlsxWriter()
    sheet = writer.add_sheet(_("Faults"), heads, (8, 18, 40, 90))
    for row in rows:
        writer.add_row(sheet, row)
    target = _temporary()
    writer.save(target)
    return _xlsx(target, name)


def _temporary() -> IO[bytes]:
    return TemporaryFile()


def _csv(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        lines,
        content_type=CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _xlsx(target: IO[bytes], name: str) -> FileResponse:
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, filename=name, content_type=XLSX_TYPE
    )

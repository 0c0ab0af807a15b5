"""Papers and tables of a result: minutes, recap, all sheets."""

from collections.abc import Callable
from io import BytesIO
from typing import IO

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from competitions.models import Round
from competitions.views.running import running_round
from core.spreadsheets import CSV_TYPE, XLSX_TYPE
from documents import pdf
from documents.models import IssuedDocument
from documents.views import file_response
from judging import minutes, queries, services, workbooks
from judging.plenary_forms import MinutesForm


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_issue(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The minutes: a draft until the result is sealed, then issued once."""
    round = _shown_round(request, round_slug)
    result = queries.sealed_result(round)
    document = minutes_of(round)
    form = MinutesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.issue_minutes(
                round=round,
                typed=minutes.Typed(**form.cleaned_data),
                actor=request.user,
                at=request.received_at,
            )
        except services.MinutesNotIssued as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Minutes issued. The file is being made."))
            return redirect("judging:minutes_issue", round.slug)
    return render(
        request,
        "judging/minutes_issue.html",
        {"round": round, "result": result, "document": document, "form": form},
    )


@require_safe
def minutes_draft(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The minutes as they would be now, marked as a draft."""
    round = _shown_round(request, round_slug)
    values = minutes.values_of(round, None, minutes.Typed(), request.received_at)
    content = pdf.render_pdf(minutes.TEMPLATE, values)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="berita-acara-{round.slug}.pdf"'
        },
    )


@require_safe
def minutes_file(request: SignedInRequest, round_slug: str) -> FileResponse:
    """The issued minutes."""
    document = minutes_of(running_round(request.user, round_slug))
    if document is None:
        raise Http404
    return file_response(document)


@require_safe
def recap_export(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The ranking of all stages with their means, as XLSX."""
    round = _shown_round(request, round_slug)
    result = queries.sealed_result(round)
    return _workbook(
        f"rekap-{round.slug}",
        lambda target: workbooks.write_recap(target, round, result),
    )


@require_safe
def sheets_export(
    request: SignedInRequest, round_slug: str
) -> HttpResponse | StreamingHttpResponse:
    """Every sheet that is done, as XLSX or with `bentuk=csv` as CSV."""
    round = _shown_round(request, round_slug)
    name = f"lembar-nilai-{round.slug}"
    if request.GET.get("bentuk") == "csv":
        return StreamingHttpResponse(
            workbooks.sheets_csv(round),
            content_type=CSV_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
        )
    return _workbook(name, lambda target: workbooks.write_sheets(target, round))


def minutes_of(round: Round) -> IssuedDocument | None:
    """The valid minutes of the result that stands."""
    result = queries.sealed_result(round)
    if result is None:
        return None
    return IssuedDocument.objects.filter(
        kind=minutes.KIND,
        subject_key=minutes.subject_key(result),
        state=IssuedDocument.State.ISSUED,
    ).first()


def _shown_round(request: SignedInRequest, slug: str) -> Round:
    """A round whose scores may be seen, for who runs it and does not compete."""
    round = running_round(request.user, slug)
    stages = queries.scoring_stages_of(round)
    waiting = queries.unshown_stages(
        stages, queries.windows_of(round), request.received_at
    )
    if not stages or (waiting and not queries.sealed_result(round)):
        raise Http404
    return round


def _workbook(name: str, write: Callable[[IO[bytes]], None]) -> HttpResponse:
    content = BytesIO()
    write(content)
    return HttpResponse(
        content.getvalue(),
        content_type=XLSX_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )

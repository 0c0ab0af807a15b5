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
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions.models import Round, ScoringStage
from competitions.views.running import running_round
from core.spreadsheets import CSV_TYPE, XLSX_TYPE
from documents import composing
from documents import services as documents_services
from documents.models import IssuedDocument
from documents.views import file_response
from judging import minutes, queries, recaps, services, sheet_papers, workbooks
from judging.models import Juror
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
        {
            "round": round,
            "result": result,
            "document": document,
            "form": form,
            "recap": recaps.recap_of(result) if result else None,
            "stages": [
                (each, sheet_papers.listed(each))
                for each in queries.scoring_stages_of(round)
            ],
        },
    )


@require_safe
def minutes_draft(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The minutes as they would be now, marked as a draft."""
    round = _shown_round(request, round_slug)
    values = minutes.values_of(round, None, minutes.Typed(), request.received_at)
    matter = composing.matter_of(minutes.TEMPLATE, values)
    content = documents_services.compose_awaited(matter)
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


@require_POST
def recap_issue(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Issue the recap, annex of the minutes."""
    round = _shown_round(request, round_slug)
    try:
        services.issue_recap(round=round, actor=request.user, at=request.received_at)
    except services.PaperNotIssued as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Recap issued. The file is being made."))
    return redirect("judging:minutes_issue", round.slug)


@require_safe
def recap_file(request: SignedInRequest, round_slug: str) -> FileResponse:
    """The issued recap."""
    result = queries.sealed_result(running_round(request.user, round_slug))
    document = recaps.recap_of(result) if result else None
    if document is None:
        raise Http404
    return file_response(document)


@require_POST
def score_sheets_issue(
    request: SignedInRequest, round_slug: str, stage: str
) -> HttpResponse:
    """Put the finished sheets of every juror of a stage on paper."""
    round = _shown_round(request, round_slug)
    try:
        services.issue_score_sheets(
            scoring_stage=_stage_of(round, stage),
            actor=request.user,
            at=request.received_at,
        )
    except services.PaperNotIssued as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Score sheets issued. The files are being made."))
    return redirect("judging:minutes_issue", round.slug)


@require_safe
def score_sheet_file(
    request: SignedInRequest, round_slug: str, stage: str, key: str
) -> FileResponse:
    """The score sheet of one juror."""
    round = _shown_round(request, round_slug)
    juror = get_object_or_404(Juror, round=round, key=key)
    document = sheet_papers.paper_of(_stage_of(round, stage), juror)
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
    return minutes.minutes_of(result) if result else None


def _stage_of(round: Round, code: str) -> ScoringStage:
    stage = get_object_or_404(ScoringStage, round=round, code=code)
    stage.round = round
    return stage


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

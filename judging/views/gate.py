"""The sheet of a gate: what a juror found on the spot, in place of scores."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from core.dates import format_time
from judging import queries, services
from judging.forms import GateForm
from judging.models import ScoreSheet


def edit(request: SignedInRequest, sheet: ScoreSheet) -> HttpResponse:
    """Read the proposal, say what was found; POST saves, by button or by autosave."""
    if request.method != "POST":
        return _show(request, sheet, _form(sheet))
    form = _form(sheet, request)
    if not form.is_valid():
        if _wants_json(request):
            return JsonResponse(
                {"state": "invalid", "errors": form.errors, "version": sheet.version},
                status=422,
            )
        return _show(request, sheet, form)
    try:
        sheet = _save(request, sheet, form)
    except services.SheetConflict as refusal:
        return _show_conflict(request, refusal.current, form)
    except services.SheetLocked as refusal:
        return _refuse(request, sheet, refusal.message)
    if _wants_json(request):
        answer: dict[str, Any] = {"state": "saved", "version": sheet.version}
        if sheet.saved_at:
            answer["at"] = format_time(sheet.saved_at, "bare")
        return JsonResponse(answer)
    messages.success(request, _("Verification saved."))
    return redirect(sheet)


def finalise(request: SignedInRequest, sheet: ScoreSheet) -> ScoreSheet | HttpResponse:
    """Save what was typed, then close the sheet; give it, or the page that says why."""
    form = _form(sheet, request)
    if not form.is_valid():
        return _show(request, sheet, form)
    try:
        sheet = _save(request, sheet, form)
        return services.finalise_sheet(
            sheet=sheet,
            base_version=sheet.version,
            actor=request.user,
            at=request.received_at,
        )
    except services.SheetConflict as refusal:
        return _show_conflict(request, refusal.current, form)
    except services.SheetLocked as refusal:
        return _refuse(request, sheet, refusal.message)
    except services.SheetIncomplete as refusal:
        form.rebase(sheet.version)
        form.add_missing(refusal.missing)
        return _show(request, sheet, form)


def _form(sheet: ScoreSheet, request: SignedInRequest | None = None) -> GateForm:
    return GateForm(
        request.POST if request else None,
        initial={
            "version": sheet.version,
            "verdict": sheet.verdict,
            "note": sheet.note,
        },
    )


def _save(request: SignedInRequest, sheet: ScoreSheet, form: GateForm) -> ScoreSheet:
    return services.save_verdict(
        sheet=sheet,
        verdict=form.cleaned_data["verdict"],
        note=form.cleaned_data["note"],
        base_version=form.base_version,
        actor=request.user,
        at=request.received_at,
    )


def _show(
    request: SignedInRequest,
    sheet: ScoreSheet,
    form: GateForm,
    *,
    stored: ScoreSheet | None = None,
    status: int = 200,
) -> HttpResponse:
    """Lay the sheet out; `stored` is what another window saved in the meantime."""
    stage = sheet.assignment.scoring_stage
    window = queries.window_of(stage)
    own = ScoreSheet.objects.visible_to(request.user).filter(
        assignment__juror=sheet.assignment.juror, assignment__scoring_stage=stage
    )
    is_open = window is not None and window.is_open(request.received_at)
    return render(
        request,
        "judging/sheet_gate.html",
        {
            "sheet": sheet,
            "stage": stage,
            "proposal": sheet.assignment.proposal,
            "juror": sheet.assignment.juror,
            "form": form,
            "reading": queries.reading_of(sheet.assignment.proposal),
            "progress": queries.progress_of(own),
            "window": window,
            "is_writable": is_open and not sheet.is_final,
            "is_before": window is not None and request.received_at < window.opens_at,
            "stored": stored,
        },
        status=status,
    )


def _show_conflict(
    request: SignedInRequest, current: ScoreSheet, form: GateForm
) -> HttpResponse:
    if not _wants_json(request):
        form.rebase(current.version)
        return _show(request, current, form, stored=current, status=409)
    return JsonResponse(
        {
            "state": "conflict",
            "version": current.version,
            "url": current.get_absolute_url(),
            "html": render_to_string(
                "judging/sheet_gate.html#conflict",
                {"stored": current, "by_script": True},
            ),
        },
        status=409,
    )


def _refuse(request: SignedInRequest, sheet: ScoreSheet, message: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"state": "refused", "message": message}, status=403)
    messages.error(request, message)
    return redirect(sheet)


def _wants_json(request: SignedInRequest) -> bool:
    return request.headers.get("X-Requested-With") == "autosave"

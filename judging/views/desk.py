"""The scoring desk of one juror and one proposal."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from documents.files import (
    anonymous_file_response,
    frame_at_home,
    stored_file_response,
)
from judging import desk, queries, services
from judging.forms import ScoreForm
from judging.models import Score, ScoreSheet
from judging.views import gate
from judging.views.sheets import (
    go_on,
    is_fetched_ahead,
    queue_url,
    refuse,
    saved,
    sheets_of,
    sheets_to_save,
    wants_json,
)
from submissions.models import Evidence


@never_cache
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # a file beside it
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_edit(request: SignedInRequest, key: str) -> HttpResponse:
    """Read the proposal, score it; POST saves, by button or by autosave."""
    is_save = request.method == "POST" and wants_json(request)
    load = sheets_to_save if is_save else sheets_of
    sheet = get_object_or_404(load(request.user), key=key)
    if not sheet.assignment.juror.has_signed:
        return _to_panel(sheet)
    is_seen = request.method == "GET" and not is_fetched_ahead(request)
    if is_seen and sheet.opened_at is None and not sheet.is_done:
        services.note_opening(sheet=sheet, at=request.received_at)
    if sheet.assignment.scoring_stage.is_gate:
        return gate.edit(request, sheet)
    if request.method != "POST":
        return _show(request, sheet, _form(sheet))
    form = _form(sheet, request)
    form.is_valid()
    try:
        sheet = _save(request, sheet, form)
    except services.SheetConflict as refusal:
        return _show_conflict(request, refusal.current, form)
    except (services.SheetLocked, services.ScoreNotValid) as refusal:
        return refuse(request, sheet, refusal.message)
    if wants_json(request):
        return saved(sheet, form)
    if form.errors:
        form.rebase(sheet.version)
        return _show(request, sheet, form)
    messages.success(request, _("Scores saved."))
    return go_on(sheet) if request.POST.get("go") == "next" else redirect(sheet)


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
@require_POST
def sheet_finalise(request: SignedInRequest, key: str) -> HttpResponse:
    """Save what was typed, then close the sheet and go on to the next.

    Two services on purpose: what was typed stays saved where the sheet is unfinished.
    """
    sheet = get_object_or_404(sheets_of(request.user), key=key)
    finish = gate.finalise if sheet.assignment.scoring_stage.is_gate else _finalise
    done = finish(request, sheet)
    if isinstance(done, HttpResponse):
        return done
    messages.success(
        request, _("%(title)s finished.") % {"title": sheet.assignment.proposal}
    )
    return go_on(sheet)


@xframe_options_sameorigin
@require_safe
def sheet_evidence(
    request: SignedInRequest, key: str, evidence_key: str
) -> FileResponse:
    """Serve a file of the proposal to the juror who scores it, beside the sheet too."""
    sheet = get_object_or_404(
        sheets_of(request.user), key=key, assignment__juror__signed_at__isnull=False
    )
    evidence = get_object_or_404(
        Evidence, key=evidence_key, proposal=sheet.assignment.proposal_id
    )
    if sheet.assignment.scoring_stage.is_blind:
        response = anonymous_file_response(evidence, queries.alias_of(evidence))
    else:
        response = stored_file_response(evidence, request)
    return frame_at_home(response)


def _finalise(request: SignedInRequest, sheet: ScoreSheet) -> ScoreSheet | HttpResponse:
    """Finish a sheet of scores; give it, or the page that says why not."""
    form = _form(sheet, request)
    form.is_valid()
    try:
        sheet = _save(request, sheet, form)
        if form.errors:
            form.rebase(sheet.version)
            return _show(request, sheet, form)
        return services.finalise_sheet(
            sheet=sheet,
            base_version=sheet.version,
            actor=request.user,
            at=request.received_at,
        )
    except services.SheetConflict as refusal:
        return _show_conflict(request, refusal.current, form)
    except (services.SheetLocked, services.ScoreNotValid) as refusal:
        return refuse(request, sheet, refusal.message)
    except services.SheetIncomplete as refusal:
        form.rebase(sheet.version)
        form.add_missing(refusal.missing)
        return _show(request, sheet, form)


def _form(sheet: ScoreSheet, request: SignedInRequest | None = None) -> ScoreForm:
    """The sheet's form; what saves by itself shows no page and loads nothing for it."""
    stage = sheet.assignment.scoring_stage
    track = sheet.assignment.proposal.track.code
    is_shown = request is None or not wants_json(request)
    load = queries.criteria_to_score if is_shown else queries.criteria_of
    return ScoreForm(
        request.POST if request else None,
        stage=stage,
        criteria=load(stage, track),
        written=_written(sheet) if is_shown else {},
        version=sheet.version,
    )


def _written(sheet: ScoreSheet) -> dict[int, Score]:
    return {score.criterion_id: score for score in sheet.score_set.all()}


def _save(request: SignedInRequest, sheet: ScoreSheet, form: ScoreForm) -> ScoreSheet:
    return services.save_scores(
        sheet=sheet,
        scores=form.scores,
        notes=form.notes,
        base_version=form.base_version,
        actor=request.user,
        at=request.received_at,
    )


def _show(
    request: SignedInRequest,
    sheet: ScoreSheet,
    form: ScoreForm,
    *,
    differences: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    juror = sheet.assignment.juror
    stage = sheet.assignment.scoring_stage
    window = queries.window_of(stage)
    own = ScoreSheet.objects.open().filter(
        assignment__juror=juror, assignment__scoring_stage=stage
    )
    page = desk.lay_out(
        form=form,
        stage=stage,
        written=_written(sheet),
        reading=queries.reading_of(sheet.assignment.proposal, is_blind=stage.is_blind),
        progress=queries.progress_of(own),
        window=window,
        others=queries.others_of(sheet, form.criteria),
    )
    is_open = window is not None and window.is_open(request.received_at)
    return render(
        request,
        "judging/sheet_edit.html",
        {
            "sheet": sheet,
            "proposal": sheet.assignment.proposal,
            "juror": juror,
            "stage": stage,
            "form": form,
            "desk": page,
            "is_writable": is_open and not sheet.is_done,
            "may_take_back": is_open and sheet.is_abstained,
            "queue_url": queue_url(stage),
            "is_before": window is not None and request.received_at < window.opens_at,
            "differences": differences,
        },
        status=status,
    )


def _show_conflict(
    request: SignedInRequest, current: ScoreSheet, form: ScoreForm
) -> HttpResponse:
    differences = _differences(current, form)
    if not wants_json(request):
        current = sheets_of(request.user).get(pk=current.pk)
        form.rebase(current.version)
        return _show(request, current, form, differences=differences, status=409)
    return JsonResponse(
        {
            "state": "conflict",
            "version": current.version,
            "url": current.get_absolute_url(),
            "html": render_to_string(
                "judging/sheet_edit.html#conflict",
                {"differences": differences, "by_script": True},
            ),
        },
        status=409,
    )


def _differences(current: ScoreSheet, form: ScoreForm) -> list[dict[str, Any]]:
    """What is stored and what was typed, where the two are not the same."""
    written = _written(current)
    found = []
    for criterion in form.criteria:
        score = written.get(criterion.pk)
        stored = (score.value, score.note) if score else (None, "")
        typed = (form.scores.get(criterion), form.notes.get(criterion, ""))
        if stored != typed:
            found.append({"criterion": criterion, "both": (stored, typed)})
    return found


def _to_panel(sheet: ScoreSheet) -> HttpResponse:
    return redirect(
        reverse("judging:panel_accept", args=[sheet.assignment.juror.round.slug])
    )

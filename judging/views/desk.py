"""The scoring desk of one juror and one proposal."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import User
from accounts.requests import SignedInRequest
from core.dates import format_time
from documents.files import stored_file_response
from judging import desk, queries, services
from judging.forms import ReasonForm, ScoreForm
from judging.models import Score, ScoreSheet
from judging.views import gate
from submissions.models import Evidence


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_edit(request: SignedInRequest, key: str) -> HttpResponse:
    """Read the proposal, score it; POST saves, by button or by autosave."""
    sheet = get_object_or_404(_sheets_of(request.user), key=key)
    if not sheet.assignment.juror.has_signed:
        return _to_panel(sheet)
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
        return _refuse(request, sheet, refusal.message)
    if _wants_json(request):
        return _saved(sheet, form)
    if form.errors:
        form.rebase(sheet.version)
        return _show(request, sheet, form)
    messages.success(request, _("Scores saved."))
    return redirect(sheet)


@require_POST
def sheet_finalise(request: SignedInRequest, key: str) -> HttpResponse:
    """Save what was typed, then close the sheet and go on to the next.

    Two services on purpose: what was typed stays saved where the sheet is unfinished.
    """
    sheet = get_object_or_404(_sheets_of(request.user), key=key)
    finish = gate.finalise if sheet.assignment.scoring_stage.is_gate else _finalise
    done = finish(request, sheet)
    if isinstance(done, HttpResponse):
        return done
    assignment = sheet.assignment
    following = queries.next_sheet(assignment.juror, assignment.scoring_stage)
    title = assignment.proposal.title
    if following is None:
        messages.success(
            request, _("%(title)s finished. All are scored.") % {"title": title}
        )
        return redirect("judging:assignment_list")
    messages.success(request, _("%(title)s finished.") % {"title": title})
    return redirect(following)


@require_http_methods(["GET", "HEAD", "POST"])
def conflict_create(request: SignedInRequest, key: str) -> HttpResponse:
    """Step back from a proposal, with a reason that the secretariat reads."""
    sheet = get_object_or_404(_sheets_of(request.user), key=key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_conflict(
                juror=sheet.assignment.juror,
                proposal=sheet.assignment.proposal,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.ConflictNotDeclared as refusal:
            messages.error(request, refusal.message)
            return redirect(sheet)
        messages.success(request, _("Conflict noted. The proposal has left your list."))
        return redirect("judging:assignment_list")
    return render(
        request,
        "judging/conflict_create.html",
        {"sheet": sheet, "proposal": sheet.assignment.proposal, "form": form},
    )


@require_safe
def sheet_evidence(
    request: SignedInRequest, key: str, evidence_key: str
) -> FileResponse:
    """Serve a file of the proposal to the juror who scores it."""
    sheet = get_object_or_404(
        _sheets_of(request.user), key=key, assignment__juror__signed_at__isnull=False
    )
    evidence = get_object_or_404(
        Evidence, key=evidence_key, proposal=sheet.assignment.proposal_id
    )
    return stored_file_response(evidence)


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
        return _refuse(request, sheet, refusal.message)
    except services.SheetIncomplete as refusal:
        form.rebase(sheet.version)
        form.add_missing(refusal.missing)
        return _show(request, sheet, form)


def _sheets_of(user: User) -> QuerySet[ScoreSheet]:
    return (
        ScoreSheet.objects.visible_to(user)
        .select_related(
            "assignment__juror__round",
            "assignment__scoring_stage__round__competition__government",
            "assignment__proposal__institution",
            "assignment__proposal__category",
            "assignment__proposal__track",
        )
        .prefetch_related("score_set")
    )


def _form(sheet: ScoreSheet, request: SignedInRequest | None = None) -> ScoreForm:
    stage = sheet.assignment.scoring_stage
    return ScoreForm(
        request.POST if request else None,
        stage=stage,
        criteria=queries.criteria_to_score(stage, sheet.assignment.proposal.track.code),
        written=_written(sheet),
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
    own = ScoreSheet.objects.visible_to(request.user).filter(
        assignment__juror=juror, assignment__scoring_stage=stage
    )
    page = desk.lay_out(
        form=form,
        stage=stage,
        written=_written(sheet),
        reading=queries.reading_of(sheet.assignment.proposal),
        progress=queries.progress_of(own),
        window=window,
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
            "is_writable": is_open and not sheet.is_final,
            "is_before": window is not None and request.received_at < window.opens_at,
            "differences": differences,
        },
        status=status,
    )


def _saved(sheet: ScoreSheet, form: ScoreForm) -> JsonResponse:
    answer: dict[str, Any] = {"state": "saved", "version": sheet.version}
    if form.errors:
        return JsonResponse(
            answer | {"state": "invalid", "errors": form.errors}, status=422
        )
    if sheet.saved_at:
        answer["at"] = format_time(sheet.saved_at, "bare")
    return JsonResponse(answer)


def _show_conflict(
    request: SignedInRequest, current: ScoreSheet, form: ScoreForm
) -> HttpResponse:
    differences = _differences(current, form)
    if not _wants_json(request):
        current = _sheets_of(request.user).get(pk=current.pk)
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
            found.append({"criterion": criterion, "stored": stored, "typed": typed})
    return found


def _refuse(request: SignedInRequest, sheet: ScoreSheet, message: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"state": "refused", "message": message}, status=403)
    messages.error(request, message)
    return redirect(sheet)


def _wants_json(request: SignedInRequest) -> bool:
    return request.headers.get("X-Requested-With") == "autosave"


def _to_panel(sheet: ScoreSheet) -> HttpResponse:
    return redirect(
        reverse("judging:panel_accept", args=[sheet.assignment.juror.round.slug])
    )

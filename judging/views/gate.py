"""The sheet of a gate: what a juror found on the spot, in place of scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from core.errors import DomainError
from judging import queries, services, visiting
from judging.models import ClaimOutcome, ScoreSheet, Verdict, VisitClaim, VisitPhoto
from judging.views.sheets import queue_url, refuse, saved, wants_json
from judging.visit_forms import VisitForm
from judging.visiting import Found, note_name, outcome_name


@dataclass(frozen=True)
class ClaimPart:
    """One claim of the page, with its fields and pictures."""

    claim: VisitClaim
    outcome: BoundField
    note: BoundField
    found: Found
    photos: Sequence[VisitPhoto]

    @property
    def in_words(self) -> str:
        """What was found, for the eye."""
        outcome = self.found.outcome
        return str(ClaimOutcome(outcome).label) if outcome else ""

    @property
    def is_wrong(self) -> bool:
        return self.found.outcome == ClaimOutcome.MISMATCH


def edit(request: SignedInRequest, sheet: ScoreSheet) -> HttpResponse:
    """Read the proposal, say what was found; POST saves, by button or by autosave."""
    if request.method != "POST":
        return _show(request, sheet, _form(sheet))
    form = _form(sheet, request)
    form.is_valid()
    if request.headers.get("X-Requested-With") == "upload":
        return _upload(request, sheet, form)
    try:
        sheet = _save(request, sheet, form)
        if not wants_json(request):
            _change_parts(request, sheet, form)
    except services.SheetConflict as refusal:
        return _show_conflict(request, refusal.current, form)
    except services.SheetLocked as refusal:
        return refuse(request, sheet, refusal.message)
    if wants_json(request):
        return saved(sheet, form)
    if form.errors:
        form.rebase(sheet.version)
        return _show(request, sheet, form)
    messages.success(request, _("Verification saved."))
    return redirect(sheet)


def finalise(request: SignedInRequest, sheet: ScoreSheet) -> ScoreSheet | HttpResponse:
    """Save what was typed, then close the sheet; give it, or the page that says why."""
    form = _form(sheet, request)
    form.is_valid()
    try:
        sheet = _save(request, sheet, form)
        _change_parts(request, sheet, form)
        if form.errors:
            form.rebase(sheet.version)
            return _show(request, sheet, form)
        return services.finish_visit(
            sheet=sheet,
            base_version=sheet.version,
            actor=request.user,
            at=request.received_at,
        )
    except services.SheetConflict as refusal:
        return _show_conflict(request, refusal.current, form)
    except services.SheetLocked as refusal:
        return refuse(request, sheet, refusal.message)
    except services.SheetIncomplete as refusal:
        # With the claims that were added a moment ago.
        form = _form(sheet, request)
        form.is_valid()
        form.rebase(sheet.version)
        form.add_missing(refusal.missing)
        return _show(request, sheet, form)


def _form(sheet: ScoreSheet, request: SignedInRequest | None = None) -> VisitForm:
    claims = queries.claims_of(sheet)
    findings = queries.findings_of(sheet)
    visit = queries.visit_of(sheet)
    stored = {
        name: value
        for claim in claims
        for name, value in (
            (outcome_name(claim), findings.get(claim.key, Found()).outcome),
            (note_name(claim), findings.get(claim.key, Found()).note),
        )
    }
    return VisitForm(
        request.POST if request else None,
        request.FILES if request else None,
        claims=claims,
        suggestions=visiting.suggestions_in(
            queries.answers_of(sheet.assignment.proposal),
            known=(each.text for each in claims),
        ),
        initial={
            "version": sheet.version,
            "verdict": sheet.verdict,
            "note": sheet.note,
            "visited_date": visit.visited_date,
            "place": visit.place,
            "visitors": visit.visitors,
        }
        | stored,
    )


def _save(request: SignedInRequest, sheet: ScoreSheet, form: VisitForm) -> ScoreSheet:
    """Write what was typed; a slip in one field holds back nothing else."""
    return services.save_visit(
        sheet=sheet,
        data=form.as_data(queries.visit_of(sheet), queries.findings_of(sheet)),
        verdict=form.sent("verdict", sheet.verdict),
        note=form.sent("note", sheet.note),
        base_version=form.base_version,
        actor=request.user,
        at=request.received_at,
    )


def _change_parts(request: SignedInRequest, sheet: ScoreSheet, form: VisitForm) -> None:
    """Add or remove claims and pictures, as the pressed button says.

    What was typed is saved before: a refusal here loses none of it.
    """
    by: dict[str, Any] = {"actor": request.user, "at": request.received_at}
    try:
        if key := request.POST.get("remove_claim"):
            own = VisitClaim.objects.filter(sheet=sheet)
            services.remove_claim(claim=get_object_or_404(own, key=key), **by)
        if key := request.POST.get("remove_photo"):
            photos = VisitPhoto.objects.filter(sheet=sheet)
            services.remove_photo(photo=get_object_or_404(photos, key=key), **by)
        if form.new_claims:
            services.add_claims(sheet=sheet, claims=form.new_claims, **by)
        if form.uploads:
            services.add_photos(
                sheet=sheet, uploads=form.uploads, claim=form.shown_claim, **by
            )
    except services.ClaimNotAdded as refusal:
        form.add_error("new_claim", refusal.message)
    except services.PhotoNotTaken as refusal:
        form.add_error("photos", refusal.message)
    except services.ClaimNotRemoved as refusal:
        messages.error(request, refusal.message)


def _upload(
    request: SignedInRequest, sheet: ScoreSheet, form: VisitForm
) -> HttpResponse:
    """Take pictures in alone: the page's script saves what is typed by itself."""
    if form.photo_errors:
        return JsonResponse(
            {"state": "invalid", "errors": form.photo_errors}, status=422
        )
    try:
        services.add_photos(
            sheet=sheet,
            uploads=form.uploads,
            claim=form.shown_claim,
            actor=request.user,
            at=request.received_at,
        )
    except (services.PhotoNotTaken, services.SheetLocked) as refusal:
        return _not_taken(refusal)
    return JsonResponse({"state": "stored", "url": sheet.get_absolute_url()})


def _not_taken(refusal: DomainError) -> JsonResponse:
    return JsonResponse(
        {"state": "invalid", "errors": {"photos": [refusal.message]}}, status=422
    )


def _show(
    request: SignedInRequest,
    sheet: ScoreSheet,
    form: VisitForm,
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
    findings = queries.findings_of(sheet)
    photos = queries.photos_of(sheet)
    suggested = visiting.suggested_verdict(
        findings[each.key].outcome for each in form.claims if each.key in findings
    )
    return render(
        request,
        "judging/sheet_gate.html",
        {
            "sheet": sheet,
            "stage": stage,
            "proposal": sheet.assignment.proposal,
            "juror": sheet.assignment.juror,
            "form": form,
            "parts": _parts(form, findings, photos),
            "visit": queries.visit_of(sheet),
            "photos": [each for each in photos if each.claim_id is None],
            "suggested_verdict": Verdict(suggested).label if suggested else "",
            "reading": queries.reading_of(
                sheet.assignment.proposal, is_blind=stage.is_blind
            ),
            "progress": queries.progress_of(own),
            "window": window,
            "is_writable": is_open and not sheet.is_done,
            "may_take_back": is_open and sheet.is_abstained,
            "queue_url": queue_url(stage),
            "is_before": window is not None and request.received_at < window.opens_at,
            "stored": stored,
        },
        status=status,
    )


def _parts(
    form: VisitForm, findings: dict[str, Found], photos: Sequence[VisitPhoto]
) -> list[ClaimPart]:
    return [
        ClaimPart(
            claim=claim,
            outcome=form[outcome_name(claim)],
            note=form[note_name(claim)],
            found=findings.get(claim.key, Found()),
            photos=[each for each in photos if each.claim_id == claim.pk],
        )
        for claim in form.claims
    ]


def _show_conflict(
    request: SignedInRequest, current: ScoreSheet, form: VisitForm
) -> HttpResponse:
    if not wants_json(request):
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

"""Not judging a proposal: a conflict of interest, or an abstention."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from judging import services
from judging.forms import AbstentionForm
from judging.panel_forms import SheetConflictForm
from judging.views.sheets import go_on, queue_url, refuse, sheets_of


@require_http_methods(["GET", "HEAD", "POST"])
def conflict_create(request: SignedInRequest, key: str) -> HttpResponse:
    """Step back from a proposal, with a reason that the secretariat reads."""
    sheet = get_object_or_404(sheets_of(request.user), key=key)
    form = SheetConflictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_conflict(
                juror=sheet.assignment.juror,
                proposal=sheet.assignment.proposal,
                kind=form.cleaned_data["kind"],
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


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_abstain(request: SignedInRequest, key: str) -> HttpResponse:
    """Leave a proposal unjudged, with a reason, and go on to the next."""
    sheet = get_object_or_404(
        sheets_of(request.user), key=key, assignment__juror__signed_at__isnull=False
    )
    form = AbstentionForm(request.POST or None, initial={"version": sheet.version})
    if request.method == "POST" and form.is_valid():
        try:
            sheet = services.abstain(
                sheet=sheet,
                reason=form.cleaned_data["reason"],
                base_version=form.cleaned_data["version"],
                actor=request.user,
                at=request.received_at,
            )
        except (
            services.SheetLocked,
            services.SheetConflict,
            services.NoAbstention,
        ) as refusal:
            return refuse(request, sheet, refusal.message)
        messages.success(
            request,
            _("You abstained from %(title)s.") % {"title": sheet.assignment.proposal},
        )
        return go_on(sheet)
    return render(
        request,
        "judging/sheet_abstain.html",
        {
            "sheet": sheet,
            "stage": sheet.assignment.scoring_stage,
            "proposal": sheet.assignment.proposal,
            "form": form,
            "queue_url": queue_url(sheet.assignment.scoring_stage),
        },
    )


@require_POST
def abstention_take_back(request: SignedInRequest, key: str) -> HttpResponse:
    """Score a proposal after all."""
    sheet = get_object_or_404(sheets_of(request.user), key=key)
    try:
        services.take_abstention_back(
            sheet=sheet, actor=request.user, at=request.received_at
        )
    except (services.SheetLocked, services.NoAbstention) as refusal:
        return refuse(request, sheet, refusal.message)
    messages.success(request, _("The sheet is open again. What you wrote is there."))
    return redirect(sheet)

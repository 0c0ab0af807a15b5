"""What follows a decision of the check: undone, confirmed, published, corrected."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from competitions.views.running import running_round
from competitions.windows import submission_window
from core.dates import as_local
from core.errors import DomainError
from submissions import services
from submissions.dossier import load_dossier
from submissions.forms import CorrectionForm, PublicationForm, ReasonForm
from submissions.models import Proposal, Screening, ScreeningResult, SectionNote
from submissions.publication import announcement_text, publication_of
from submissions.views import shared


@require_http_methods(["GET", "HEAD", "POST"])
def screening_publish(request: SignedInRequest, round: str) -> HttpResponse:
    """What would be published, the announcement to be edited, and the press."""
    found = running_round(request.user, round)
    result = (
        ScreeningResult.objects.filter(round=found)
        .select_related("announcement", "published_by")
        .first()
    )
    if result:
        return render(
            request,
            "submissions/screening_published.html",
            {"round": found, "result": result},
        )
    publication = publication_of(found)
    initial = {
        "title": _("Result of the administrative check, %(round)s")
        % {"round": found.name},
        "issued_date": as_local(request.received_at, found.zone).date(),
        "body": announcement_text(found, publication),
        "expected": publication.digest,
    }
    form = PublicationForm(
        request.POST or None,
        initial=initial,
        has_leftovers=bool(publication.leftovers),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_screening(
                round=found,
                **{"kept_reason": "", **form.cleaned_data},
                actor=request.user,
                at=request.received_at,
            )
        except services.ResultChanged as refusal:
            form.add_error(None, refusal.message)
            # What is read now is what the next press means.
            form.data = request.POST.copy()
            form.data["expected"] = publication.digest
        except services.NotPublishable as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("The result is public. Every institution is told its own."),
            )
            return redirect("submissions:screening_list", found.slug)
    return render(
        request,
        "submissions/screening_publish.html",
        {"round": found, "publication": publication, "form": form},
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


@require_POST
def screening_take_back(request: SignedInRequest, code: str) -> HttpResponse:
    """Make a decision that nobody was told a draft again."""
    return _with_reason(
        request,
        code,
        services.take_back_screening,
        services.ScreeningNotPossible,
        _("Taken back. The check is open again, with the verdicts filled in."),
    )


@require_POST
def screening_send_back(request: SignedInRequest, code: str) -> HttpResponse:
    """Do not confirm a decision, with a reason."""
    return _with_reason(
        request,
        code,
        services.send_back_screening,
        services.SecondPersonNeeded,
        _("Sent back. The check is open again, with your reason."),
    )


def _with_reason(
    request: SignedInRequest,
    code: str,
    service: Callable[..., Screening],
    refusal_type: type[DomainError],
    done: str,
) -> HttpResponse:
    proposal = _entered(request, code)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the reason."))
        return _back(request, proposal)
    try:
        service(
            proposal=proposal,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=request.received_at,
        )
    except refusal_type as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return _back(request, proposal)


@require_POST
def screening_confirm(request: SignedInRequest, code: str) -> HttpResponse:
    """Confirm a decision as a second person."""
    proposal = _entered(request, code)
    try:
        services.confirm_screening(
            proposal=proposal, actor=request.user, at=request.received_at
        )
    except services.SecondPersonNeeded as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Confirmed. The result can be published."))
    return _back(request, proposal)


@require_POST
def screening_publish_one(request: SignedInRequest, code: str) -> HttpResponse:
    """Publish a result that came after that of its round."""
    proposal = _entered(request, code)
    try:
        services.publish_one(
            proposal=proposal, actor=request.user, at=request.received_at
        )
    except services.NotPublishable as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Published. The institution was told."))
    return _back(request, proposal)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_correct(request: SignedInRequest, code: str) -> HttpResponse:
    """Give a submitted proposal back to be corrected until a moment."""
    proposal = _entered(request, code)
    if not proposal.is_submitted:
        raise Http404
    dossier = load_dossier(proposal, rules=False)
    form = CorrectionForm(
        request.POST or None, steps=dossier.steps, zone=proposal.round.zone
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_correction(
                proposal=proposal,
                note=form.cleaned_data["note"],
                parts=form.notes(),
                due_at=form.cleaned_data["due_at"],
                actor=request.user,
                at=request.received_at,
            )
        except services.CorrectionNotPossible as refusal:
            form.add_error("due_at", refusal.message)
        else:
            messages.success(
                request, _("Returned for correction. The institution was told.")
            )
            return redirect("submissions:screening_list", proposal.round.slug)
    window = submission_window(proposal.round, proposal.institution_id)
    return render(
        request,
        "submissions/proposal_correct.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "form": form,
            "notes": SectionNote.objects.filter(proposal=proposal).by_part(),
            "is_open": window is not None and window.is_open(request.received_at),
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


def _entered(request: SignedInRequest, code: str) -> Proposal:
    proposal = shared.checkable_proposal(request, code)
    if not proposal.is_entered:
        raise Http404
    return proposal


def _back(request: SignedInRequest, proposal: Proposal) -> HttpResponse:
    query = request.GET.urlencode()
    url = reverse("submissions:screening_edit", args=[proposal.code])
    return redirect(f"{url}?{query}" if query else url)

"""Check, send, endorse, return."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.requests import SignedInRequest
from submissions import permissions, queries, requirements, services, similarity
from submissions.dossier import Dossier, load_dossier
from submissions.forms import ReturnForm, SendForm, WithdrawForm
from submissions.models import Proposal, SectionNote
from submissions.similarity import Likeness
from submissions.views import late, shared

REFUSALS = (
    services.NotWritable,
    services.NobodyEndorses,
    services.ProposalIncomplete,
    services.ProposalNotSubmittable,
)


@require_safe
@vary_on_headers("HX-Request")
def proposal_check(request: SignedInRequest, code: str) -> HttpResponse:
    """Everything in summary, what is missing, and the statement of truth."""
    proposal = shared.own_proposal(request, code)
    if not proposal.is_editable:
        return redirect(proposal)
    if request.htmx and request.htmx.target == shared.SIMILAR:
        dossier = load_dossier(proposal, rules=False)
        return render(
            request,
            "submissions/likeness.html",
            {"likeness": _likeness(request, dossier)},
        )
    dossier = load_dossier(proposal)
    if request.htmx:
        return render(request, "submissions/checks.html", shared.checks_of(dossier))
    # What is like it takes longer than the rest: asked for once the page stands.
    likeness = _likeness(request, dossier) if shared.SIMILAR in request.GET else None
    return _check_page(request, dossier, SendForm(), likeness)


def _likeness(request: SignedInRequest, dossier: Dossier) -> list[Likeness]:
    proposal = dossier.proposal
    return similarity.like_own(
        title=proposal.title,
        text=similarity.first_text(dossier),
        government=proposal.round.competition.government,
        user=request.user,
        at=request.received_at,
        without=proposal,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_send(request: SignedInRequest, code: str) -> HttpResponse:
    """Send; who only looks, as after signing in again, is sent to the check."""
    rows = Proposal.objects.for_sending()
    proposal = shared.own_proposal(request, code, rows=rows)
    if request.method != "POST":
        return redirect("submissions:proposal_check", code=code)
    form = SendForm(request.POST)
    if form.is_valid():
        try:
            proposal = services.send_proposal(
                proposal=proposal, actor=request.user, at=request.received_at
            )
        except services.ProposalNotSubmittable as refusal:
            # The other tab, or the first of two clicks, was quicker.
            messages.info(request, refusal.message)
            return redirect(proposal)
        except REFUSALS as refusal:
            if late.kept_sending(request, proposal):
                return redirect(proposal)
            form.add_error(None, refusal.message)
        else:
            return _sent(request, proposal)
    dossier = load_dossier(shared.own_proposal(request, code))
    likeness = _likeness(request, dossier)
    return _check_page(request, dossier, form, likeness, status=shared.UNPROCESSABLE)


def _sent(request: SignedInRequest, proposal: Proposal) -> HttpResponse:
    if proposal.is_submitted:
        return redirect("submissions:receipt_detail", code=proposal.code)
    messages.success(
        request,
        _("Sent for endorsement. The head or admin of your institution was told."),
    )
    return redirect(proposal)


def _check_page(
    request: SignedInRequest,
    dossier: Dossier,
    form: SendForm,
    likeness: list[Likeness] | None,
    *,
    status: int = 200,
) -> HttpResponse:
    proposal = dossier.proposal
    checks = shared.checks_of(dossier)
    submits = not proposal.round.endorsement_required or permissions.can_endorse(
        request.user, proposal
    )
    return render(
        request,
        "submissions/proposal_check.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "form": form,
            **checks,
            "open_findings": [
                each for each in checks["findings"] if each["finding"].is_not_met
            ],
            "is_open": dossier.is_open(request.received_at),
            "is_complete": not checks["open_count"],
            "notes": shared.open_notes(dossier),
            "likeness": likeness,
            "submits": submits,
            "lacks_endorser": not submits
            and not queries.endorsers(proposal.institution),
            "is_writable": True,
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_endorse(request: SignedInRequest, code: str) -> HttpResponse:
    """Read, then endorse and submit, or give back with a note."""
    proposal = _endorsable(request, code)
    if request.method == "POST":
        try:
            services.submit_proposal(
                proposal=proposal, actor=request.user, at=request.received_at
            )
        except services.ProposalNotSubmittable as refusal:
            messages.info(request, refusal.message)
            return redirect(proposal)
        except REFUSALS as refusal:
            if late.kept_sending(request, proposal):
                return redirect(proposal)
            messages.error(request, refusal.message)
        else:
            return redirect("submissions:receipt_detail", code=code)
    if not proposal.is_endorsing:
        return redirect(proposal)
    dossier = load_dossier(proposal)
    return _endorse_page(request, dossier, ReturnForm(steps=dossier.steps))


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_return(request: SignedInRequest, code: str) -> HttpResponse:
    """Give back; who only looks is sent to the page with the form."""
    proposal = _endorsable(request, code)
    if request.method != "POST":
        return redirect("submissions:proposal_endorse", code=code)
    dossier = load_dossier(proposal)
    form = ReturnForm(request.POST, steps=dossier.steps)
    if not form.is_valid():
        return _endorse_page(request, dossier, form, status=shared.UNPROCESSABLE)
    try:
        services.return_with_notes(
            proposal=proposal,
            note=form.cleaned_data["note"],
            parts=form.notes(),
            actor=request.user,
            at=request.received_at,
        )
    except services.ProposalNotEndorsing as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(
            request, _("Returned. Your colleagues were told what to mend.")
        )
    return redirect(proposal)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_withdraw(request: SignedInRequest, code: str) -> HttpResponse:
    """Take a proposal out of its round, with a reason; its text stays readable."""
    proposal = shared.visible_proposal(request, code)
    if not permissions.can_withdraw(request.user, proposal):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_proposal(
                proposal=proposal,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except (services.ProposalNotWithdrawable, services.SubmissionClosed) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The proposal was withdrawn."))
            return redirect(proposal)
    return render(
        request,
        "submissions/proposal_withdraw.html",
        {
            "proposal": proposal,
            "form": form,
            "concerns": shared.leaving_concerns(proposal, request.received_at),
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


def _endorsable(request: SignedInRequest, code: str) -> Proposal:
    proposal = shared.visible_proposal(request, code)
    if not permissions.can_endorse(request.user, proposal):
        raise PermissionDenied
    return proposal


def _endorse_page(
    request: SignedInRequest,
    dossier: Dossier,
    form: ReturnForm,
    *,
    status: int = 200,
) -> HttpResponse:
    proposal = dossier.proposal
    findings = requirements.evaluate_all(dossier)
    return render(
        request,
        "submissions/proposal_endorse.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "form": form,
            "notes": SectionNote.objects.filter(proposal=proposal).by_part(),
            "findings": shared.finding_items(dossier, findings),
            "met_count": sum(each.is_met for each in findings),
            "is_open": dossier.is_open(request.received_at),
        },
        status=status,
    )

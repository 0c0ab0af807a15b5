"""Check, send, endorse, return."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from submissions import permissions, queries, requirements, services
from submissions.dossier import Dossier, load_dossier
from submissions.forms import ReturnForm, SendForm, WithdrawForm
from submissions.models import Proposal
from submissions.views import shared

REFUSALS = (
    services.NotWritable,
    services.NobodyEndorses,
    services.ProposalIncomplete,
    services.ProposalNotSubmittable,
)


@require_safe
def proposal_check(request: SignedInRequest, code: str) -> HttpResponse:
    """Everything in summary, what is missing, and the statement of truth."""
    proposal = shared.own_proposal(request, code)
    if not proposal.is_editable:
        return redirect(proposal)
    form = SendForm(statement=proposal.form.statement)
    return _check_page(request, load_dossier(proposal), form)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_send(request: SignedInRequest, code: str) -> HttpResponse:
    """Send; who only looks, as after signing in again, is sent to the check."""
    proposal = shared.own_proposal(request, code)
    if request.method != "POST":
        return redirect("submissions:proposal_check", code=code)
    form = SendForm(request.POST, statement=proposal.form.statement)
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
            form.add_error(None, refusal.message)
        else:
            return _sent(request, proposal)
    dossier = load_dossier(shared.own_proposal(request, code))
    return _check_page(request, dossier, form, status=shared.UNPROCESSABLE)


def _sent(request: SignedInRequest, proposal: Proposal) -> HttpResponse:
    if proposal.is_submitted:
        return redirect("submissions:receipt_detail", code=proposal.code)
    messages.success(
        request,
        _("Sent for endorsement. The head or admin of your institution was told."),
    )
    return redirect(proposal)


def _check_page(
    request: SignedInRequest, dossier: Dossier, form: SendForm, *, status: int = 200
) -> HttpResponse:
    proposal = dossier.proposal
    findings = requirements.evaluate_all(dossier)
    open_findings = [each for each in findings if each.is_not_met]
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
            "findings": shared.finding_items(dossier, findings),
            "met_count": sum(each.is_met for each in findings),
            "open_findings": shared.finding_items(dossier, open_findings),
            "is_open": dossier.is_open(request.received_at),
            "is_complete": not open_findings,
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
            messages.error(request, refusal.message)
        else:
            return redirect("submissions:receipt_detail", code=code)
    if not proposal.is_endorsing:
        return redirect(proposal)
    return _endorse_page(request, proposal, ReturnForm())


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_return(request: SignedInRequest, code: str) -> HttpResponse:
    """Give back; who only looks is sent to the page with the form."""
    proposal = _endorsable(request, code)
    if request.method != "POST":
        return redirect("submissions:proposal_endorse", code=code)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _endorse_page(request, proposal, form, status=shared.UNPROCESSABLE)
    try:
        services.return_proposal(
            proposal=proposal,
            note=form.cleaned_data["note"],
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
        {"proposal": proposal, "form": form},
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


def _endorsable(request: SignedInRequest, code: str) -> Proposal:
    proposal = shared.visible_proposal(request, code)
    if not permissions.can_endorse(request.user, proposal):
        raise PermissionDenied
    return proposal


def _endorse_page(
    request: SignedInRequest,
    proposal: Proposal,
    form: ReturnForm,
    *,
    status: int = 200,
) -> HttpResponse:
    dossier = load_dossier(proposal)
    findings = requirements.evaluate_all(dossier)
    return render(
        request,
        "submissions/proposal_endorse.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "form": form,
            "findings": shared.finding_items(dossier, findings),
            "met_count": sum(each.is_met for each in findings),
            "is_open": dossier.is_open(request.received_at),
        },
        status=status,
    )

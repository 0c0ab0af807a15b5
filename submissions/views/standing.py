"""Reopening and disqualifying: what the secretariat decides with a reason."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from core.errors import DomainError
from submissions import services
from submissions.forms import StandingForm
from submissions.models import Proposal
from submissions.views import shared


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_reopen(request: SignedInRequest, code: str) -> HttpResponse:
    """Give a submitted proposal back to its institution."""
    return _decide(
        request,
        code,
        services.reopen_proposal,
        (services.ProposalNotReopenable, services.SubmissionClosed),
        {
            "title": _("Reopen the proposal"),
            "consequence": _(
                "The institution can change it and send it again until submission "
                "closes. If it does not, the proposal does not take part."
            ),
            "done": _("Reopened. The institution was told why."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_take_out(request: SignedInRequest, code: str) -> HttpResponse:
    """Withdraw a submitted proposal at the request of its institution."""
    return _decide(
        request,
        code,
        services.take_out_proposal,
        (services.ProposalNotTakenOut,),
        {
            "title": _("Withdraw at the institution’s request"),
            "consequence": _(
                "The proposal takes part no more. Write who asked for it and why, as "
                "in the letter. This cannot be undone."
            ),
            "done": _("Withdrawn. The institution was told."),
        },
        leaves=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_disqualify(request: SignedInRequest, code: str) -> HttpResponse:
    """Take a submitted proposal out of its round."""
    return _decide(
        request,
        code,
        services.disqualify_proposal,
        (services.ProposalNotDisqualifiable,),
        {
            "title": _("Disqualify the proposal"),
            "consequence": _(
                "The proposal takes part no more, and its scores no longer count. "
                "This cannot be undone."
            ),
            "done": _("Disqualified. The institution was told why."),
        },
        leaves=True,
    )


def _decide(
    request: SignedInRequest,
    code: str,
    service: Callable[..., Proposal],
    refusals: tuple[type[DomainError], ...],
    words: dict[str, str],
    *,
    leaves: bool = False,
) -> HttpResponse:
    proposal = shared.checkable_proposal(request, code)
    if proposal.is_unsent:
        raise Http404
    form = StandingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service(
                proposal=proposal,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except refusals as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, words["done"])
            return redirect("submissions:screening_list", proposal.round.slug)
    return render(
        request,
        "submissions/proposal_standing.html",
        {
            "proposal": proposal,
            "form": form,
            "words": words,
            "concerns": shared.leaving_concerns(proposal, request.received_at)
            if leaves
            else (),
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )

"""The receipt of a submission, on the screen and as a paper."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from competitions.models import Stage
from competitions.phases import phases
from core.dates import format_datetime
from documents.views import file_response
from submissions import fingerprints, receipts
from submissions.dossier import Dossier, load_dossier
from submissions.models import Proposal
from submissions.views import shared

NEXT_KINDS = [
    Stage.Kind.SCREENING,
    Stage.Kind.SCORING,
    Stage.Kind.PRESENTATION,
    Stage.Kind.ANNOUNCEMENT,
]


@require_safe
def receipt_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """Number, exact time and fingerprint; whether the content is still the same."""
    proposal = _entered(request, code)
    dossier = load_dossier(proposal, rules=False)
    return render(
        request,
        "submissions/receipt_detail.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "digest": fingerprints.in_groups(proposal.digest),
            "is_unchanged": fingerprints.fingerprint(fingerprints.content_of(dossier))
            == proposal.digest,
            "receipt": receipts.receipt_of(proposal),
            "journey": _journey(request, dossier),
        },
    )


@require_safe
def receipt_file(request: SignedInRequest, code: str) -> HttpResponseBase:
    proposal = _entered(request, code)
    receipt = receipts.receipt_of(proposal)
    if receipt is None or not receipt.is_rendered:
        messages.info(
            request,
            _("The receipt is being prepared. It is ready within a few minutes."),
        )
        return redirect("submissions:receipt_detail", code=code)
    return file_response(receipt)


def _entered(request: SignedInRequest, code: str) -> Proposal:
    proposal = shared.visible_proposal(request, code)
    if not proposal.is_entered:
        raise Http404
    return proposal


def _journey(request: SignedInRequest, dossier: Dossier) -> list[dict[str, str]]:
    """What follows, for components/phases.html: submitted, then the coming stages."""
    proposal = dossier.proposal
    round = proposal.round
    submitted = {
        "label": _("Submitted"),
        "when": format_datetime(proposal.submitted_at, "short", round.zone)
        if proposal.submitted_at
        else "",
        "state": "done",
    }
    stages = Stage.objects.filter(round=round, kind__in=NEXT_KINDS).order_by("order")
    return [submitted] + [
        {
            "label": phase.label,
            "when": phase.when,
            "state": phase.state,
            "note": phase.note,
        }
        for phase in phases(stages, request.received_at, round.zone)
    ]

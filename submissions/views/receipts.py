"""The receipt of a submission, on the screen and as a paper."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from competitions.models import Stage
from competitions.phases import phases
from core.dates import format_datetime
from documents.models import IssuedDocument
from documents.views import file_response
from submissions import fingerprints, lateness, receipts
from submissions.dossier import Dossier, load_dossier
from submissions.fingerprints import PartDigest
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
    receipt = receipts.receipt_of(proposal)
    parts = fingerprints.content_of(dossier)
    return render(
        request,
        "submissions/receipt_detail.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "digest": fingerprints.in_groups(proposal.digest),
            "is_unchanged": fingerprints.fingerprint(parts) == proposal.digest,
            "receipt": receipt,
            "parts": _compared(parts, receipt),
            "has_list": bool(receipt and receipt.value("manifest")),
            "admission": lateness.admission_of(proposal),
            "journey": _journey(request, dossier),
        },
    )


@require_safe
def receipt_list(request: SignedInRequest, code: str) -> HttpResponse:
    """The list of all parts as it was submitted; its SHA-256 is the fingerprint."""
    proposal = _entered(request, code)
    receipt = receipts.receipt_of(proposal)
    text = receipt.value("manifest") if receipt else None
    if not text:
        raise Http404
    return _plain(text.encode(), f"daftar-{proposal.code}.txt")


@require_safe
def receipt_part(request: SignedInRequest, code: str, name: str) -> HttpResponse:
    """The very bytes of one part that are counted, to count them oneself."""
    dossier = load_dossier(_entered(request, code), rules=False)
    for part in fingerprints.content_of(dossier):
        if part.name == name and part.content is not None:
            return _plain(part.content, name.replace("/", "-"))
    raise Http404


def _plain(content: bytes, name: str) -> HttpResponse:
    """Hand out bytes as they are; whatever they hold, no browser makes a page of it."""
    return HttpResponse(
        content,
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _compared(
    parts: Sequence[PartDigest], receipt: IssuedDocument | None
) -> list[dict[str, Any]]:
    """Every part as it stands and as it was submitted; what is gone comes last."""
    submitted = fingerprints.digests_in(
        (receipt.value("manifest") or "") if receipt else ""
    )
    rows: list[dict[str, Any]] = [
        {
            "part": part,
            "digest": fingerprints.in_groups(submitted.get(part.name, part.digest)),
            "is_same": submitted.get(part.name) == part.digest,
        }
        for part in parts
    ]
    there = {part.name for part in parts}
    return rows + [
        {
            "part": PartDigest(name, name, digest),
            "digest": fingerprints.in_groups(digest),
            "is_same": False,
        }
        for name, digest in submitted.items()
        if name not in there
    ]


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

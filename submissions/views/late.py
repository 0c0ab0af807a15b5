"""What arrived after the closing: kept for the author, decided by the secretariat."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions import permissions as competition_permissions
from competitions.views.running import running_round
from core.dates import format_time
from submissions import differences, lateness, services
from submissions.dossier import HEADER_STEP, Dossier, load_dossier
from submissions.forms import LateForm
from submissions.models import LateText, Proposal
from submissions.views import shared

PAGE_SIZE = 50


def kept_answer(
    request: SignedInRequest, proposal: Proposal, part: str, cleaned: dict[str, Any]
) -> HttpResponse | None:
    """Keep the text of a section that was saved too late; None if it is not late."""
    late = services.keep_late(
        proposal=proposal,
        part=part,
        text=cleaned["text"],
        html=cleaned.get("html") or "",
        actor=request.user,
        at=request.received_at,
    )
    return _kept(request, proposal, part, late)


def kept_header(
    request: SignedInRequest, proposal: Proposal, draft: services.HeaderDraft
) -> HttpResponse | None:
    """Keep general data that were saved too late; None if they are not late."""
    late = services.keep_late(
        proposal=proposal,
        part=HEADER_STEP,
        values=services.late_values(draft),
        actor=request.user,
        at=request.received_at,
    )
    return _kept(request, proposal, HEADER_STEP, late)


def _kept(
    request: SignedInRequest, proposal: Proposal, part: str, late: LateText | None
) -> HttpResponse | None:
    if late is None:
        return None
    at = format_time(late.saved_at, "bare", proposal.round.zone)
    text = _(
        "Submission is closed. What you wrote arrived at %(time)s: it is kept as late "
        "and does not count, unless the secretariat decides otherwise."
    ) % {"time": at}
    if shared.is_autosave(request):
        return JsonResponse({"state": "late", "at": at, "message": text})
    messages.warning(request, text)
    return redirect(shared.url_of_part(proposal, part))


def kept_sending(request: SignedInRequest, proposal: Proposal) -> bool:
    """Keep a press of the button that came too late, and say so."""
    late = services.keep_late(
        proposal=proposal,
        part=LateText.SENDING,
        actor=request.user,
        at=request.received_at,
    )
    if late is None:
        return False
    moment = format_time(late.first_at, "seconds", proposal.round.zone)
    messages.warning(
        request,
        _(
            "You pressed at %(time)s, after the closing. Nothing is lost: the proposal "
            "stays as it is, and your press is kept for the secretariat as late."
        )
        % {"time": moment},
    )
    return True


@require_POST
def late_take(request: SignedInRequest, code: str, part: str) -> HttpResponse:
    """Put a late text into a proposal that may be written once more."""
    proposal = shared.own_proposal(request, code)
    try:
        services.take_late(
            proposal=proposal, part=part, actor=request.user, at=request.received_at
        )
    except (
        services.NotWritable,
        services.NothingLate,
        services.LateNotAdmissible,
    ) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The late text is part of the proposal now."))
    return redirect(proposal)


@require_safe
def late_list(request: SignedInRequest, round: str) -> HttpResponse:
    """The proposals of a round for which something came after the closing."""
    found = running_round(request.user, round)
    page = Paginator(lateness.late_in(found), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    return render(request, "submissions/late_list.html", {"round": found, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def late_admit(request: SignedInRequest, code: str) -> HttpResponse:
    """See what came late, beside what stands, and count it with a reason or not."""
    proposal = shared.checkable_proposal(request, code)
    may_decide = competition_permissions.can_grant_exceptions(
        request.user, proposal.round
    )
    if request.method == "POST" and not may_decide:
        raise PermissionDenied(competition_permissions.why_no_exceptions())
    texts = lateness.late_texts_of(proposal)
    if not texts:
        raise Http404
    form = LateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.admit_late(
                proposal=proposal,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.LateNotAdmissible as refusal:
            form.add_error(None, refusal.message)
        except services.ProposalIncomplete as refusal:
            missing = "; ".join(each.in_full for each in refusal.findings)
            form.add_error(None, f"{refusal.message} {missing}")
        else:
            messages.success(
                request, _("The proposal counts. Its institution and the public know.")
            )
            return redirect("submissions:receipt_detail", code=code)
    dossier = load_dossier(proposal, rules=False)
    return render(
        request,
        "submissions/late_admit.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "form": form,
            "rows": [_row(dossier, late) for late in texts],
            "admission": lateness.admission_of(proposal),
            "may_decide": may_decide,
            "can_admit": may_decide and services.sending_of(proposal) is not None,
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


def _row(dossier: Dossier, late: LateText) -> dict[str, Any]:
    """A late text with the name of its place, and how it differs from what stands."""
    if late.is_sending:
        return {"late": late, "label": _("Press of the button that sends")}
    if late.part == HEADER_STEP:
        return {
            "late": late,
            "label": dossier.header_step.label,
            "title": late.values.get("title", ""),
        }
    part = dossier.section(late.part)
    return {
        "late": late,
        "label": part.section.title if part else late.part,
        "difference": differences.compare(late.text, part.text if part else ""),
    }

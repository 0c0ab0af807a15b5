"""Sealing a result, and what is sealed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from judging import exports, proof, queries, services
from judging.models import ScoreSheet
from judging.views.results import running_round

PAGE_SIZE = 50


@require_POST
def result_seal(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Seal the result; the word typed is the second thought."""
    round = running_round(request.user, round_slug)
    if not round.scoringstage_set.exists():
        raise Http404
    if request.POST.get("confirmation", "").strip().upper() != _("SEAL"):
        messages.error(request, _("Type the word to seal. Nothing was changed."))
        return redirect("judging:ranking", round.slug)
    try:
        services.seal_result(round=round, actor=request.user, at=request.received_at)
    except services.ResultNotSealed as refusal:
        messages.error(request, refusal.message)
        return redirect("judging:ranking", round.slug)
    messages.success(request, _("Result sealed."))
    return redirect("judging:result_detail", round.slug)


@require_safe
def result_detail(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The sealed result with its digest; `?periksa=1` recomputes it."""
    round = running_round(request.user, round_slug)
    result = queries.sealed_result(round)
    if result is None:
        raise Http404
    checked = request.GET.get("periksa") == "1"
    rows = result.resultrow_set.order_by("position")
    return render(
        request,
        "judging/result_detail.html",
        {
            "round": round,
            "result": result,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman")),
            "row_count": rows.count(),
            "sheet_count": ScoreSheet.objects.open()
            .final()
            .filter(assignment__scoring_stage__round=round)
            .count(),
            "checked": checked,
            "faults": proof.check_one(result) if checked else [],
        },
    )


@require_safe
def result_export(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The sealed result with the script that proves it, as ZIP."""
    round = running_round(request.user, round_slug)
    result = queries.sealed_result(round)
    if result is None:
        raise Http404
    return HttpResponse(
        exports.proof_package(result),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="hasil-{round.slug}.zip"'
        },
    )

"""Sealing a result, and what is sealed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions.views.running import running_round
from judging import exports, proof, queries, services, standings
from judging.forms import ReasonForm
from judging.models import ScoreSheet

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
def result_detail(
    request: SignedInRequest, round_slug: str, sequence: int | None = None
) -> HttpResponse:
    """The sealed result with its digest; `?periksa=1` recomputes it.

    With a number of the chain it is one that a correction has replaced.
    """
    round = running_round(request.user, round_slug)
    results = queries.results_of(round)
    result = next(
        (
            each
            for each in results
            if (each.sequence == sequence if sequence else each == results[0])
        ),
        None,
    )
    if result is None:
        raise Http404
    stands = result == results[0]
    correction = queries.open_correction(round) if stands else None
    checked = request.GET.get("periksa") == "1"
    rows = result.resultrow_set.order_by("position")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman"))
    why = standings.why_sealed(
        result, queries.scoring_of(round), {row.code for row in page}
    )
    agreed = {
        code
        for _stage, code in queries.agreed_in(
            round, result.sealed_at or request.received_at
        )
    }
    return render(
        request,
        "judging/result_detail.html",
        {
            "round": round,
            "result": result,
            "page": page,
            "rows": [
                (
                    row,
                    why.get(row.code, ""),
                    row.code in agreed,
                )
                for row in page
            ],
            "row_count": page.paginator.count,
            "sheet_count": ScoreSheet.objects.open()
            .final()
            .filter(assignment__scoring_stage__round=round)
            .count(),
            "checked": checked,
            "faults": proof.check_one(result) if checked else [],
            "stands": stands,
            "others": [each for each in results if each != result],
            "correction": correction,
            "may_seal": correction is not None
            and correction.opened_by_id != request.user.pk,
            "concerns": services.concerns_of(result) if correction else [],
            "prepared": standings.changes_prepared(round, result) if correction else [],
            "changes": standings.changes_made(result),
            "reason": queries.reason_of(result),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correction_begin(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Say why a sealed result is to be replaced."""
    round = running_round(request.user, round_slug)
    result = queries.sealed_result(round)
    if result is None or queries.open_correction(round):
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.begin_correction(
                round=round,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.CorrectionNotMade as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("Correction begun. The sealed result stands until then.")
            )
        return redirect("judging:result_detail", round.slug)
    return render(
        request,
        "judging/correction_begin.html",
        {"round": round, "result": result, "form": form},
    )


@require_POST
def correction_seal(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Seal the corrected result; the word typed is the second thought."""
    round = running_round(request.user, round_slug)
    if queries.sealed_result(round) is None:
        raise Http404
    if request.POST.get("confirmation", "").strip().upper() != _("SEAL"):
        messages.error(request, _("Type the word to seal. Nothing was changed."))
    else:
        try:
            services.seal_correction(
                round=round, actor=request.user, at=request.received_at
            )
        except (services.CorrectionNotMade, services.ResultNotSealed) as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("New result sealed. It names the one it replaces.")
            )
    return redirect("judging:result_detail", round.slug)


@require_POST
def correction_give_up(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Leave the sealed result as it is."""
    round = running_round(request.user, round_slug)
    if queries.sealed_result(round) is None:
        raise Http404
    try:
        services.give_up_correction(
            round=round, actor=request.user, at=request.received_at
        )
    except (services.CorrectionNotMade, services.ResultNotSealed) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Correction given up. The result stands."))
    return redirect("judging:result_detail", round.slug)


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

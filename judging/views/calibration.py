"""How alike the jurors judge: advice for the plenary."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from competitions.views.running import running_round
from judging import queries, standings

PAGE_SIZE = 25


@require_safe
def calibration(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Severity, agreement and places that hinge on one juror, of one stage.

    Nothing is told before the scores of the stage may be seen.
    """
    round = running_round(request.user, round_slug)
    scoring = queries.scoring_of(round)
    scored = [each for each in scoring if not each.stage.is_gate]
    if not scored:
        raise Http404
    result = queries.sealed_result(round)
    waiting = (
        []
        if result
        else queries.unshown_stages(
            [each.stage for each in scoring],
            queries.windows_of(round),
            request.received_at,
        )
    )
    # Who takes part in a stage follows from those before: they must be over as well.
    over = scoring[
        : next((n for n, p in enumerate(scoring) if p.stage in waiting), None)
    ]
    shown = [each for each in over if not each.stage.is_gate]
    asked = request.GET.get("tahap", "")
    parts = next(
        (p for p in shown if p.stage.code == asked), shown[-1] if shown else None
    )
    advice = standings.advice_on(round, scoring, parts) if parts else None
    address = reverse("judging:calibration", args=[round.slug])
    return render(
        request,
        "judging/calibration.html",
        {
            "round": round,
            "stage": parts.stage if parts else scored[0].stage,
            "advice": advice,
            "page": Paginator(
                sorted(
                    advice.hinges,
                    key=lambda row: (not row.changes_sides, row.hinge.rank, row.code),
                ),
                PAGE_SIZE,
            ).get_page(request.GET.get("halaman"))
            if advice
            else None,
            "tabs": [
                {
                    "label": each.stage.name,
                    "url": f"{address}?tahap={each.stage.code}",
                    "current": each is parts,
                }
                for each in shown
            ]
            if len(shown) > 1
            else [],
        },
    )

"""What gives proposals of a blind stage away, for the secretariat to settle first."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from competitions.views.running import running_round
from judging import queries
from judging.views.assigning import frame, stages_of

PAGE_SIZE = 50


@require_safe
def naming_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The proposals that name their own institution; linked where a stage is blind."""
    round = running_round(request.user, round_slug)
    stages, stage = stages_of(request, round)
    found = Paginator(queries.namings_of(stage), PAGE_SIZE)
    return render(
        request,
        "judging/naming_list.html",
        {
            **frame(round, stages, stage, "naming_list"),
            "page": found.get_page(request.GET.get("halaman")),
        },
    )

"""What the pages of the set-up share: whose round it is, and its steps beside it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.requests import SignedInRequest
from competitions import checks, permissions
from competitions.models import Round
from competitions.queries import RoundParts
from competitions.setup import problems, setup_steps


def round_to_set_up(request: SignedInRequest, slug: str) -> Round:
    """The round, if the person may set it up; else 404.

    Once it is open nobody who competes in it changes its rules.
    """
    round = get_object_or_404(
        Round.objects.run_by(request.user).of_government(), slug=slug
    )
    if request.method == "POST" and round.is_opened:
        permissions.require_no_part(request.user, round)
    return round


def findings(request: SignedInRequest, parts: RoundParts) -> list[checks.Contradiction]:
    """What is still to be mended; an open round is past that."""
    if parts.round.is_opened:
        # What no longer can be mended must not be held against a running round.
        return []
    return checks.contradictions(parts, request.received_at)


def render_step(
    request: SignedInRequest,
    template: str,
    parts: RoundParts,
    step: checks.Step | None,
    **context: Any,
) -> HttpResponse:
    """Show a set-up page with its steps and what is wrong with this one."""
    found = findings(request, parts)
    steps = setup_steps(parts, found, step)
    with timezone.override(parts.round.zone):
        return render(
            request,
            f"competitions/{template}.html",
            {
                "round": parts.round,
                "parts": parts,
                "steps": steps,
                "groups": [{"items": steps}],
                "shut_out": permissions.why_shut_out(parts.round)
                if parts.round.is_opened
                and permissions.competes_in(request.user, parts.round)
                else "",
                "may_grant": permissions.can_grant_exceptions(
                    request.user, parts.round
                ),
                "why_not_grant": permissions.why_no_exceptions(),
                "problems": problems(
                    [each for each in found if step in (None, each.step)], steps
                ),
                **context,
            },
        )

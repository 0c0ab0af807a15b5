"""What the pages of the set-up share: whose round it is, its steps beside it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from competitions import checks, permissions
from competitions.forms import change_rows
from competitions.models import Round
from competitions.rule_changes import Rules, new_contradictions, rules_prepared
from competitions.setup import problems, setup_steps


def round_to_set_up(request: SignedInRequest, slug: str) -> Round:
    """The round, if the person may set it up; else 404.

    Once it is open nobody who competes in it changes its rules.
    """
    round = get_object_or_404(
        Round.objects.run_by(request.user).of_government(), slug=slug
    )
    if request.method == "POST" and round.is_opened:
        permissions.require_no_entry(request.user, round)
    return round


def rules_to_edit(request: SignedInRequest, slug: str) -> Rules:
    """The rules that a set-up page of the round shows, with what is prepared.

    What is prepared and not yet public is nobody's who competes.
    """
    round = round_to_set_up(request, slug)
    rules = rules_prepared(round)
    if rules.change and permissions.competes_in(request.user, round):
        return Rules(rules.live, rules.live)
    return rules


def findings(request: SignedInRequest, rules: Rules) -> list[checks.Contradiction]:
    """What is still to be mended; of an open round, what is prepared wrongly."""
    if rules.round.is_opened:
        # What no longer can be mended must not be held against a running round.
        return new_contradictions(rules, request.received_at)
    return checks.contradictions(rules.parts, request.received_at)


def told_of_saving(request: SignedInRequest, rules: Rules, sentence: str) -> None:
    """Say what was saved, and that an open round meets it only later."""
    if rules.round.is_opened:
        prepared = _("It is prepared, and in force once you apply it.")
        sentence = f"{sentence} {prepared}"
    messages.success(request, sentence)


def render_step(
    request: SignedInRequest,
    template: str,
    rules: Rules,
    step: checks.Step | None,
    found: Sequence[checks.Contradiction] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show a set-up page with its steps and what is wrong with this one.

    `found` are the findings of a page that asked for them already.
    """
    round = rules.round
    found = findings(request, rules) if found is None else found
    steps = setup_steps(rules.parts, found, step)
    # Those of an open round stand where its changes are reviewed.
    to_mend = (
        [] if round.is_opened else [each for each in found if step in (None, each.step)]
    )
    with timezone.override(round.zone):
        return render(
            request,
            f"competitions/{template}.html",
            {
                "round": round,
                "parts": rules.parts,
                "steps": steps,
                "ready_count": sum(each.is_ready for each in steps),
                "groups": [{"items": steps}],
                "change": rules.change,
                "change_count": len(change_rows(rules)),
                "shut_out": permissions.why_shut_out(round)
                if round.is_opened and permissions.competes_in(request.user, round)
                else "",
                "may_grant": permissions.can_grant_exceptions(request.user, round),
                "why_not_grant": permissions.why_no_exceptions(),
                "problems": problems(rules, to_mend, steps),
                **context,
            },
        )

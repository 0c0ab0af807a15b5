"""Looking at prepared rules from every side, then putting them in force."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from competitions import audience, permissions, services
from competitions.forms import ChangeReasonForm, change_rows, with_consequences
from competitions.models import Round, RuleChange
from competitions.rule_changes import (
    Review,
    review_of,
    rules_prepared,
)
from competitions.setup import problems, setup_steps
from competitions.views.setup_pages import render_step, round_to_set_up

SHOWN_MOVES = 100


@require_safe
def rule_change_detail(request: SignedInRequest, round: str) -> HttpResponse:
    """What is prepared, what follows from it, and what may be done with it."""
    found = _own_round(request, round)
    rules = rules_prepared(found)
    review = review_of(rules, request.received_at) if rules.change else None
    earlier = RuleChange.objects.filter(round=found, state=RuleChange.State.APPLIED)
    context = _reviewed(request, review) if review else {}
    return render_step(
        request,
        "rule_change_detail",
        rules,
        None,
        review=review,
        earlier=earlier.for_list()[:20],
        form=ChangeReasonForm(),
        refusal_form=ChangeReasonForm(auto_id="id_refusal_%s"),
        **context,
    )


def _own_round(request: SignedInRequest, slug: str) -> Round:
    """The round, if it is open and the person does not compete in it."""
    found = round_to_set_up(request, slug)
    if not found.is_opened:
        raise Http404
    permissions.require_no_entry(request.user, found)
    return found


def _reviewed(request: SignedInRequest, review: Review) -> dict[str, Any]:
    rules = review.rules
    change = rules.change
    rows, of_whole = with_consequences(change_rows(rules), review.consequences)
    first = change.requested_by if change and change.requested_by else request.user
    steps = setup_steps(rules.parts, review.contradictions)
    ranks = review.ranks
    return {
        "rows": rows,
        "of_whole": of_whole,
        "wrong": problems(rules, review.contradictions, steps),
        "is_first": first == request.user,
        "has_second": bool(audience.second_persons(rules.round, first))
        if review.needs_second
        else True,
        "ranks": ranks,
        "moves": ranks.moves[:SHOWN_MOVES] if ranks else [],
        "more_moves": max(0, len(ranks.moves) - SHOWN_MOVES) if ranks else 0,
    }


@require_POST
def rule_change_apply(request: SignedInRequest, round: str) -> HttpResponse:
    """Put what is prepared in force, or ask a second person."""
    return _decide(
        request,
        round,
        lambda change: services.apply_change(
            change=change,
            seen=request.POST.get("seen", ""),
            reason=_typed(request),
            actor=request.user,
            at=request.received_at,
        ),
    )


@require_POST
def rule_change_confirm(request: SignedInRequest, round: str) -> HttpResponse:
    """Agree as a second person."""
    return _decide(
        request,
        round,
        lambda change: services.confirm_change(
            change=change,
            seen=request.POST.get("seen", ""),
            actor=request.user,
            at=request.received_at,
        ),
    )


@require_POST
def rule_change_refuse(request: SignedInRequest, round: str) -> HttpResponse:
    """Give it back as a second person, with a reason."""
    return _decide(
        request,
        round,
        lambda change: services.refuse_change(
            change=change,
            reason=_typed(request),
            actor=request.user,
            at=request.received_at,
        ),
    )


@require_POST
def rule_change_withdraw(request: SignedInRequest, round: str) -> HttpResponse:
    """Take it back from the second person, to go on preparing."""
    return _decide(
        request,
        round,
        lambda change: services.take_back_change(
            change=change, actor=request.user, at=request.received_at
        ),
    )


@require_POST
def rule_change_discard(request: SignedInRequest, round: str) -> HttpResponse:
    """Throw away what is prepared."""
    return _decide(
        request,
        round,
        lambda change: services.discard_change(
            change=change, actor=request.user, at=request.received_at
        ),
    )


def _typed(request: SignedInRequest) -> str:
    """The reason; what is too long or missing is left to the service to refuse."""
    form = ChangeReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


def _decide(
    request: SignedInRequest, slug: str, act: Callable[[RuleChange], RuleChange]
) -> HttpResponse:
    found = _own_round(request, slug)
    change = RuleChange.objects.open().filter(round=found).first()
    if change is None:
        messages.info(request, _("Nothing is being prepared any more."))
        return redirect("competitions:rule_change_detail", found.slug)
    try:
        done = act(change)
    except (services.ChangeRefused, services.RulesRefused) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _said(done))
    return redirect("competitions:rule_change_detail", found.slug)


def _said(change: RuleChange) -> str:
    if change.is_applied:
        return _("The new rules are in force.")
    if change.is_awaiting:
        return _("Your colleagues are asked to look at the changes and to decide.")
    if change.is_pending:
        return _("The changes can be edited again. They are not in force.")
    return _("The changes were thrown away. The rules stay as they are.")

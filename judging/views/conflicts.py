"""Conflicts of interest as the secretariat keeps them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from competitions.models import Round
from competitions.views.running import running_round
from judging import queries, services, suggesting
from judging.models import Conflict, ConflictSuggestion
from judging.panel_forms import ConflictsForm, SuggestionForm
from judging.views.naming import Choices, declare
from judging.views.shared import juror_of, panel_tabs


@require_http_methods(["GET", "HEAD", "POST"])
def conflict_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """What the portal suspects, for a person to decide, and what was decided."""
    round = running_round(request.user, round_slug)
    form = SuggestionForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            _decide(request, round, form)
        else:
            messages.error(request, _("Confirm the suggestion, or say it is none."))
        return redirect("judging:conflict_list", round.slug)
    suggestions = suggesting.find(round, request.received_at)
    return render(
        request,
        "judging/conflict_list.html",
        {
            "round": round,
            "tabs": panel_tabs(round, "conflict_list", suggested=len(suggestions)),
            "suggestions": suggestions,
            "is_sealed": queries.sealed_result(round) is not None,
            "conflicts": Conflict.objects.filter(juror__round=round)
            .select_related("juror__user", "institution", "proposal", "declared_by")
            .order_by("juror__user__name", "declared_at", "pk"),
            "dismissed": ConflictSuggestion.objects.filter(
                juror__round=round, outcome=ConflictSuggestion.Outcome.DISMISSED
            )
            .select_related("juror__user", "institution", "proposal", "decided_by")
            .order_by("-decided_at", "-pk"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def juror_conflict(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Note conflicts of a juror that the secretariat knows of."""
    round = running_round(request.user, round_slug)
    juror = juror_of(round, key)
    choices = Choices(
        juror, query=request.GET.get("cari", ""), with_proposals=True, is_blind=False
    )
    form = ConflictsForm(
        request.POST or None,
        institutions=choices.institutions,
        proposals=choices.proposals,
    )
    if request.method == "POST" and form.is_valid():
        declare(request, juror, form)
        return redirect("judging:juror_detail", round.slug, juror.key)
    return render(
        request,
        "judging/juror_conflict.html",
        {"round": round, "juror": juror, "form": form, "choices": choices},
    )


def _decide(request: SignedInRequest, round: Round, form: SuggestionForm) -> None:
    is_confirmed = form.cleaned_data["decision"] == "confirm"
    try:
        services.decide_suggestion(
            round=round,
            key=form.cleaned_data["key"],
            is_confirmed=is_confirmed,
            note=form.cleaned_data["note"],
            actor=request.user,
            at=request.received_at,
        )
    except services.SuggestionNotDecided as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            _("Noted as a conflict of interest.")
            if is_confirmed
            else _("Dismissed; your note is kept."),
        )

"""The juror's own seat: joining the panel or refusing, and naming conflicts."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import SignedInRequest
from judging import integrity, queries, services
from judging.forms import ReasonForm
from judging.models import Juror
from judging.panel_forms import ConflictsForm
from judging.views.naming import Choices, declare


@require_http_methods(["GET", "HEAD", "POST"])
def panel_accept(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The invitation into a panel, with the integrity statement to sign."""
    juror = _seat_of(request.user, round_slug)
    if request.method == "POST":
        if request.POST.get("agree") != "1":
            messages.error(request, _("Tick the box to sign the statement."))
            return redirect("judging:panel_accept", round_slug)
        try:
            services.accept_panel(
                juror=juror, actor=request.user, at=request.received_at
            )
        except services.SeatSettled as refusal:
            messages.error(request, refusal.message)
            return redirect("judging:panel_accept", round_slug)
        messages.success(request, _("Statement signed. You may begin to score."))
        queue = reverse("judging:assignment_list")
        return redirect(f"{queue}?putaran={round_slug}")
    signed = juror.statement.split("\n") if juror.has_signed else []
    return render(
        request,
        "judging/panel_accept.html",
        {
            "juror": juror,
            "round": juror.round,
            "window": queries.scoring_window(juror.round),
            "sentences": signed or integrity.statement_for(juror),
            "conflicts": queries.conflicts_of(juror),
            "stages": juror.scoring_stages.order_by("order", "pk"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def panel_decline(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Refuse the seat, with a reason that the secretariat reads."""
    juror = _seat_of(request.user, round_slug)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decline_panel(
                juror=juror,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.SeatSettled as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The secretariat was told. Thank you."))
        return redirect("judging:panel_accept", round_slug)
    if request.method != "POST" and (juror.has_signed or not juror.is_sitting):
        return redirect("judging:panel_accept", round_slug)
    return render(
        request,
        "judging/panel_decline.html",
        {"juror": juror, "round": juror.round, "form": form},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def panel_conflicts(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Name institutions, and once signed proposals, that one must not judge."""
    juror = _seat_of(request.user, round_slug)
    if not juror.is_sitting:
        raise Http404
    choices = Choices(
        juror,
        query=request.GET.get("cari", ""),
        # Titles are read only by who has signed (SCO-08).
        with_proposals=juror.has_signed,
        is_blind=queries.hides_institutions(juror.round),
    )
    form = ConflictsForm(
        request.POST or None,
        institutions=choices.institutions,
        proposals=choices.proposals,
    )
    if request.method == "POST" and form.is_valid():
        declare(request, juror, form)
        return redirect("judging:panel_conflicts", round_slug)
    return render(
        request,
        "judging/panel_conflicts.html",
        {
            "juror": juror,
            "round": juror.round,
            "form": form,
            "choices": choices,
            "conflicts": queries.conflicts_of(juror),
        },
    )


def _seat_of(user: User, round_slug: str) -> Juror:
    return get_object_or_404(
        Juror.objects.select_related("user", "round__competition__government"),
        round__slug=round_slug,
        user=user,
    )

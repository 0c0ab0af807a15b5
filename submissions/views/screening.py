"""The secretariat's administrative check."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.requests import SignedInRequest
from competitions import permissions as competition_permissions
from competitions.models import Round
from submissions import queries, requirements, services
from submissions.dossier import Dossier, load_dossier
from submissions.forms import ProposalFilter, ScreeningForm
from submissions.models import Proposal, Screening
from submissions.views import shared

PAGE_SIZE = 50


@require_safe
@vary_on_headers("HX-Request")
def screening_list(request: SignedInRequest, round: str) -> HttpResponse:
    """The submitted proposals of a round with the state of their check."""
    rounds = Round.objects.run_by(request.user).of_government()
    found = get_object_or_404(rounds, slug=round)
    competition_permissions.require_no_part(request.user, found)
    proposals = (
        Proposal.objects.screenable_by(request.user).entered().filter(round=found)
    )
    filtered = ProposalFilter(
        request.GET,
        queryset=proposals.select_related("institution", "category", "track")
        .defer("header")
        .order_by("submitted_at", "pk"),
        round=found,
    )
    page = Paginator(filtered.qs, PAGE_SIZE).get_page(request.GET.get("halaman"))
    counts = dict(
        proposals.order_by().values_list("state").annotate(number=Count("pk"))
    )
    template = "submissions/screening_list.html"
    return render(
        request,
        f"{template}#rows" if request.htmx else template,
        {
            "round": found,
            "page": page,
            "filter": filtered,
            "is_filtered": any(filtered.form.data.values()) if filtered.data else False,
            "waiting": counts.get(Proposal.State.SUBMITTED, 0),
            "passed": counts.get(Proposal.State.SCREENED_PASSED, 0),
            "failed": counts.get(Proposal.State.SCREENED_FAILED, 0),
            "total": sum(counts.values()),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def screening_edit(request: SignedInRequest, code: str) -> HttpResponse:
    """One proposal beside the list of requirements."""
    proposal = shared.checkable_proposal(request, code)
    if not proposal.is_entered:
        raise Http404
    dossier = load_dossier(proposal)
    findings = requirements.evaluate_all(dossier)
    form = ScreeningForm(request.POST or None, findings=findings)
    if request.method == "POST" and form.is_valid():
        try:
            screening = services.screen_proposal(
                proposal=proposal,
                verdicts=form.verdicts(),
                note=form.cleaned_data["note"],
                actor=request.user,
                at=request.received_at,
            )
        except services.ScreeningNotPossible as refusal:
            messages.info(request, refusal.message)
            return redirect("submissions:screening_edit", code=code)
        except services.ScreeningIncomplete as refusal:
            form.add_error(None, refusal.message)
        else:
            return _decided(request, screening)
    return _screening_page(request, dossier, form)


def _decided(request: SignedInRequest, screening: Screening) -> HttpResponse:
    """On to the next proposal that waits, or back to the list."""
    proposal = screening.proposal
    text = (
        _("%(title)s passed the check. Its institution was told.")
        if screening.passed
        else _("%(title)s did not pass the check. Its institution was told why.")
    )
    messages.success(request, text % {"title": proposal.title})
    following = (
        Proposal.objects.screenable_by(request.user)
        .filter(round=proposal.round_id, state=Proposal.State.SUBMITTED)
        .order_by("submitted_at", "pk")
        .first()
    )
    if following:
        return redirect("submissions:screening_edit", code=following.code)
    return redirect("submissions:screening_list", round=proposal.round.slug)


def _screening_page(
    request: SignedInRequest, dossier: Dossier, form: ScreeningForm
) -> HttpResponse:
    proposal = dossier.proposal
    screening = queries.screening_of(proposal)
    return render(
        request,
        "submissions/screening_edit.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "form": form,
            "rows": [] if screening else list(form.rows()),
            "screening": screening,
            "screening_items": queries.screening_items(screening),
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )

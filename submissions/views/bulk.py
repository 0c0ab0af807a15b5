"""One decision of the check for many proposals: chosen, looked at, then done."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from competitions.models import Requirement, Round
from competitions.views.running import running_round
from submissions import screenings, services
from submissions.bulk import Plan, plan_of
from submissions.forms import BulkForm, ScreeningFilter
from submissions.models import Proposal
from submissions.views import shared

MOST = 200


@require_POST
def screening_bulk(request: SignedInRequest, round: str) -> HttpResponse:
    """First the choice and its exceptions, then, confirmed, the decisions."""
    found = running_round(request.user, round)
    chosen = _chosen(request, found)
    if not chosen:
        messages.info(request, _("Choose at least one proposal in the list."))
        return redirect("submissions:screening_list", found.slug)
    requirements = Requirement.objects.filter(round=found).order_by("order", "pk")
    is_planned = "decision" in request.POST or "look" in request.POST
    form = BulkForm(request.POST if is_planned else None, requirements=requirements)
    plan = None
    if is_planned and form.is_valid():
        plan = plan_of(chosen, form.cleaned_data["requirement"])
        if request.POST.get("confirmed") == plan.digest:
            return _done(request, found, form, plan)
        if "confirmed" in request.POST:
            messages.info(
                request,
                _("Something has changed meanwhile. Look once more, then confirm."),
            )
    return render(
        request,
        "submissions/screening_bulk.html",
        {
            "round": found,
            "form": form,
            "plan": plan,
            "chosen": chosen,
            "most": MOST,
            "is_full": len(chosen) == MOST,
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


def _chosen(request: SignedInRequest, round: Round) -> list[Proposal]:
    """The ticked proposals, or all of the filter if asked for; at most MOST."""
    queue = screenings.for_queue(screenings.queue_of(round, request.user))
    if request.POST.get("all"):
        filtered = ScreeningFilter(
            QueryDict(request.POST.get("filter", "").lstrip("?")),
            queryset=queue,
            round=round,
        )
        return list(filtered.rows[:MOST])
    codes = request.POST.getlist("code")[:MOST]
    return list(queue.filter(code__in=codes).order_by("submitted_at", "pk"))


def _done(
    request: SignedInRequest, round: Round, form: BulkForm, plan: Plan
) -> HttpResponse:
    report = services.screen_many(
        proposals=plan.included,
        refused=form.cleaned_data["requirement"],
        reason_code=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
        actor=request.user,
        at=request.received_at,
    )
    if report.decided:
        number = len(report.decided)
        messages.success(
            request,
            ngettext(
                "%(number)d check decided. Its institution knows when the result is "
                "published.",
                "%(number)d checks decided. The institutions know when the result is "
                "published.",
                number,
            )
            % {"number": number},
        )
    if report.refused:
        messages.warning(
            request,
            _("Left as they are: %(list)s")
            % {
                "list": "; ".join(
                    f"{each.proposal.title} ({each.reason})" for each in report.refused
                )
            },
        )
    return redirect("submissions:screening_list", round.slug)

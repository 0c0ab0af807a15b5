"""Who judges what, as a list; giving and taking by hand."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from competitions.models import Round, ScoringStage
from competitions.views.running import running_round
from judging import queries, services
from judging.assignment_forms import GiveForm
from judging.forms import ReasonForm
from judging.models import Assignment, Juror
from judging.views.assigning import asked_for, frame, stage_url, stages_of
from judging.views.shared import juror_of
from submissions.models import Proposal

PAGE_SIZE = 25
LACKING = "kurang"


@require_http_methods(["GET", "HEAD"])
def assignment_board(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The proposals of a stage and who judges each, with states and no score."""
    round = running_round(request.user, round_slug)
    stages, stage = stages_of(request, round)
    context = {
        **frame(round, stages, stage, "assignment_board"),
        "query": asked_for(request, "q"),
        "state": asked_for(request, "keadaan"),
        "juror_key": asked_for(request, "juri"),
        "jurors": Juror.objects.filter(round=round).for_list(),
        "can_change": queries.sealed_result(round) is None,
    }
    try:
        judged = _judged(stage, is_first=stage == stages[0], request=request)
    except services.NothingAssigned as refusal:
        context["refusal"] = refusal.message
        return render(request, "judging/assignment_board.html", context)
    listed = judged.annotate(given=_given(stage)).select_related("institution")
    lacking = Q(given__lt=stage.jurors_per_proposal or 1)
    counts = listed.aggregate(all=Count("pk"), lacking=Count("pk", filter=lacking))
    found = _narrowed(listed, stage, context, lacking)
    page = Paginator(found.order_by("code"), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    shares = queries.shares_of(stage, [each.pk for each in page.object_list])
    context |= {
        "counts": counts,
        "page": page,
        "rows": [(each, shares.get(each.pk, [])) for each in page.object_list],
    }
    return render(request, "judging/assignment_board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_edit(
    request: SignedInRequest, round_slug: str, code: str
) -> HttpResponse:
    """Who judges one proposal, and who could; POST gives it to a juror."""
    round = running_round(request.user, round_slug)
    stages, stage = stages_of(request, round)
    proposal = _proposal(round, code)
    if request.method == "POST":
        form = GiveForm(request.POST, round=round)
        if not form.is_valid():
            raise Http404
        juror = form.cleaned_data["juror"]
        try:
            services.give_proposal(
                scoring_stage=stage,
                juror=juror,
                proposal=proposal,
                actor=request.user,
                at=request.received_at,
            )
        except (services.AssignmentRefused, services.NothingAssigned) as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("%(juror)s has this proposal now.") % {"juror": juror}
            )
        return redirect(stage_url("assignment_edit", stage, proposal.code))
    shares = queries.shares_of(stage, [proposal.pk]).get(proposal.pk, [])
    context = {
        **frame(round, stages, stage, "assignment_board"),
        "proposal": proposal,
        "shares": shares,
        "counted": sum(each.counts for each in shares),
        "can_change": queries.sealed_result(round) is None,
    }
    try:
        context["offers"] = services.offers_for(
            scoring_stage=stage, proposal=proposal, at=request.received_at
        )
    except services.NothingAssigned as refusal:
        context["refusal"] = refusal.message
    return render(request, "judging/assignment_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_release(
    request: SignedInRequest, round_slug: str, code: str, key: str
) -> HttpResponse:
    """Take a proposal from a juror who has not finished it, with a reason."""
    round = running_round(request.user, round_slug)
    _stages, stage = stages_of(request, round)
    proposal, juror = _proposal(round, code), juror_of(round, key)
    assignment = get_object_or_404(
        Assignment.objects.select_related("juror__user", "proposal", "scoresheet"),
        scoring_stage=stage,
        proposal=proposal,
        juror=juror,
        released_at=None,
    )
    assignment.scoring_stage = stage
    back = stage_url("assignment_edit", stage, proposal.code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.take_proposal(
                assignment=assignment,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except (services.AssignmentRefused, services.NothingAssigned) as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("Taken back from %(juror)s.") % {"juror": juror}
            )
        return redirect(back)
    return render(
        request,
        "judging/assignment_release.html",
        {
            "round": round,
            "stage": stage,
            "proposal": proposal,
            "juror": juror,
            "assignment": assignment,
            "back_url": back,
            "form": form,
        },
    )


def _proposal(round: Round, code: str) -> Proposal:
    return get_object_or_404(
        Proposal.objects.select_related("institution", "category"),
        round=round,
        code=code,
        state=Proposal.State.SCREENED_PASSED,
    )


def _judged(
    stage: ScoringStage, *, is_first: bool, request: SignedInRequest
) -> QuerySet[Proposal]:
    if is_first:
        return queries.standing_proposals(stage)
    judged = services.proposals_to_judge(stage, request.received_at)
    return Proposal.objects.filter(pk__in=[each.pk for each in judged])


def _given(stage: ScoringStage) -> Coalesce:
    """How many jurors of `stage` judge a proposal, those in conflict left out."""
    counted = (
        queries.counted_jurors(stage)
        .order_by()
        .values("proposal")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0)


def _narrowed(
    listed: QuerySet[Proposal], stage: ScoringStage, asked: dict[str, Any], lacking: Q
) -> QuerySet[Proposal]:
    if words := asked["query"]:
        listed = listed.filter(
            Q(title__icontains=words)
            | Q(code__iexact=words)
            | Q(institution__name__icontains=words)
            | Q(institution__short_name__icontains=words)
        )
    if asked["state"] == LACKING:
        listed = listed.filter(lacking)
    if key := asked["juror_key"]:
        own = Assignment.objects.filter(
            scoring_stage=stage,
            proposal=OuterRef("pk"),
            juror__key=key,
            released_at=None,
        )
        listed = listed.filter(Exists(own))
    return listed

"""The secretariat's steps, the winner's paper, the public list."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from awards import queries, services
from awards.forms import DecreeForm, FavouriteForm
from awards.models import Award
from competitions.models import AwardLevel, Round
from competitions.views.running import running_round
from documents import queries as documents_queries
from documents.models import IssuedDocument


@dataclass(frozen=True)
class AwardRow:
    """An award with its certificate, if there is one."""

    award: Award
    paper: IssuedDocument | None


# For the secretariat ----------------------------------------------------------------


@require_safe
def award_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The steps from the sealed result to the published winners."""
    return _show(request, running_round(request.user, round_slug))


@require_POST
def award_give(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Apply the award scheme to the sealed result."""
    round = running_round(request.user, round_slug)
    try:
        awards = services.give_awards(
            round=round, actor=request.user, at=request.received_at
        )
    except services.AwardsNotGiven as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            ngettext("%(count)d award given.", "%(count)d awards given.", len(awards))
            % {"count": len(awards)}
            if awards
            else _("Every award of the scheme is given already."),
        )
    return redirect("awards:award_list", round.slug)


@require_POST
def favourite_choose(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Give an award that is chosen outside the rank."""
    round = running_round(request.user, round_slug)
    result = queries.result_to_award(round)
    if result is None:
        raise Http404
    form = FavouriteForm(request.POST, result=result)
    if not form.is_valid() or form.row is None:
        return _show(request, round, favourite=form)
    try:
        award = services.choose_favourite(
            round=round,
            level=form.cleaned_data["level"],
            row=form.row,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=request.received_at,
        )
    except services.FavouriteNotChosen as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(award)s given.") % {"award": award.name})
    return redirect("awards:award_list", round.slug)


@require_POST
def decree_edit(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Record the decree and the moment of publication."""
    round = running_round(request.user, round_slug)
    form = DecreeForm(request.POST, decree=None, zone=round.zone)
    if not form.is_valid():
        return _show(request, round, form)
    try:
        services.record_decree(
            round=round,
            number=form.cleaned_data["number"],
            decree_date=form.cleaned_data["decree_date"],
            publish_at=form.cleaned_data["publish_at"],
            actor=request.user,
            at=request.received_at,
        )
    except services.DecreeNotRecorded as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Decree recorded."))
    return redirect("awards:award_list", round.slug)


def _show(
    request: SignedInRequest,
    round: Round,
    form: DecreeForm | None = None,
    favourite: FavouriteForm | None = None,
) -> HttpResponse:
    awards = list(Award.objects.of_round(round).for_list())
    papers = queries.certificates_of(awards)
    decree = queries.decree_of(round)
    batch = queries.last_batch(round)
    rows = [AwardRow(award, papers.get(award.subject_key)) for award in awards]
    standing = [row for row in rows if not row.award.is_revoked]
    result = queries.result_to_award(round)
    levels = queries.levels_of(round)
    if (
        result
        and favourite is None
        and any(level.kind == AwardLevel.Kind.FAVOURITE for level in levels)
    ):
        favourite = FavouriteForm(result=result)
    return render(
        request,
        "awards/award_list.html",
        {
            "round": round,
            "result": result,
            "levels": levels,
            "favourite": favourite,
            "rows": rows,
            "certified_count": sum(
                row.paper is not None and row.paper.is_valid for row in standing
            ),
            "standing_count": len(standing),
            "decree": decree,
            "after": queries.afterwards(round),
            "is_public": decree is not None
            and decree.is_published(request.received_at),
            "batch": batch,
            "progress": documents_queries.batch_progress(batch, request.received_at)
            if batch
            else None,
            "form": form or DecreeForm(decree=decree, zone=round.zone),
        },
    )

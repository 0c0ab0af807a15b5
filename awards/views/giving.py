"""The secretariat's steps, the winner's paper, the public list."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import (
    conditional_page,
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from awards import certificates, permissions, queries, services
from awards.forms import DecreeForm, FavouriteForm, RevokeForm
from awards.models import Award
from competitions import permissions as competition_permissions
from competitions.models import AwardLevel, Round
from competitions.views.running import running_round
from core.requests import PortalRequest
from documents import queries as documents_queries
from documents import views as documents_views
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


@require_POST
def certificate_issue(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Order the certificates that are still missing."""
    round = running_round(request.user, round_slug)
    try:
        batch = services.issue_certificates(
            round=round, actor=request.user, at=request.received_at
        )
    except services.CertificatesNotIssued as refusal:
        messages.error(request, refusal.message)
        return redirect("awards:award_list", round.slug)
    messages.success(request, _("Certificates are being made."))
    return redirect(batch)


@require_http_methods(["GET", "HEAD", "POST"])
def award_revoke(request: SignedInRequest, key: str) -> HttpResponse:
    """Take an award back, with a reason."""
    award = get_object_or_404(
        Award.objects.run_by(request.user).select_related(
            "level",
            "row__proposal__institution",
            "row__result__round__competition__government",
        ),
        key=key,
    )
    round = award.row.result.round
    competition_permissions.require_no_part(request.user, round)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.revoke_award(
                award=award,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.AwardNotRevoked as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Award revoked."))
        return redirect("awards:award_list", round.slug)
    return render(
        request,
        "awards/award_revoke.html",
        {"award": award, "round": round, "form": form},
    )


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
            "is_public": decree is not None
            and decree.is_published(request.received_at),
            "batch": batch,
            "progress": documents_queries.batch_progress(batch) if batch else None,
            "form": form or DecreeForm(decree=decree, zone=round.zone),
        },
    )


# For the winner ----------------------------------------------------------------------


@require_safe
def certificate_file(request: SignedInRequest, code: str) -> FileResponse:
    """The certificate, to the winner's own people once it is public.

    The secretariat may have it at any time, a revoked one too.
    """
    document = get_object_or_404(
        IssuedDocument, code=code.upper(), kind=certificates.KIND
    )
    awards = Award.objects.select_related("row__result__round__competition__government")
    award_id = Award.id_of(document.subject_key)
    award = get_object_or_404(
        awards.run_by(request.user) | awards.held_by(request.user), pk=award_id
    )
    if not permissions.can_download_early(request.user, award):
        is_public = Award.objects.published_at(request.received_at).filter(pk=award.pk)
        if not document.is_valid or not is_public.exists():
            raise Http404
    return documents_views.file_response(document)


# For everybody ------------------------------------------------------------------------


@require_safe
@login_not_required
@cache_control(public=True, max_age=60)
@conditional_page
def winner_list(request: PortalRequest, round_slug: str) -> HttpResponse:
    """The winners of a round, from the moment of publication."""
    round = get_object_or_404(
        Round.objects.published().select_related("competition__government", "decree"),
        slug=round_slug,
        decree__publish_at__lte=request.received_at,
    )
    return render(
        request,
        "awards/winner_list.html",
        {
            "round": round,
            "decree": round.decree,
            "awards": Award.objects.of_round(round).standing().for_list(),
        },
    )

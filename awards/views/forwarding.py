"""Sending winners on: who sends, the institution that is asked, who takes them."""

from dataclasses import dataclass
from tempfile import TemporaryFile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from awards import forwarding as forwarding_work
from awards import packs, queries, services
from awards.forms import AcceptForm, AnswerForm, ForwardForm, ResultForm, StopForm
from awards.models import Award, Forwarding
from awards.views.shared import award_to_handle
from competitions import permissions as competition_permissions
from competitions.views.running import running_round
from documents.files import disposition
from submissions import permissions as submission_permissions

PAGE_SIZE = 50


@dataclass(frozen=True)
class ForwardedRow:
    """A winner sent on, with what it has won there so far."""

    forwarding: Forwarding
    results: list[Award]


# For the secretariat that sends -------------------------------------------------------


@require_safe
def forwarding_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Which winners are sent on where, and how they fare."""
    round = running_round(request.user, round_slug)
    decree = queries.decree_of(round)
    is_public = decree is not None and decree.is_published(request.received_at)
    sent = Forwarding.objects.outgoing(round).for_list()
    page = Paginator(sent, PAGE_SIZE).get_page(request.GET.get("halaman"))
    forwardings = list(page.object_list)
    results = queries.results_there(forwardings, request.received_at)
    return render(
        request,
        "awards/forwarding_list.html",
        {
            "round": round,
            "is_public": is_public,
            "awards": Award.objects.of_round(round).standing().for_list()
            if is_public
            else [],
            "page": page,
            "rows": [
                ForwardedRow(each, results.get(each.proposal_id or 0, []))
                for each in forwardings
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def forwarding_ask(request: SignedInRequest, key: str) -> HttpResponse:
    """Choose where a winner is to go, and ask its institution."""
    award = award_to_handle(request.user, key)
    round = award.row.result.round
    rounds = queries.rounds_taking(round.competition.government, request.received_at)
    form = ForwardForm(request.POST or None, rounds=rounds)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_forwarding(
                award=award,
                **form.chosen,
                note=form.cleaned_data["note"],
                actor=request.user,
                at=request.received_at,
            )
        except services.NotForwarded as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("%(institution)s is asked. You are told of the answer.")
                % {"institution": award.row.institution_name},
            )
            return redirect("awards:forwarding_list", round.slug)
    return render(
        request,
        "awards/forwarding_ask.html",
        {"round": round, "award": award, "form": form, "rounds": rounds},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def forwarding_stop(request: SignedInRequest, key: str) -> HttpResponse:
    """End a forwarding, with a reason."""
    forwarding = _sent(request, key)
    round = forwarding.award.row.result.round
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.stop_forwarding(
                forwarding=forwarding,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except services.ForwardingNotStopped as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Stopped. Those concerned are told."))
        return redirect("awards:forwarding_list", round.slug)
    return render(
        request,
        "awards/forwarding_stop.html",
        {"round": round, "forwarding": forwarding, "form": form},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def forwarding_result(request: SignedInRequest, key: str) -> HttpResponse:
    """Note what a winner won outside of this portal."""
    forwarding = _sent(request, key)
    if not forwarding.is_outside:
        raise Http404
    round = forwarding.award.row.result.round
    day = round.competition.government.day_of(request.received_at)
    form = ResultForm(
        request.POST or None,
        this_year=day.year,
        initial={"competition": forwarding.destination, "year": day.year},
    )
    if request.method == "POST" and form.is_valid():
        try:
            achievement = services.note_result(
                forwarding=forwarding,
                data=form.entered,
                actor=request.user,
                at=request.received_at,
            )
        except services.ResultNotNoted as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request,
                _("Noted in the register: %(result)s.") % {"result": achievement},
            )
        return redirect("awards:forwarding_list", round.slug)
    return render(
        request,
        "awards/forwarding_result.html",
        {"round": round, "forwarding": forwarding, "form": form},
    )


@require_safe
def forwarding_pack(request: SignedInRequest, key: str) -> FileResponse:
    """Texts, papers and files for the national site, once the institution agrees."""
    forwarding = _sent(request, key)
    if not forwarding.is_outside or not forwarding.is_agreed:
        raise Http404
    proposal = forwarding.award.row.proposal
    target = TemporaryFile()  # noqa: SIM115  the response closes it
    packs.write(
        target,
        proposal,
        form=request.GET.get("formulir", ""),
        at=request.received_at,
    )
    target.seek(0)
    response = FileResponse(target, content_type="application/zip")
    response["Content-Disposition"] = disposition(
        "attachment", f"{proposal.code}-paket-sinovik.zip"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _sent(request: SignedInRequest, key: str) -> Forwarding:
    """A forwarding of a round that the person runs and takes no part in."""
    forwarding = get_object_or_404(
        Forwarding.objects.run_by(request.user).select_related(
            "award__level",
            "award__row__proposal__institution__government",
            "award__row__proposal__round__competition__government",
            "award__row__proposal__track",
            "award__row__proposal__category",
            "award__row__proposal__form",
            "award__row__result__round__competition__government",
            "round",
            "proposal",
            "achievement",
        ),
        key=key,
    )
    competition_permissions.require_no_part(
        request.user, forwarding.award.row.result.round
    )
    return forwarding


# For the institution ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def forwarding_detail(request: SignedInRequest, key: str) -> HttpResponse:
    """What would happen to a winner that is sent on; its head or admin answers."""
    forwarding = get_object_or_404(
        Forwarding.objects.held_by(request.user).select_related(
            "award__level",
            "award__row__proposal__institution",
            "award__row__result__round__competition__government",
            "round__competition__government",
            "track",
            "proposal",
        ),
        key=key,
    )
    source = forwarding.award.row.proposal
    may_answer = submission_permissions.can_endorse(request.user, source)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        if not may_answer:
            raise PermissionDenied
        if form.is_valid() and _answered(request, forwarding, form):
            return redirect("awards:forwarding_detail", forwarding.key)
    place = forwarding.round
    return render(
        request,
        "awards/forwarding_detail.html",
        {
            "forwarding": forwarding,
            "award": forwarding.award,
            "round": forwarding.award.row.result.round,
            "source": source,
            "may_answer": may_answer,
            "form": form,
            "closes_at": queries.closing_of(place, request.received_at)
            if place
            else None,
            "fit": forwarding_work.fit_of(source, place, forwarding.track)
            if place and forwarding.track and forwarding.is_asked
            else None,
        },
    )


def _answered(
    request: SignedInRequest, forwarding: Forwarding, form: AnswerForm
) -> bool:
    """Pass the answer on; tell whether it was taken."""
    try:
        if form.agrees:
            services.agree_forwarding(
                forwarding=forwarding, actor=request.user, at=request.received_at
            )
            messages.success(request, _("You have agreed. The secretariat is told."))
        else:
            services.decline_forwarding(
                forwarding=forwarding,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
            messages.success(request, _("You have declined. The secretariat is told."))
    except services.ForwardingNotAnswered as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


# For the secretariat that takes -------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def incoming_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Winners that have reached a round; POST says from which governments it takes."""
    round = running_round(request.user, round_slug)
    accepted = queries.accepted_by(round)
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        round=round,
        accepted=accepted,
    )
    if request.method == "POST" and form.is_valid():
        services.accept_governments(
            round=round,
            governments=form.cleaned_data["governments"],
            actor=request.user,
            at=request.received_at,
        )
        messages.success(request, _("Saved."))
        return redirect("awards:incoming_list", round.slug)
    arrived = Forwarding.objects.incoming(round).for_list()
    page = Paginator(arrived, PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(
        request,
        "awards/incoming_list.html",
        {"round": round, "form": form, "accepted": accepted, "page": page},
    )

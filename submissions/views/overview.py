"""The list of an institution's proposals, a new one, and the page of one."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import acting
from accounts.models import Institution, Membership, User
from accounts.requests import SignedInRequest
from competitions.models import Round
from competitions.windows import submission_windows, widest
from core.dates import as_local
from submissions import (
    news,
    objections,
    permissions,
    queries,
    screenings,
    services,
    signals,
    similarity,
    sources,
)
from submissions.dossier import Dossier, load_dossier
from submissions.forms import ProposalForm
from submissions.models import Objection, Proposal, Screening, TakeOver
from submissions.views import shared

PAGE_SIZE = 50
TITLE_LENGTH = 200
WRITERS = (Membership.Role.AUTHOR, Membership.Role.INSTITUTION_ADMIN)


@require_safe
def proposal_list(request: SignedInRequest) -> HttpResponse:
    """The proposals of the institutions the person works for, newest round first."""
    person = acting.acting(request, request.user, *WRITERS)
    proposals = (
        Proposal.objects.of_institutions_of(person)
        .with_progress()
        .select_related("round", "institution")
        .defer("header")
        .order_by("-round__year", "-round__edition", "title", "pk")
    )
    page = Paginator(proposals, PAGE_SIZE).get_page(request.GET.get("halaman"))
    institutions = list(Institution.objects.managed_by(person))
    return render(
        request,
        "submissions/proposal_list.html",
        {
            "page": page,
            "institutions": institutions,
            "open_rounds": queries.rounds_open_for(institutions, request.received_at),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def proposal_create(request: SignedInRequest, round: str) -> HttpResponse:
    """Begin a proposal; while its title is typed, others like it are named."""
    rounds = Round.objects.visible_to(request.user).of_government()
    found = get_object_or_404(rounds, slug=round)
    all_institutions = _institutions_for(request, found)
    if not all_institutions:
        raise Http404
    institutions = [each for each in all_institutions if found.admits(each.kind)]
    if not institutions:
        return _not_admitted(request, found, all_institutions[0])
    if request.htmx:
        return _alike(request, found)
    form = ProposalForm(
        request.POST or None,
        round=found,
        institutions=institutions,
        initial=_known(request),
    )
    entered = None
    if request.method == "POST" and form.is_valid():
        try:
            proposal = services.create_proposal(
                round=found,
                **form.cleaned_data,
                actor=request.user,
                at=request.received_at,
            )
        except (
            services.SubmissionClosed,
            services.InstitutionElsewhere,
            services.InstitutionNotAdmitted,
            services.TrackNotOpen,
        ) as refusal:
            form.add_error(None, refusal.message)
        except services.InnovationNotYours as refusal:
            form.add_error("innovation", refusal.message)
        except services.InnovationEntered as refusal:
            form.add_error("innovation", refusal.message)
            entered = _readable(request, refusal.proposal)
        else:
            return _begun(request, proposal)
    window = widest(submission_windows(found, institutions).values())
    return render(
        request,
        "submissions/proposal_create.html",
        {
            "round": found,
            "form": form,
            "entered": entered,
            "stage": window,
            "is_admitted": True,
            "is_open": window is not None and window.is_open(request.received_at),
            "institution": institutions[0] if len(institutions) == 1 else None,
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


def _known(request: SignedInRequest) -> dict[str, str]:
    """The innovation that a link of the register has chosen."""
    slug = request.GET.get("inovasi", "")
    return {"innovation": slug} if slug else {}


def _readable(request: SignedInRequest, proposal: Proposal) -> Proposal | None:
    """What was entered already, for a link, if the person may read it."""
    found = Proposal.objects.visible_to(request.user).filter(pk=proposal.pk)
    return found.first()


def _begun(request: SignedInRequest, proposal: Proposal) -> HttpResponse:
    """On to the files of the last time if there are any, else to the parts."""
    messages.success(request, _("The proposal has been begun."))
    taken = TakeOver.objects.filter(proposal=proposal).first()
    if taken and sources.files_to_take(proposal, taken):
        return redirect("submissions:source_files", code=proposal.code)
    return redirect(proposal)


def _alike(request: SignedInRequest, round: Round) -> HttpResponse:
    """The hint beside the title, as a part of the page."""
    likeness = similarity.like_own(
        title=request.GET.get("title", "")[:TITLE_LENGTH],
        government=round.competition.government,
        user=request.user,
        at=request.received_at,
    )
    return render(request, "submissions/likeness.html", {"likeness": likeness})


def _not_admitted(
    request: SignedInRequest, round: Round, institution: Institution
) -> HttpResponse:
    """Say why none of the person's institutions may enter the round."""
    return render(
        request,
        "submissions/proposal_create.html",
        {"round": round, "institution": institution, "is_admitted": False},
    )


def _institutions_for(request: SignedInRequest, round: Round) -> list[Institution]:
    today = as_local(request.received_at, round.zone).date()
    return list(
        Institution.objects.managed_by(request.user)
        .active_on(today)
        .filter(government=round.competition.government)
        .order_by("name", "pk")
    )


@require_safe
def proposal_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """The task list while the proposal is being written, afterwards its text."""
    proposal = shared.current_proposal(request, code)
    is_written = proposal.is_editable and permissions.can_write(request.user, proposal)
    dossier = load_dossier(proposal, rules=is_written)
    context = _common_context(request.user, dossier) | {
        "is_open": dossier.is_open(request.received_at),
        "is_over": dossier.submission is not None
        and dossier.submission.is_over(request.received_at),
    }
    if is_written:
        return render(
            request,
            "submissions/proposal_detail.html",
            context | _task_context(dossier),
        )
    screening = screenings.screening_of(proposal)
    return render(
        request,
        "submissions/proposal_read.html",
        context
        | {
            "screening": screening,
            "screening_items": screenings.screening_items(screening),
            "appointments": _appointments(request, proposal),
            "outcomes": _outcomes(request, proposal),
            **_objection_context(request, proposal, screening),
        },
    )


def _appointments(request: SignedInRequest, proposal: Proposal) -> list[dict[str, str]]:
    """Where its institution is expected; the apps above know of it."""
    answers = signals.appointments.send(
        Proposal, proposal=proposal, at=request.received_at
    )
    found: list[dict[str, str]] = []
    for _receiver, answer in answers:
        found += cast(list[dict[str, str]], answer)
    return found


def _outcomes(request: SignedInRequest, proposal: Proposal) -> list[dict[str, str]]:
    """What may be read of how it fared; the apps above know of it."""
    answers = signals.outcomes.send(
        Proposal, proposal=proposal, user=request.user, at=request.received_at
    )
    found: list[dict[str, str]] = []
    for _receiver, answer in answers:
        found += cast(list[dict[str, str]], answer)
    return found


def _objection_context(
    request: SignedInRequest, proposal: Proposal, screening: Screening | None
) -> dict[str, Any]:
    """The objection to a result, or whether one may still be filed."""
    if screening is None or screening.passed:
        return {"objection": None, "may_object": False}
    objection = Objection.objects.filter(proposal=proposal).first()
    window = None
    if objection:
        objection.proposal = proposal
    elif proposal.has_failed:
        window = objections.window_of(proposal)
    return {
        "objection": objection,
        "may_object": window is not None and window.is_open(request.received_at),
    }


def _common_context(user: User, dossier: Dossier) -> dict[str, Any]:
    proposal = dossier.proposal
    return {
        "proposal": proposal,
        "dossier": dossier,
        "can_write": permissions.can_write(user, proposal),
        "can_endorse": permissions.can_endorse(user, proposal),
        "can_screen": permissions.can_screen(user, proposal),
        "can_withdraw": permissions.can_withdraw(user, proposal),
    }


def _task_context(dossier: Dossier) -> dict[str, Any]:
    checks = shared.checks_of(dossier)
    notes = shared.open_notes(dossier)
    urls = {step.key: step.url for step in dossier.steps}
    return {
        "notes": notes,
        "note_url": next((each["url"] for each in notes if each["url"]), ""),
        "news": [
            {"news": each, "url": urls.get(each.step, "")}
            for each in news.news_of(dossier)
        ],
        "header_items": shared.task_items([dossier.header_step]),
        "section_items": shared.task_items(dossier.section_steps),
        "letter_items": shared.task_items(dossier.last_steps),
        "next_step": dossier.next_step or shared.check_step(dossier.proposal),
        **checks,
        "is_complete": not checks["open_count"],
        "left_count": len(dossier.required_steps) - dossier.done_count,
        "total_count": len(dossier.required_steps),
    }

"""The list of an institution's proposals, a new one, and the page of one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import acting
from accounts.models import Institution, Membership, User
from accounts.requests import SignedInRequest
from competitions.models import Round
from competitions.windows import submission_windows, widest
from core.dates import as_local
from submissions import news, permissions, queries, requirements, services
from submissions.dossier import Dossier, load_dossier
from submissions.forms import ProposalForm
from submissions.models import Proposal
from submissions.views import shared

PAGE_SIZE = 50
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
def proposal_create(request: SignedInRequest, round: str) -> HttpResponse:
    rounds = Round.objects.visible_to(request.user).of_government()
    found = get_object_or_404(rounds, slug=round)
    all_institutions = _institutions_for(request, found)
    if not all_institutions:
        raise Http404
    institutions = [each for each in all_institutions if found.admits(each.kind)]
    if not institutions:
        return _not_admitted(request, found, all_institutions[0])
    form = ProposalForm(request.POST or None, round=found, institutions=institutions)
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
        else:
            messages.success(request, _("The proposal has been begun."))
            return redirect(proposal)
    window = widest(submission_windows(found, institutions).values())
    return render(
        request,
        "submissions/proposal_create.html",
        {
            "round": found,
            "form": form,
            "stage": window,
            "is_admitted": True,
            "is_open": window is not None and window.is_open(request.received_at),
            "institution": institutions[0] if len(institutions) == 1 else None,
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


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
    screening = queries.screening_of(proposal)
    return render(
        request,
        "submissions/proposal_read.html",
        context
        | {
            "screening": screening,
            "screening_items": queries.screening_items(screening),
        },
    )


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
    findings = requirements.evaluate_all(dossier)
    open_findings = [each for each in findings if each.is_not_met]
    urls = {step.key: step.url for step in dossier.steps}
    return {
        "news": [
            {"news": each, "url": urls.get(each.step, "")}
            for each in news.news_of(dossier)
        ],
        "header_items": shared.task_items([dossier.header_step]),
        "section_items": shared.task_items(dossier.section_steps),
        "letter_items": shared.task_items(dossier.last_steps),
        "next_step": dossier.next_step or shared.check_step(dossier.proposal),
        "is_complete": not open_findings,
        "findings": shared.finding_items(dossier, findings),
        "open_count": len(open_findings),
        "left_count": len(dossier.required_steps) - dossier.done_count,
        "total_count": len(dossier.required_steps),
    }

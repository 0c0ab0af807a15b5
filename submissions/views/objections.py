"""Objections: filed by institutions, answered by the secretariat."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions.views.running import running_round
from documents.files import stored_file_response
from submissions import permissions, screenings, services
from submissions.dossier import load_dossier
from submissions.forms import ObjectionAnswerForm, ObjectionForm, ReasonForm
from submissions.models import Objection, ObjectionFile, Proposal, Screening
from submissions.objections import window_of
from submissions.views import shared

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def objection_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """The author's page: file an objection, then follow it."""
    proposal = shared.visible_proposal(request, code)
    if not permissions.can_write(request.user, proposal):
        raise PermissionDenied
    objection = _objection_of(proposal)
    window = window_of(proposal)
    if objection is None and (window is None or not proposal.has_failed):
        raise Http404
    is_open = window is not None and window.is_open(request.received_at)
    form = ObjectionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and objection is None and form.is_valid():
        try:
            services.file_objection(
                proposal=proposal,
                **form.cleaned_data,
                actor=request.user,
                at=request.received_at,
            )
        except services.ObjectionNotPossible as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("The objection was filed. The secretariat was told.")
            )
            return redirect("submissions:objection_detail", code)
    screening = screenings.screening_of(proposal)
    return render(
        request,
        "submissions/objection_detail.html",
        {
            "proposal": proposal,
            "objection": objection,
            "files": _files_of(objection),
            "window": window,
            "is_open": is_open,
            "form": form,
            "screening": screening,
            "screening_items": screenings.screening_items(screening),
        },
        status=shared.UNPROCESSABLE if form.errors and objection is None else 200,
    )


@require_safe
def objection_list(request: SignedInRequest, round: str) -> HttpResponse:
    """The objections of a round, what waits first."""
    found = running_round(request.user, round)
    objections = (
        Objection.objects.filter(
            proposal__in=Proposal.objects.screenable_by(request.user),
            proposal__round=found,
        )
        .for_list()
        .defer("proposal__header", "proposal__consents")
    )
    page = Paginator(objections, PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(
        request,
        "submissions/objection_list.html",
        {
            "round": found,
            "page": page,
            "waiting": objections.waiting().count(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def objection_answer(request: SignedInRequest, code: str) -> HttpResponse:
    """One objection beside what was decided, and its answer."""
    proposal, objection = _checkable(request, code)
    initial = {"answer": objection.answer}
    if objection.upheld is not None:
        initial["outcome"] = (
            ObjectionAnswerForm.UPHELD
            if objection.upheld
            else ObjectionAnswerForm.REJECTED
        )
    form = ObjectionAnswerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            answered = services.answer_objection(
                objection=objection,
                upheld=form.is_upheld,
                answer=form.cleaned_data["answer"],
                actor=request.user,
                at=request.received_at,
            )
        except services.ObjectionNotOpen as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("Answered. The institution was told.")
                if answered.is_closed
                else _("The answer waits for a second person to confirm it."),
            )
            return redirect("submissions:objection_list", proposal.round.slug)
    screening = Screening.objects.filter(proposal=proposal).first()
    return render(
        request,
        "submissions/objection_answer.html",
        {
            "proposal": proposal,
            "objection": objection,
            "files": _files_of(objection),
            "form": form,
            "screening": screening,
            "screening_items": screenings.screening_items(screening),
            "dossier": load_dossier(proposal, rules=False),
            "may_confirm": objection.is_answered
            and objection.answered_by_id != request.user.pk,
            "reason_form": ReasonForm(),
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


@require_POST
def objection_confirm(request: SignedInRequest, code: str) -> HttpResponse:
    """Give an answer as a second person."""
    proposal, objection = _checkable(request, code)
    try:
        services.confirm_objection(
            objection=objection, actor=request.user, at=request.received_at
        )
    except services.ObjectionNotOpen as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Confirmed. The institution was told."))
    return redirect("submissions:objection_list", proposal.round.slug)


@require_POST
def objection_send_back(request: SignedInRequest, code: str) -> HttpResponse:
    """Do not give an answer, with a reason for its writer."""
    proposal, objection = _checkable(request, code)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the reason."))
        return redirect("submissions:objection_answer", code)
    try:
        services.send_back_objection(
            objection=objection,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=request.received_at,
        )
    except services.ObjectionNotOpen as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Sent back. The answer can be written anew."))
    return redirect("submissions:objection_list", proposal.round.slug)


@require_safe
def objection_file(request: SignedInRequest, key: str) -> FileResponse:
    """Hand out evidence of an objection to its institution and the secretariat."""
    files = ObjectionFile.objects.filter(
        objection__in=Objection.objects.visible_to(request.user)
    )
    return stored_file_response(get_object_or_404(files, key=key))


def _checkable(request: SignedInRequest, code: str) -> tuple[Proposal, Objection]:
    proposal = shared.checkable_proposal(request, code)
    objection = _objection_of(proposal)
    if objection is None:
        raise Http404
    return proposal, objection


def _objection_of(proposal: Proposal) -> Objection | None:
    found = (
        Objection.objects.filter(proposal=proposal)
        .select_related("filed_by", "answered_by", "confirmed_by")
        .first()
    )
    if found:
        found.proposal = proposal
    return found


def _files_of(objection: Objection | None) -> list[dict[str, object]]:
    """Evidence as lines of components/file_list.html."""
    if objection is None:
        return []
    return [
        {
            "label": file.name,
            "url": reverse("submissions:objection_file", args=[file.key]),
            "size": file.size,
            "kind": "file-earmark-pdf"
            if file.is_pdf
            else "file-earmark-image"
            if file.is_image
            else "file-earmark-text",
        }
        for file in objection.objectionfile_set.order_by("uploaded_at", "pk")
    ]

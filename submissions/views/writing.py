"""The editor: general data, and one section at a time."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from competitions.models import Criterion, Section
from core import rich_text
from submissions import differences, headers, queries, services, sources
from submissions.dossier import (
    HEADER_STEP,
    Dossier,
    SectionPart,
    load_dossier,
)
from submissions.forms import (
    AnswerForm,
    EvidenceForm,
    EvidenceLinkForm,
    HeaderForm,
)
from submissions.models import Answer, Proposal
from submissions.views import late, shared


@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: SignedInRequest, code: str, section: str) -> HttpResponse:
    """Write one section; the save button and the autosave use this one address."""
    rows = Proposal.objects.for_saving() if shared.is_autosave(request) else None
    proposal = shared.own_proposal(request, code, rows=rows)
    if request.method == "POST":
        return _save_section(request, proposal, section)
    dossier = load_dossier(proposal, rules=False)
    return section_page(request, dossier, _part(dossier, section))


def _part(dossier: Dossier, code: str) -> SectionPart:
    part = dossier.section(code)
    if part is None:
        raise Http404
    return part


def _save_section(
    request: SignedInRequest, proposal: Proposal, code: str
) -> HttpResponse:
    section = get_object_or_404(queries.sections_of(proposal), code=code)
    form = AnswerForm(request.POST, section=section)
    if not form.is_valid():
        return _answer_refused(request, proposal, code, form)
    text, html = _wanted(request, proposal, section, form)
    try:
        answer = services.save_answer(
            proposal=proposal,
            section=section,
            text=text,
            html=html,
            base_version=shared.base_version(request),
            actor=request.user,
            at=request.received_at,
        )
    except services.NotWritable as refusal:
        if kept := late.kept_answer(request, proposal, code, form.cleaned_data):
            return kept
        form.add_error("text", refusal.message)
        return _answer_refused(request, proposal, code, form)
    except services.AnswerConflict as conflict:
        return _answer_conflict(request, proposal, code, form, conflict)
    if shared.is_autosave(request):
        return _saved(request, proposal, answer.version)
    if form.dropped:
        messages.info(
            request, _("Images do not come along. Upload them as a supporting file.")
        )
    dossier = load_dossier(proposal, rules=False)
    _before, after = shared.steps_around(dossier, code)
    return redirect(after.url)


def _wanted(
    request: SignedInRequest, proposal: Proposal, section: Section, form: AnswerForm
) -> tuple[str, str | None]:
    """The `text` and `html` to save: those of the page, or both versions joined."""
    if "use_both" not in request.POST:
        return form.cleaned_data["text"], form.cleaned_data["html"]
    standing = Answer.objects.filter(proposal=proposal, section=section).first()
    both = rich_text.joined(form.answer, standing.content) if standing else form.answer
    return both.text, both.html


def _saved(request: SignedInRequest, proposal: Proposal, version: int) -> JsonResponse:
    now = request.received_at
    at = shared.saved_at(now, now, proposal.round.zone)
    return JsonResponse({"state": "saved", "at": at, "version": version})


def _answer_refused(
    request: SignedInRequest, proposal: Proposal, code: str, form: AnswerForm
) -> HttpResponse:
    if shared.is_autosave(request):
        return JsonResponse(
            {"state": "invalid", "errors": form.errors}, status=shared.UNPROCESSABLE
        )
    dossier = load_dossier(proposal, rules=False)
    return section_page(
        request,
        dossier,
        _part(dossier, code),
        form=form,
        status=shared.UNPROCESSABLE,
    )


def _answer_conflict(
    request: SignedInRequest,
    proposal: Proposal,
    code: str,
    form: AnswerForm,
    conflict: services.AnswerConflict,
) -> HttpResponse:
    context = {
        "current": conflict.current,
        "difference": differences.compare_formatted(
            conflict.kept.markup, conflict.current.content.markup
        ),
        "at": request.received_at,
        "zone": proposal.round.zone,
    }
    if shared.is_autosave(request):
        html = render_to_string("submissions/section_conflict.html", context, request)
        both = rich_text.joined(conflict.kept, conflict.current.content)
        return JsonResponse(
            {
                "state": "conflict",
                "version": conflict.current.version,
                "html": html,
                "both": {"text": both.text, "html": both.markup},
            },
            status=shared.CONFLICT,
        )
    dossier = load_dossier(proposal, rules=False)
    return section_page(
        request,
        dossier,
        _part(dossier, code),
        form=form,
        conflict=context,
        status=shared.CONFLICT,
    )


def section_page(
    request: SignedInRequest,
    dossier: Dossier,
    part: SectionPart,
    *,
    form: AnswerForm | None = None,
    upload: EvidenceForm | None = None,
    link: EvidenceLinkForm | None = None,
    conflict: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the editor of one section with its files."""
    proposal = dossier.proposal
    is_writable = proposal.is_editable and dossier.is_open(request.received_at)
    before, after = shared.steps_around(dossier, part.section.code)
    answer = part.answer
    return render(
        request,
        "submissions/section_edit.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "part": part,
            "form": form
            or AnswerForm(
                initial={"text": part.text, "html": part.content.markup},
                section=part.section,
            ),
            "version": shared.base_version(request) if form else part.version,
            "saved_at": shared.saved_at(
                answer.saved_at if answer else None,
                request.received_at,
                proposal.round.zone,
            ),
            "upload": upload
            or (EvidenceForm(section=part.section) if part.takes_files else None),
            "conflict": conflict,
            "is_writable": is_writable,
            "shows_form": is_writable or form is not None,
            "link": link or EvidenceLinkForm(),
            "links_are_checked": settings.LINK_CHECKS and is_writable,
            "files": [
                *shared.file_items(part.files, deletable=is_writable),
                *shared.link_items(part.links, deletable=is_writable),
            ],
            "taken_from": sources.taken_from(
                proposal, answer.saved_at if answer else None
            ),
            "criteria": _criteria(part),
            "before": before,
            "after": after,
            **shared.navigation(dossier, part.section.code),
            **shared.notes_at(proposal, part.section.code),
            **shared.late_at(dossier, part.section.code),
        },
        status=status,
    )


def _criteria(part: SectionPart) -> list[Criterion]:
    """What jurors look for in this section."""
    return list(Criterion.objects.filter(sections=part.section).order_by("order", "pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def header_edit(request: SignedInRequest, code: str) -> HttpResponse:
    """Write the general data: title, group, category and the short fields."""
    proposal = shared.own_proposal(request, code)
    if request.method == "POST":
        return _save_header(request, proposal)
    dossier = load_dossier(proposal, rules=False)
    form = HeaderForm(
        proposal=proposal, header_fields=[part.field for part in dossier.header]
    )
    return _header_page(request, dossier, form)


def _save_header(request: SignedInRequest, proposal: Proposal) -> HttpResponse:
    form = HeaderForm(request.POST, proposal=proposal)
    is_whole = form.is_valid()
    try:
        proposal = services.save_header(
            proposal=proposal,
            draft=form.draft(),
            base_version=shared.base_version(request),
            actor=request.user,
            at=request.received_at,
        )
    except services.NotWritable as refusal:
        if kept := late.kept_header(request, proposal, form.draft()):
            return kept
        form.add_error(None, refusal.message)
        is_whole = False
    except services.TrackNotOpen as refusal:
        form.add_error("track", refusal.message)
        is_whole = False
    except services.HeaderConflict as conflict:
        return _header_conflict(request, form, conflict.current)
    if shared.is_autosave(request):
        if is_whole:
            return _saved(request, proposal, proposal.header_version)
        errors = {"version": proposal.header_version, "errors": form.errors}
        return JsonResponse({"state": "invalid", **errors}, status=shared.UNPROCESSABLE)
    if not is_whole:
        return _header_page(
            request,
            load_dossier(proposal, rules=False),
            form,
            status=shared.UNPROCESSABLE,
        )
    if form.asks_more_of(proposal.track):
        messages.info(
            request,
            _("The group %(track)s has more fields. Fill them in below.")
            % {"track": proposal.track},
        )
        return redirect("submissions:header_edit", code=proposal.code)
    dossier = load_dossier(proposal, rules=False)
    _before, after = shared.steps_around(dossier, HEADER_STEP)
    return redirect(after.url)


def _header_conflict(
    request: SignedInRequest, form: HeaderForm, current: Proposal
) -> HttpResponse:
    context = {
        "current": current,
        "changes": _header_changes(form, current),
        "at": request.received_at,
        "zone": current.round.zone,
    }
    if shared.is_autosave(request):
        html = render_to_string("submissions/header_conflict.html", context, request)
        return JsonResponse(
            {"state": "conflict", "version": current.header_version, "html": html},
            status=shared.CONFLICT,
        )
    return _header_page(
        request,
        load_dossier(current, rules=False),
        form,
        conflict=context,
        status=shared.CONFLICT,
    )


def _header_changes(form: HeaderForm, current: Proposal) -> list[dict[str, str]]:
    """The fields in which the page and the stored data differ, in words."""
    mine = form.draft()
    pairs = [
        (_("Name of the innovation"), mine.title, current.title),
        (_("Category"), str(mine.category or ""), str(current.category or "")),
        (_("Group"), str(mine.track), str(current.track)),
        (_("Cluster"), str(mine.cluster or ""), str(current.cluster or "")),
    ]
    for field in form.header_fields:
        theirs = current.header.get(field.code)
        own = mine.values.get(field.code, theirs)
        pairs.append(
            (field.label, headers.in_words(field, own), headers.in_words(field, theirs))
        )
    return [
        {"label": label, "mine": own, "theirs": theirs}
        for label, own, theirs in pairs
        if own != theirs
    ]


def _header_page(
    request: SignedInRequest,
    dossier: Dossier,
    form: HeaderForm,
    *,
    conflict: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    proposal = dossier.proposal
    is_writable = proposal.is_editable and dossier.is_open(request.received_at)
    _before, after = shared.steps_around(dossier, HEADER_STEP)
    return render(
        request,
        "submissions/header_edit.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "form": form,
            "conflict": conflict,
            "version": shared.base_version(request)
            if conflict
            else proposal.header_version,
            "saved_at": shared.saved_at(
                proposal.header_saved_at, request.received_at, proposal.round.zone
            ),
            "taken_from": sources.taken_from(proposal, proposal.created_at)
            if not proposal.header_saved_at
            else "",
            "is_writable": is_writable,
            "shows_form": is_writable or form.is_bound,
            "after": after,
            **shared.navigation(dossier, HEADER_STEP),
            **shared.notes_at(proposal, HEADER_STEP),
            **shared.late_at(dossier, HEADER_STEP),
        },
        status=status,
    )

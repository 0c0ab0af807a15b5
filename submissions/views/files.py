"""Files of a proposal: taken in, handed out, taken away; and the letters."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from core.cleaning import clean_file_name
from core.dates import as_local
from documents import composing
from documents import services as documents_services
from documents.files import preview_of, stored_file_response
from documents.models import StoredFile
from submissions import letters, permissions, services
from submissions.dossier import LETTERS_STEP, Dossier, LetterPart, load_dossier
from submissions.forms import EvidenceForm, EvidenceLinkForm, LetterForm
from submissions.headers import started_date
from submissions.models import Evidence, EvidenceLink, Proposal, StatementLetter
from submissions.views import shared
from submissions.views.uploading import arrived
from submissions.views.writing import section_page

# Letters that have a page to print where the form brings no text of its own.
PRINTED_TEMPLATES = {"implementasi", "identitas-inovator", "kesediaan-replikasi"}


@require_safe
def evidence_file(request: SignedInRequest, key: str) -> FileResponse:
    return stored_file_response(_visible_file(request, key), request)


@require_safe
def evidence_preview(request: SignedInRequest, key: str) -> HttpResponse:
    """A small picture of a file; a drawn sheet as long as there is none."""
    stored = _visible_file(request, key)
    picture = preview_of(stored)
    if not picture:
        sheet = static("img/berkas.svg")
        answer: HttpResponse = redirect(sheet)
    else:
        answer = HttpResponse(picture, content_type="image/jpeg")
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _visible_file(request: SignedInRequest, key: str) -> Evidence | StatementLetter:
    """The file named `key` of a proposal the person may read; else 404."""
    proposals = Proposal.objects.visible_to(request.user)
    found = (
        Evidence.objects.filter(key=key, proposal__in=proposals).first()
        or StatementLetter.objects.filter(key=key, proposal__in=proposals).first()
    )
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_create(request: SignedInRequest, code: str, section: str) -> HttpResponse:
    """Take a file in beside the answer it supports.

    Who only looks, as after signing in again, is sent to the section.
    """
    proposal = shared.own_proposal(request, code)
    if request.method != "POST":
        return redirect("submissions:section_edit", code=code, section=section)
    dossier = load_dossier(proposal, rules=False)
    part = dossier.section(section)
    if part is None or not part.takes_files:
        raise Http404
    here = reverse("submissions:section_edit", args=[code, section])
    with arrived(request, proposal, "file") as found:
        if found.was_taken:
            return _stored(here)
        form = EvidenceForm(request.POST, found.files, section=part.section)
        found.add_problem_to(form, "file")
    if form.is_valid():
        try:
            evidence = services.add_evidence(
                proposal=proposal,
                section=part.section,
                upload=form.cleaned_data["file"],
                actor=request.user,
                at=request.received_at,
            )
        except (services.NotWritable, services.FileNotTaken) as refusal:
            form.add_error("file", refusal.message)
        else:
            found.take(request.received_at)
            return _taken(request, evidence, here)
    if shared.is_upload(request):
        return _not_taken(form)
    return section_page(
        request, dossier, part, upload=form, status=shared.UNPROCESSABLE
    )


@require_http_methods(["GET", "HEAD", "POST"])
def link_create(request: SignedInRequest, code: str, section: str) -> HttpResponse:
    """Take an address in beside the answer it supports; nobody calls it up."""
    proposal = shared.own_proposal(request, code)
    if request.method != "POST":
        return redirect("submissions:section_edit", code=code, section=section)
    dossier = load_dossier(proposal, rules=False)
    part = dossier.section(section)
    if part is None or not part.takes_links:
        raise Http404
    form = EvidenceLinkForm(request.POST)
    if form.is_valid():
        try:
            services.add_link(
                proposal=proposal,
                section=part.section,
                **form.cleaned_data,
                actor=request.user,
                at=request.received_at,
            )
        except (services.NotWritable, services.FileNotTaken) as refusal:
            form.add_error("url", refusal.message)
        else:
            messages.success(request, _("The link is stored."))
            here = reverse("submissions:section_edit", args=[code, section])
            return redirect(f"{here}#berkas")
    return section_page(request, dossier, part, link=form, status=shared.UNPROCESSABLE)


@require_POST
def link_check(request: SignedInRequest, code: str, section: str) -> HttpResponse:
    """Have the links of one section called up by the portal."""
    proposal = shared.own_proposal(request, code)
    part = load_dossier(proposal, rules=False).section(section)
    if part is None:
        raise Http404
    asked = services.ask_for_checks(
        proposal=proposal, section=part.section, at=request.received_at
    )
    if not settings.LINK_CHECKS:
        messages.info(request, _("This portal calls up no links. Open them yourself."))
    elif asked:
        messages.info(
            request, _("The links are being checked. Load this page again in a minute.")
        )
    else:
        messages.info(request, _("The links were checked a few minutes ago."))
    here = reverse("submissions:section_edit", args=[code, section])
    return redirect(f"{here}#berkas")


@require_POST
def link_delete(request: SignedInRequest, key: str) -> HttpResponse:
    """Take an address away."""
    links = EvidenceLink.objects.filter(
        proposal__in=Proposal.objects.visible_to(request.user)
    )
    link = get_object_or_404(links.select_related("proposal", "section"), key=key)
    proposal = shared.own_proposal(request, link.proposal.code)
    try:
        services.remove_link(link=link, actor=request.user, at=request.received_at)
    except services.NotWritable as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The link was deleted."))
    here = reverse("submissions:section_edit", args=[proposal.code, link.section.code])
    return redirect(f"{here}#berkas")


def _taken(request: SignedInRequest, stored: StoredFile, here: str) -> HttpResponse:
    messages.success(request, _("%(name)s is safe and stored.") % {"name": stored.name})
    if shared.is_upload(request):
        return _stored(here)
    return redirect(f"{here}#berkas")


def _stored(here: str) -> JsonResponse:
    # Without the fragment: the same address with one would not be loaded anew.
    return JsonResponse({"state": "stored", "url": here})


def _not_taken(form: EvidenceForm | LetterForm) -> JsonResponse:
    return JsonResponse(
        {"state": "invalid", "errors": form.errors}, status=shared.UNPROCESSABLE
    )


@require_POST
def evidence_delete(request: SignedInRequest, key: str) -> HttpResponse:
    """Take a file away: supporting evidence or a letter."""
    stored = _visible_file(request, key)
    proposal = shared.own_proposal(request, stored.proposal.code)
    try:
        if isinstance(stored, Evidence):
            here = reverse(
                "submissions:section_edit", args=[proposal.code, stored.section.code]
            )
            services.remove_evidence(
                evidence=stored, actor=request.user, at=request.received_at
            )
        else:
            here = reverse("submissions:letter_list", args=[proposal.code])
            services.remove_letter(
                letter=stored, actor=request.user, at=request.received_at
            )
    except services.NotWritable as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(name)s was deleted.") % {"name": stored.name})
    return redirect(f"{here}#berkas")


@require_http_methods(["GET", "HEAD", "POST"])
def letter_list(request: SignedInRequest, code: str) -> HttpResponse:
    """The statement letters: template, upload, what is there."""
    proposal = shared.own_proposal(request, code)
    dossier = load_dossier(proposal, rules=False)
    if not dossier.letters:
        raise Http404
    bound: LetterForm | None = None
    if request.method == "POST":
        part = _letter(dossier, request.POST.get("kind", ""))
        with arrived(request, proposal, f"{part.kind.code}-file") as found:
            if found.was_taken:
                return _stored(reverse("submissions:letter_list", args=[code]))
            bound = LetterForm(request.POST, found.files, kind=part.kind)
            found.add_problem_to(bound, "file")
        answer = _put_letter(request, proposal, part, bound)
        if answer is not None:
            if answer.status_code < shared.UNPROCESSABLE:
                found.take(request.received_at)
            return answer
    return _letter_page(request, dossier, bound)


def _letter(dossier: Dossier, code: str) -> LetterPart:
    for part in dossier.letters:
        if part.kind.code == code:
            return part
    raise Http404


def _put_letter(
    request: SignedInRequest, proposal: Proposal, part: LetterPart, form: LetterForm
) -> HttpResponse | None:
    if form.is_valid():
        try:
            letter = services.put_letter(
                proposal=proposal,
                kind=part.kind,
                upload=form.cleaned_data["file"],
                actor=request.user,
                at=request.received_at,
            )
        except services.NotWritable as refusal:
            form.add_error("file", refusal.message)
        else:
            here = reverse("submissions:letter_list", args=[proposal.code])
            return _taken(request, letter, here)
    return _not_taken(form) if shared.is_upload(request) else None


def _letter_page(
    request: SignedInRequest, dossier: Dossier, bound: LetterForm | None
) -> HttpResponse:
    proposal = dossier.proposal
    is_writable = proposal.is_editable and dossier.is_open(request.received_at)
    before, after = shared.steps_around(dossier, LETTERS_STEP)
    return render(
        request,
        "submissions/letter_list.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "letters": [
                _letter_row(part, bound, is_writable) for part in dossier.letters
            ],
            "bound": bound,
            "is_writable": is_writable,
            "before": before,
            "after": after,
            **shared.navigation(dossier, LETTERS_STEP),
            **shared.notes_at(proposal, LETTERS_STEP),
        },
        status=shared.UNPROCESSABLE if bound else 200,
    )


def _letter_row(
    part: LetterPart, bound: LetterForm | None, is_writable: bool
) -> dict[str, Any]:
    uploaded = [part.letter] if part.letter else []
    form = (
        bound
        if bound and bound.prefix == part.kind.code
        else LetterForm(kind=part.kind)
    )
    return {
        "kind": part.kind,
        "has_template": part.kind.code in PRINTED_TEMPLATES,
        "letter": part.letter,
        "files": shared.file_items(uploaded, deletable=is_writable),
        "form": form,
    }


@require_safe
def letter_template(request: SignedInRequest, code: str, kind: str) -> HttpResponse:
    """A statement letter filled in as far as the portal knows, ready to print."""
    proposal = shared.visible_proposal(request, code)
    dossier = load_dossier(proposal, rules=False)
    part = _letter(dossier, kind)
    if part.kind.body:
        return redirect("submissions:letter_file", code=code, kind=kind)
    return render(
        request,
        "submissions/letter_template.html",
        {
            "proposal": proposal,
            "kind": part.kind,
            "body_templates": [
                f"submissions/letters/{part.kind.code}.html",
                "submissions/letters/other.html",
            ],
            "government": proposal.round.competition.government,
            "started": started_date(dossier.header),
            "year": str(as_local(request.received_at, proposal.round.zone).year),
            "can_write": permissions.can_write(request.user, proposal),
        },
    )


@require_safe
def letter_file(request: SignedInRequest, code: str, kind: str) -> HttpResponse:
    """The letter as a PDF: head of paper, facts filled in, room for the signature.

    It holds employee numbers in full, so it is for those who write the proposal.
    """
    proposal = shared.own_proposal(request, code)
    dossier = load_dossier(proposal, rules=False)
    part = _letter(dossier, kind)
    if not part.kind.body:
        raise Http404
    context = letters.context_of(dossier, part.kind, request.received_at)
    with translation.override("id"):  # it goes into an Indonesian file
        matter = composing.matter_of(letters.TEMPLATE, context)
    content = documents_services.compose_awaited(matter)
    response = HttpResponse(content, content_type="application/pdf")
    name = clean_file_name(f"{part.kind.title} {proposal.code}", ".pdf")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response

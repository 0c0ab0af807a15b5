"""The draft of the decree, its recording, the signed paper."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from awards import decrees, queries, services, word_files
from awards.forms import DecreeTextForm, ScanForm
from awards.models import Award, DecreeScan
from competitions.models import Round
from competitions.views.running import running_round
from core.requests import PortalRequest
from documents import composing, drafts, rendering
from documents import services as documents_services
from documents.files import disposition, stored_file_response


@require_http_methods(["GET", "HEAD", "POST"])
def decree_text(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """How the draft is worded, with its facts; POST keeps another wording."""
    round = running_round(request.user, round_slug)
    if request.method != "POST":
        return _page(request, round, _bound_to(round))
    form = DecreeTextForm(request.POST)
    if form.is_valid():
        try:
            services.word_decree(
                round=round,
                wording=form.wording,
                base_version=form.cleaned_data["version"],
                actor=request.user,
                at=request.received_at,
            )
        except services.WordingStale as refusal:
            form = _with_newest_version(request, round)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Wording saved. Open the draft to see it."))
            return redirect("awards:decree_text", round.slug)
    return _page(request, round, form)


@require_safe
def decree_draft(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The decree with its annex as a draft in PDF.

    With `bentuk=naskah` to sign, with `bentuk=docx` to go on with in a word processor.
    """
    round = running_round(request.user, round_slug)
    awards = _standing(round)
    if not awards:
        raise Http404
    decree = queries.decree_of(round)
    values = decrees.values_of(
        round,
        wording=_wording(round),
        awards=awards,
        decree=decree,
        minutes=queries.minutes_of(round),
        signatory=queries.signatory_of(round),
    )
    government = round.competition.government
    form = request.GET.get("bentuk")
    if form == "docx":
        content = word_files.write_decree(values, at=request.received_at)
        name = f"konsep-sk-pemenang-{round.slug}.docx"
        return _sent(content, word_files.MIME_TYPE, disposition("attachment", name))
    if form == "naskah":
        with rendering.as_printed(government):
            matter = composing.matter_of(decrees.TEMPLATE, values)
        name = f"sk-pemenang-{round.slug}.pdf"
    else:
        day = decree.decree_date if decree else government.day_of(request.received_at)
        matter = drafts.matter_of(
            government=government,
            kind=decrees.KIND,
            title=_("Decree on the winners of %(round)s") % {"round": round.name},
            template=decrees.TEMPLATE,
            values=values,
            issued_date=day,
            at=request.received_at,
            number=decree.number if decree else "",
        )
        name = f"konsep-sk-pemenang-{round.slug}.pdf"
    content = documents_services.compose_awaited(matter)
    return _sent(content, "application/pdf", disposition("inline", name))


def _sent(content: bytes, mime_type: str, disposition: str) -> HttpResponse:
    response = HttpResponse(content, content_type=mime_type)
    response["Content-Disposition"] = disposition
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def decree_scan(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Keep the signed decree, and say whether everybody may read it."""
    round = running_round(request.user, round_slug)
    decree = queries.decree_of(round)
    has_scan = decree is not None and queries.scan_of(decree) is not None
    form = ScanForm(request.POST, request.FILES, has_scan=has_scan)
    if not form.is_valid():
        return _page(request, round, _bound_to(round), form)
    data = form.cleaned_data
    try:
        if data["file"]:
            services.keep_scan(
                round=round,
                upload=data["file"],
                is_public=data["is_public"],
                actor=request.user,
                at=request.received_at,
            )
        else:
            services.show_scan(
                round=round,
                is_public=data["is_public"],
                actor=request.user,
                at=request.received_at,
            )
    except services.ScanNotKept as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The signed decree is kept."))
    return redirect("awards:decree_text", round.slug)


@require_safe
def decree_scan_file(request: SignedInRequest, round_slug: str) -> FileResponse:
    """The signed decree, for the secretariat at any time."""
    round = running_round(request.user, round_slug)
    return stored_file_response(
        get_object_or_404(DecreeScan, decree__round=round), request
    )


@require_safe
@login_not_required
def decree_public(request: PortalRequest, round_slug: str) -> FileResponse:
    """The signed decree for everybody, where that is wished and the time has come."""
    scan = get_object_or_404(
        DecreeScan,
        is_public=True,
        decree__publish_at__lte=request.received_at,
        decree__round__slug=round_slug,
        decree__round__opened_at__isnull=False,
    )
    return stored_file_response(scan, request)


def _standing(round: Round) -> list[Award]:
    return list(Award.objects.of_round(round).standing().for_list())


def _wording(round: Round) -> decrees.Wording:
    """As it is worded, or as the last time, or as usual."""
    text = queries.decree_text_of(round) or queries.earlier_decree_text(round)
    if text is None:
        return decrees.default_wording(round.competition.government)
    return decrees.wording_of(text)


def _bound_to(round: Round) -> DecreeTextForm:
    text = queries.decree_text_of(round)
    return DecreeTextForm(wording=_wording(round), version=text.version if text else 0)


def _with_newest_version(request: SignedInRequest, round: Round) -> DecreeTextForm:
    """What was typed, ready to be saved over what somebody else saved meanwhile."""
    text = queries.decree_text_of(round)
    data = request.POST.copy()
    data["version"] = str(text.version if text else 0)
    form = DecreeTextForm(data)
    form.is_valid()
    return form


def _page(
    request: SignedInRequest,
    round: Round,
    form: DecreeTextForm,
    scan_form: ScanForm | None = None,
) -> HttpResponse:
    decree = queries.decree_of(round)
    scan = queries.scan_of(decree) if decree else None
    text = queries.decree_text_of(round)
    awards = _standing(round)
    context: dict[str, Any] = {
        "round": round,
        "form": form,
        "text": text,
        "earlier": None if text else queries.earlier_decree_text(round),
        "decree": decree,
        "scan": scan,
        "scan_form": scan_form
        or ScanForm(has_scan=scan is not None, is_public=bool(scan and scan.is_public)),
        "awards": awards,
        "minutes": queries.minutes_of(round),
        "signatory": queries.signatory_of(round),
        "placeholders": decrees.PLACEHOLDERS.items(),
    }
    return render(request, "awards/decree_text.html", context)

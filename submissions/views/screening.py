"""The secretariat's administrative check: the queue, and one proposal of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django.views.decorators.vary import vary_on_headers

from accounts.requests import SignedInRequest
from competitions.models import Round, ScoringStage
from competitions.views.running import running_round
from submissions import requirements, screenings, services
from submissions.dossier import Dossier, load_dossier
from submissions.forms import ReasonForm, ScreeningFilter, ScreeningForm
from submissions.models import (
    Correction,
    Objection,
    Proposal,
    Screening,
    ScreeningResult,
)
from submissions.screenings import Neighbours
from submissions.similarity import Likeness, first_text, like_submitted
from submissions.views import shared

PAGE_SIZE = 50
MAIN_FILTERS = ["cari", "status", "temuan", "instansi"]
MORE_FILTERS = {"kelompok", "kategori", "pemeriksa", "urut"}


@require_safe
@vary_on_headers("HX-Request")
def screening_list(request: SignedInRequest, round: str) -> HttpResponse:
    """The proposals of a round with the state of their check."""
    found = running_round(request.user, round)
    queue = screenings.queue_of(found, request.user)
    filtered = ScreeningFilter(
        request.GET, queryset=screenings.for_queue(queue), round=found
    )
    page = Paginator(filtered.rows, PAGE_SIZE).get_page(request.GET.get("halaman"))
    counts = screenings.counts_of(queue, found)
    here = reverse("submissions:screening_list", args=[found.slug])
    template = "submissions/screening_list.html"
    return render(
        request,
        f"{template}#rows" if request.htmx else template,
        {
            "round": found,
            "page": page,
            "filter": filtered,
            "main_filters": [filtered.form[name] for name in MAIN_FILTERS],
            "more_filters": [
                field for field in filtered.form if field.name not in MAIN_FILTERS
            ],
            "has_more": any(
                value for name, value in request.GET.items() if name in MORE_FILTERS
            ),
            "is_filtered": filtered.is_narrow,
            "query": _query_of(request),
            "counts": counts,
            "tabs": _tabs(here, counts, request),
            "findings": _findings(here, counts),
            # Whoever names the institution can still be asked for another wording.
            "blind_stage": ScoringStage.objects.filter(round=found, is_blind=True)
            .order_by("order")
            .values_list("code", flat=True)
            .first(),
            "result": ScreeningResult.objects.filter(round=found)
            .select_related("announcement")
            .first(),
        },
    )


@require_POST
def screening_refresh(request: SignedInRequest, round: str) -> HttpResponse:
    """Let the machine look anew at what waits, the longest not looked at first."""
    found = running_round(request.user, round)
    left = services.refresh_findings(round=found, at=request.received_at)
    if left:
        messages.info(
            request,
            _(
                "Looked anew at the first %(number)d. %(left)d are left: press once "
                "more for the next."
            )
            % {"number": services.AT_ONCE, "left": left},
        )
    else:
        messages.success(request, _("The portal has looked at every proposal anew."))
    return redirect("submissions:screening_list", found.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def screening_edit(request: SignedInRequest, code: str) -> HttpResponse:
    """One proposal beside the list of requirements; what is like it comes after it."""
    proposal = shared.checkable_proposal(
        request, code, rows=Proposal.objects.for_page().with_check()
    )
    if not proposal.is_entered:
        raise Http404
    if request.htmx:
        dossier = load_dossier(proposal, rules=False)
        return render(
            request,
            "submissions/similar_titles.html",
            {"similar": _similar(request, dossier)},
        )
    dossier = load_dossier(proposal)
    findings = requirements.evaluate_all(dossier)
    screening: Screening | None = getattr(proposal, "screening", None)
    objection: Objection | None = getattr(proposal, "objection", None)
    draft = screening.draft if screening and screening.is_draft else {}
    form = ScreeningForm(request.POST or None, findings=findings, draft=draft)
    if request.method == "POST":
        answer = _act(request, proposal, form)
        if answer:
            return answer
    return _screening_page(request, dossier, form, screening, objection)


def _act(
    request: SignedInRequest, proposal: Proposal, form: ScreeningForm
) -> HttpResponse | None:
    """Decide or keep a draft; nothing if the form must be shown again."""
    is_draft = request.POST.get("act") == "draft"
    if not (form.is_valid() or (is_draft and form.may_be_draft)):
        return None
    beside = _neighbours(request, proposal)  # before it leaves the filter
    try:
        if is_draft:
            services.save_screening_draft(
                proposal=proposal,
                values=form.draft(),
                base_version=shared.base_version(request),
                actor=request.user,
                at=request.received_at,
            )
            messages.success(
                request, _("Draft of the check saved. Nothing is decided.")
            )
            return redirect(request.get_full_path())
        screening = services.screen_proposal(
            proposal=proposal,
            verdicts=form.verdicts(),
            note=form.cleaned_data["note"],
            actor=request.user,
            at=request.received_at,
        )
    except services.ScreeningNotPossible as refusal:
        messages.info(request, refusal.message)
        return redirect(request.get_full_path())
    except (services.ScreeningIncomplete, services.DraftOutdated) as refusal:
        form.add_error(None, refusal.message)
        return None
    return _decided(request, screening, beside)


def _decided(
    request: SignedInRequest, screening: Screening, beside: Neighbours
) -> HttpResponse:
    """On to the next proposal that waits in the same filter, or back to the list."""
    proposal = screening.proposal
    text = (
        _("%(title)s: passed. Its institution knows when the result is published.")
        if screening.passed
        else _(
            "%(title)s: not passed. Its institution knows when the result is published."
        )
    )
    messages.success(request, text % {"title": proposal.title})
    query = _query_of(request)
    following = beside.after
    if not request.GET:
        following = (
            _waiting(request, proposal.round)
            .order_by("submitted_at", "pk")
            .values_list("code", flat=True)
            .first()
            or ""
        )
    if following:
        return redirect(reverse("submissions:screening_edit", args=[following]) + query)
    return redirect(
        reverse("submissions:screening_list", args=[proposal.round.slug]) + query
    )


def _waiting(request: SignedInRequest, round: Round) -> Any:
    queue = screenings.queue_of(round, request.user)
    return queue.filter(screenings.condition_of(screenings.WAITING, round))


def _neighbours(request: SignedInRequest, proposal: Proposal) -> Neighbours:
    """What stands beside it in the filter that the person came from."""
    # Who checks one proposal of a round checks all that organisers may know of.
    known = Proposal.objects.known_to_organisers()
    queue = screenings.standing_in_queue(known, proposal.round)
    if not request.GET:  # the filter costs more than what it would leave as it is
        rows = queue.order_by("submitted_at", "pk")
    else:
        rows = ScreeningFilter(request.GET, queryset=queue, round=proposal.round).rows
    return screenings.neighbours_of(proposal.code, rows)


def _screening_page(
    request: SignedInRequest,
    dossier: Dossier,
    form: ScreeningForm,
    screening: Screening | None,
    objection: Objection | None,
) -> HttpResponse:
    proposal = dossier.proposal
    is_decided = screening is not None and not screening.is_draft
    needs_second = bool(
        screening and screening.needs_second(proposal.round.screening_four_eyes)
    )
    return render(
        request,
        "submissions/screening_edit.html",
        {
            "proposal": proposal,
            "dossier": dossier,
            "form": form,
            "rows": []
            if is_decided or not proposal.is_submitted
            else list(form.rows()),
            "screening": screening if is_decided else None,
            "draft": screening if screening and screening.is_draft else None,
            "screening_items": screenings.screening_items(
                screening if is_decided else None
            ),
            "needs_second": needs_second,
            "may_confirm": needs_second
            and screening is not None
            and screening.decided_by_id != request.user.pk,
            "may_publish": is_decided
            and proposal.is_submitted
            and not needs_second
            and ScreeningResult.objects.filter(round=proposal.round_id).exists(),
            "reason_form": ReasonForm(),
            "correction": Correction.objects.filter(proposal=proposal)
            .order_by("-pk")
            .first(),
            "objection": objection,
            "beside": _neighbours(request, proposal),
            # It takes longer than all the rest: asked for once the page stands.
            "similar": _similar(request, dossier)
            if shared.SIMILAR in request.GET
            else None,
            "query": _query_of(request),
        },
        status=shared.UNPROCESSABLE if form.errors else 200,
    )


def _similar(request: SignedInRequest, dossier: Dossier) -> list[Likeness]:
    """What reads like it, of the rounds that the person may check too."""
    found = like_submitted(proposal=dossier.proposal, text=first_text(dossier))
    if not found:
        return []
    readable = Proposal.objects.screenable_by(request.user).filter(
        innovation__in=[each.innovation for each in found]
    )
    allowed = set(readable.values_list("innovation", flat=True))
    return [each for each in found if each.innovation in allowed]


def _query_of(request: SignedInRequest) -> str:
    """The filter in the address, without what is of one page only."""
    kept = request.GET.copy()
    for name in ("halaman", shared.SIMILAR):
        kept.pop(name, None)
    text = kept.urlencode()
    return f"?{text}" if text else ""


def _tabs(
    here: str, counts: screenings.QueueCounts, request: SignedInRequest
) -> list[dict[str, Any]]:
    chosen = request.GET.get("status", "")
    tabs = [
        {"label": _("All"), "url": here, "current": not chosen, "count": counts.total}
    ]
    tabs += [
        {
            "label": label,
            "url": f"{here}?status={code}",
            "current": chosen == code,
            "count": counts.stands[code],
        }
        for code, label in screenings.STANDS.items()
        if counts.stands[code] or chosen == code
    ]
    return tabs


def _findings(here: str, counts: screenings.QueueCounts) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": f"{here}?temuan={code}",
            "count": counts.findings[code],
        }
        for code, label in screenings.FINDINGS.items()
        if counts.findings[code]
    ]

"""Field verification: the secretariat's overview, claims, photos, the report."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from competitions import permissions as competition_permissions
from competitions.models import ScoringStage
from competitions.views.running import running_round
from core.cleaning import clean_file_name
from documents import composing
from documents import services as documents_services
from documents.files import preview_of, stored_file_response
from judging import queries, services, visiting
from judging.models import ScoreSheet, VisitClaim, VisitFinding, VisitPhoto
from judging.views.presenting import pdf_response
from judging.visit_forms import ClaimsForm
from submissions.models import Proposal

PAGE_SIZE = 50


@require_safe
def visit_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """How far the visits are: who went, how much was looked at; not what was found."""
    stage = _gate(request, round_slug)
    page = Paginator(queries.visited_proposals(stage), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    rows = queries.visits_of(stage, page.object_list)
    window = queries.window_of(stage)
    return render(
        request,
        "judging/visit_list.html",
        {
            "round": stage.round,
            "stage": stage,
            "window": window,
            "page": page,
            "rows": rows,
            "total": queries.summed(queries.coverage(stage).values()),
            "is_shown": queries.scores_may_be_shown(stage, window, request.received_at),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def visit_claims(request: SignedInRequest, round_slug: str, code: str) -> HttpResponse:
    """The claims that every juror checks at one proposal; POST adds or removes."""
    stage = _gate(request, round_slug)
    proposal = get_object_or_404(
        queries.visited_proposals(stage).select_related("institution", "track"),
        code=code,
    )
    claims = list(
        VisitClaim.objects.for_all()
        .filter(scoring_stage=stage, proposal=proposal)
        .order_by("added_at", "pk")
    )
    if request.POST.get("remove"):
        return _remove_claim(request, stage, proposal, claims)
    form = ClaimsForm(
        request.POST or None,
        suggestions=visiting.suggestions_in(
            queries.answers_of(proposal), known=(each.text for each in claims)
        ),
    )
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_claims_for_all(
                stage=stage,
                proposal=proposal,
                claims=form.new_claims,
                actor=request.user,
                at=request.received_at,
            )
        except services.ClaimNotAdded as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d claim was added.",
                    "%(count)d claims were added.",
                    len(added),
                )
                % {"count": len(added)},
            )
            return redirect("judging:visit_claims", round_slug, code)
    return render(
        request,
        "judging/visit_claims.html",
        {
            "round": stage.round,
            "stage": stage,
            "proposal": proposal,
            "claims": claims,
            "found": set(
                VisitFinding.objects.filter(claim__in=claims).values_list(
                    "claim", flat=True
                )
            ),
            "form": form,
        },
    )


@require_safe
def visit_photo(request: SignedInRequest, key: str, photo_key: str) -> FileResponse:
    """A photo of a visit, to its juror; to the secretariat once scores may be seen."""
    return stored_file_response(_photo(request, key, photo_key), request)


@require_safe
def visit_photo_preview(
    request: SignedInRequest, key: str, photo_key: str
) -> HttpResponse:
    """The same, small; a drawn sheet as long as there is none."""
    picture = preview_of(_photo(request, key, photo_key))
    if not picture:
        return redirect(static("img/berkas.svg"))
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@require_safe
def visit_report(request: SignedInRequest, key: str) -> HttpResponse:
    """What one juror found on the spot, as a paper to print and sign."""
    sheet = _readable_sheet(request, key)
    assignment = sheet.assignment
    round = assignment.scoring_stage.round
    findings = queries.findings_of(sheet)
    with translation.override("id"), timezone.override(round.zone):
        matter = composing.matter_of(
            "judging/pdf/visit_report.html",
            {
                "sheet": sheet,
                "round": round,
                "government": round.competition.government,
                "stage": assignment.scoring_stage,
                "proposal": assignment.proposal,
                "juror": assignment.juror,
                "visit": queries.visit_of(sheet),
                "claims": [
                    (claim, findings.get(claim.key), _in_words(claim, findings))
                    for claim in queries.claims_of(sheet)
                ],
                "photos": queries.photos_of(sheet),
                "printed_at": request.received_at,
            },
        )
        name = clean_file_name(f"Laporan kunjungan {assignment.proposal.code}", ".pdf")
    return pdf_response(documents_services.compose_awaited(matter), name)


def _in_words(claim: VisitClaim, findings: dict[str, visiting.Found]) -> str:
    found = findings.get(claim.key)
    outcomes = dict(VisitFinding.Outcome.choices)
    return str(outcomes.get(found.outcome, "")) if found else ""


def _remove_claim(
    request: SignedInRequest,
    stage: ScoringStage,
    proposal: Proposal,
    claims: list[VisitClaim],
) -> HttpResponse:
    claim = next((each for each in claims if each.key == request.POST["remove"]), None)
    if claim is None:
        raise Http404
    try:
        services.remove_claim(claim=claim, actor=request.user, at=request.received_at)
    except services.ClaimNotRemoved as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The claim was removed."))
    return redirect("judging:visit_claims", stage.round.slug, proposal.code)


def _photo(request: SignedInRequest, key: str, photo_key: str) -> VisitPhoto:
    sheet = _readable_sheet(request, key)
    return get_object_or_404(VisitPhoto, sheet=sheet, key=photo_key)


def _readable_sheet(request: SignedInRequest, key: str) -> ScoreSheet:
    """A gate's sheet: the juror's own, or one whose verdict may be looked at."""
    sheet = _gates(request.user).filter(key=key).first()
    if sheet is not None:
        return sheet
    sheet = get_object_or_404(
        _with_all(ScoreSheet.objects.open().run_by(request.user).final()), key=key
    )
    stage = sheet.assignment.scoring_stage
    competition_permissions.require_no_part(request.user, stage.round)
    window = queries.window_of(stage)
    if not queries.scores_may_be_shown(stage, window, request.received_at):
        raise Http404
    return sheet


def _gates(user: User) -> QuerySet[ScoreSheet]:
    own = ScoreSheet.objects.visible_to(user)
    return _with_all(own.filter(assignment__juror__signed_at__isnull=False))


def _with_all(sheets: QuerySet[ScoreSheet]) -> QuerySet[ScoreSheet]:
    return sheets.filter(
        assignment__scoring_stage__kind=ScoringStage.Kind.FIELD_GATE
    ).select_related(
        "assignment__juror__user",
        "assignment__proposal__institution",
        "assignment__scoring_stage__round__competition__government",
    )


def _gate(request: SignedInRequest, round_slug: str) -> ScoringStage:
    """The stage asked for, else the first that is judged on the spot."""
    round = running_round(request.user, round_slug)
    gates = round.scoringstage_set.filter(kind=ScoringStage.Kind.FIELD_GATE)
    by_code = {each.code: each for each in gates.order_by("order", "pk")}
    stage = by_code.get(request.GET.get("tahap", "")) or next(
        iter(by_code.values()), None
    )
    if stage is None:
        raise Http404
    stage.round = round
    return stage

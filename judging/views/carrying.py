"""Work without a steady line: sheets as a workbook out and in, and on paper."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from competitions.models import Criterion, ScoringStage
from core.spreadsheets import XLSX_TYPE
from documents.files import disposition
from judging import queries, scoring, services, sheet_table
from judging.forms import SheetTableForm
from judging.models import Assignment, Juror, ScoreSheet
from judging.views.sheets import queue_url

SALT = "judging.sheet_table"
LASTS = 3600  # seconds
UNPROCESSABLE = 422
# So many proposals come on one page to print: some hundred sheets of paper.
ON_PAPER = 20


@dataclass(frozen=True)
class Desk:
    """The work of one juror in one stage."""

    juror: Juror
    stage: ScoringStage

    @property
    def queue_url(self) -> str:
        return queue_url(self.stage)


@never_cache
@require_safe
def sheet_export(request: SignedInRequest, round_slug: str, stage: str) -> HttpResponse:
    """Hand out the juror's open sheets as one workbook."""
    desk = _desk(request, round_slug, stage)
    criteria = queries.criteria_of(desk.stage)
    content = sheet_table.write_table(desk.stage, criteria, _open_sheets(desk))
    words = {"round": desk.juror.round.slug, "stage": desk.stage.code}
    name = _("score-sheets-%(round)s-%(stage)s.xlsx") % words
    return HttpResponse(
        content,
        content_type=XLSX_TYPE,
        headers={"Content-Disposition": disposition("attachment", name)},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_import(request: SignedInRequest, round_slug: str, stage: str) -> HttpResponse:
    """Take a workbook, show what each row would do; then do just that.

    What was shown goes along with the page, signed, and is looked at again.
    """
    desk = _desk(request, round_slug, stage)
    if request.method == "POST" and "plan" in request.POST:
        return _apply(request, desk)
    form = SheetTableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            lines, faults = sheet_table.read_table(
                form.cleaned_data["file"].read(),
                desk.stage,
                queries.criteria_of(desk.stage),
            )
        except sheet_table.TableUnreadable as refusal:
            form.add_error("file", refusal.message)
        else:
            plan = services.plan_import(
                juror=desk.juror, stage=desk.stage, lines=lines, faults=faults
            )
            return _show(request, desk, plan=plan, signed=_signed(desk, plan))
    return _show(request, desk, form=form)


@never_cache
@require_safe
def sheet_print(request: SignedInRequest, round_slug: str, stage: str) -> HttpResponse:
    """Show proposals with empty sheets, some at a time, for the printer."""
    desk = _desk(request, round_slug, stage)
    sheets = (
        ScoreSheet.objects.visible_to(request.user)
        .filter(assignment__juror=desk.juror, assignment__scoring_stage=desk.stage)
        .exclude(state=ScoreSheet.State.ABSTAINED)
        .select_related(
            "assignment__proposal__institution",
            "assignment__proposal__category",
            "assignment__proposal__track",
        )
        .order_by("key")
    )
    page = Paginator(sheets, ON_PAPER).get_page(request.GET.get("halaman"))
    criteria = queries.criteria_of(desk.stage)
    return render(
        request,
        "judging/sheet_print.html",
        {
            "desk": desk,
            "stage": desk.stage,
            "round": desk.juror.round,
            "page": page,
            "entries": _on_paper(list(page), desk.stage, criteria),
            "note_rule": scoring.note_rule(desk.stage),
        },
    )


def _desk(request: SignedInRequest, round_slug: str, stage: str) -> Desk:
    """The seat of who asks, once they have signed; scores are given at this stage."""
    # In one query, whatever is there: time must not tell of rounds of others.
    jurors = Juror.objects.sitting().filter(
        user=request.user, signed_at__isnull=False, round__slug=round_slug
    )
    own = Assignment.objects.filter(scoring_stage=OuterRef("pk"), juror__in=jurors)
    found = get_object_or_404(ScoringStage.objects.filter(Exists(own)), code=stage)
    if found.is_gate:
        raise Http404
    juror = jurors.select_related("round__competition__government").get()
    found.round = juror.round
    return Desk(juror, found)


def _open_sheets(desk: Desk) -> list[ScoreSheet]:
    return list(
        ScoreSheet.objects.open()
        .filter(
            assignment__juror=desk.juror,
            assignment__scoring_stage=desk.stage,
            state=ScoreSheet.State.DRAFT,
        )
        .select_related("assignment__proposal__category", "assignment__proposal__track")
        .prefetch_related("score_set")
        .order_by("key")
    )


def _on_paper(
    sheets: list[ScoreSheet], stage: ScoringStage, criteria: list[Criterion]
) -> list[dict[str, Any]]:
    readings = queries.readings_of(
        [sheet.assignment.proposal for sheet in sheets], is_blind=stage.is_blind
    )
    return [
        {
            "sheet": sheet,
            "proposal": (proposal := sheet.assignment.proposal),
            "reading": readings[proposal.pk],
            "criteria": [each for each in criteria if each.is_for(proposal.track.code)],
        }
        for sheet in sheets
    ]


def _apply(request: SignedInRequest, desk: Desk) -> HttpResponse:
    lines = _read_signed(request, desk)
    if lines is None:
        messages.error(
            request, _("This page was open for too long. Upload the file once more.")
        )
        return redirect(request.path)
    done = services.import_scores(
        juror=desk.juror,
        stage=desk.stage,
        lines=lines,
        actor=request.user,
        at=request.received_at,
    )
    if done.faults:
        return _show(request, desk, plan=done, is_done=True)
    messages.success(
        request,
        ngettext(
            "Scores of %(n)d sheet saved. Finish each in the portal.",
            "Scores of %(n)d sheets saved. Finish each in the portal.",
            len(done.rows),
        )
        % {"n": len(done.rows)},
    )
    return redirect(f"{desk.queue_url}&status=draf")


def _signed(desk: Desk, plan: services.SheetPlan) -> str:
    shown = {
        "juror": desk.juror.pk,
        "stage": desk.stage.pk,
        "rows": list(sheet_table.cells([row.line for row in plan.rows])),
    }
    return signing.dumps(shown, salt=SALT, compress=True)


def _read_signed(request: SignedInRequest, desk: Desk) -> list[sheet_table.Line] | None:
    """What was shown to this juror for this stage; None if it is too old."""
    try:
        shown = signing.loads(request.POST["plan"], salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    if (shown["juror"], shown["stage"]) != (desk.juror.pk, desk.stage.pk):
        return None
    return sheet_table.from_cells(shown["rows"])


def _show(
    request: SignedInRequest,
    desk: Desk,
    *,
    form: SheetTableForm | None = None,
    plan: services.SheetPlan | None = None,
    signed: str = "",
    is_done: bool = False,
) -> HttpResponse:
    place = [desk.juror.round.slug, desk.stage.code]
    return render(
        request,
        "judging/sheet_import.html",
        {
            "form": form or SheetTableForm(),
            "plan": plan,
            "signed": signed,
            "is_done": is_done,
            "stage": desk.stage,
            "queue_url": desk.queue_url,
            "export_url": reverse("judging:sheet_export", args=place),
        },
        status=UNPROCESSABLE if plan and plan.faults else 200,
    )

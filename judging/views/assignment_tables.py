"""Assignments as a file: out, edited, and in again after a look at what it does."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.institution_table.columns import TableUnreadable
from accounts.requests import SignedInRequest
from competitions.models import ScoringStage
from competitions.views.running import running_round
from core.spreadsheets import XLSX_TYPE
from judging import assignment_table, queries, services
from judging.assignment_forms import TableForm
from judging.models import Juror, ScoreSheet
from judging.views.assigning import frame, stage_url, stages_of
from submissions.models import Proposal

SALT = "judging.assignment_table"
LASTS = 3600  # seconds
UNPROCESSABLE = 422
MOST_SHOWN = 200  # rows of a table that a page lists


@require_safe
def assignment_export(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """All that is assigned in a stage, as a table that can be taken back."""
    round = running_round(request.user, round_slug)
    _stages, stage = stages_of(request, round)
    target = BytesIO()
    assignment_table.write_table(
        target,
        queries.assigned_pairs(stage),
        {value: str(label) for value, label in ScoreSheet.State.choices},
    )
    name = f"penugasan-{round.slug}-{stage.code}.xlsx"
    return HttpResponse(
        target.getvalue(),
        content_type=XLSX_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_import(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Take a table, show what it would do; then do just that.

    What was shown goes along with the page, signed: nothing lies about on the server.
    """
    round = running_round(request.user, round_slug)
    stages, stage = stages_of(request, round)
    if request.method == "POST" and "plan" in request.POST:
        return _apply(request, stage)
    form = TableForm(request.POST or None, request.FILES or None)
    context = {
        **frame(round, stages, stage, "assignment_import"),
        "form": form,
        "limit": assignment_table.MOST_ROWS,
    }
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows, faults = assignment_table.read_table(upload.name, upload.read())
            outcome = services.plan_table(
                scoring_stage=stage,
                rows=rows,
                is_whole=form.cleaned_data["isi"] == TableForm.WHOLE,
                at=request.received_at,
            )
        except TableUnreadable as refusal:
            form.add_error("file", refusal.message)
        except services.NothingAssigned as refusal:
            form.add_error(None, refusal.message)
        else:
            all_faults = [*faults, *outcome.faults]
            return render(
                request,
                "judging/assignment_table_plan.html",
                {
                    **context,
                    "outcome": outcome,
                    "faults": sorted(all_faults, key=lambda each: each.row)[
                        :MOST_SHOWN
                    ],
                    "fault_count": len(all_faults),
                    **_shown(outcome),
                    "signed": _signed(request, stage, form, outcome),
                },
                status=UNPROCESSABLE if all_faults else 200,
            )
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "judging/assignment_import.html", context, status=status)


def _apply(request: SignedInRequest, stage: ScoringStage) -> HttpResponse:
    address = stage_url("assignment_import", stage)
    try:
        plan = signing.loads(request.POST["plan"], salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        plan = None
    if plan is None or (plan["stage"], plan["user"]) != (stage.pk, request.user.pk):
        messages.error(
            request, _("This page was open for too long. Upload the table once more.")
        )
        return redirect(address)
    try:
        services.apply_table(
            scoring_stage=stage,
            added=[tuple(pair) for pair in plan["added"]],
            released=[tuple(pair) for pair in plan["released"]],
            reason=plan["reason"],
            actor=request.user,
            at=request.received_at,
        )
    except (services.PlanChanged, services.NothingAssigned) as refusal:
        messages.error(request, refusal.message)
        return redirect(address)
    messages.success(
        request,
        _("The table was applied: %(added)d added, %(released)d taken back.")
        % {"added": len(plan["added"]), "released": len(plan["released"])},
    )
    return redirect(stage_url("assignment_board", stage))


def _signed(
    request: SignedInRequest,
    stage: ScoringStage,
    form: TableForm,
    outcome: services.TableOutcome,
) -> str:
    plan = {
        "stage": stage.pk,
        "user": request.user.pk,
        "added": outcome.added,
        "released": outcome.released,
        "reason": form.cleaned_data["reason"],
    }
    return signing.dumps(plan, salt=SALT, compress=True)


def _shown(outcome: services.TableOutcome) -> dict[str, Any]:
    """The first pairs of each kind with their names, in two queries."""
    pairs = {
        "added": outcome.added[:MOST_SHOWN],
        "released": outcome.released[:MOST_SHOWN],
    }
    both = [pair for found in pairs.values() for pair in found]
    jurors = Juror.objects.select_related("user").in_bulk([pair[0] for pair in both])
    proposals = Proposal.objects.in_bulk([pair[1] for pair in both])
    return {
        name: [(proposals[proposal], jurors[juror]) for juror, proposal in found]
        for name, found in pairs.items()
    }

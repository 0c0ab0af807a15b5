"""What all pages of one sheet share: whose it is, how a refusal is told."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from accounts.requests import SignedInRequest
from competitions.models import ScoringStage
from core.dates import format_time
from judging import queries
from judging.models import ScoreSheet


def sheets_of(user: User) -> QuerySet[ScoreSheet]:
    """The sheets that `user` writes as a juror, with all that a page of one shows."""
    return (
        ScoreSheet.objects.visible_to(user)
        .select_related(
            "assignment__juror",
            "assignment__proposal__institution",
            "assignment__proposal__category",
            "assignment__proposal__track",
        )
        .defer(
            "assignment__juror__statement", "assignment__proposal__institution__email"
        )
        # In a query of its own: joined as well, planning took longer than both.
        .prefetch_related(
            "score_set",
            Prefetch(
                "assignment__scoring_stage",
                ScoringStage.objects.select_related("round"),
            ),
        )
    )


def sheets_to_save(user: User) -> QuerySet[ScoreSheet]:
    """The same for the page's script, which saves often and is shown nothing."""
    return (
        ScoreSheet.objects.visible_to(user)
        .select_related("assignment__juror", "assignment__proposal__track")
        .defer("assignment__proposal__header", "assignment__juror__statement")
        .prefetch_related("assignment__scoring_stage")
    )


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script asks, which saves by itself."""
    return request.headers.get("X-Requested-With") == "autosave"


def refuse(request: SignedInRequest, sheet: ScoreSheet, message: str) -> HttpResponse:
    """Tell why nothing was done; the script keeps what was typed on the device."""
    if wants_json(request):
        return JsonResponse({"state": "refused", "message": message}, status=403)
    messages.error(request, message)
    return redirect(sheet)


def saved(sheet: ScoreSheet, form: Form) -> JsonResponse:
    """Tell the script what is stored now, and which fields of `form` are not."""
    answer: dict[str, Any] = {"state": "saved", "version": sheet.version}
    if form.errors:
        return JsonResponse(
            answer | {"state": "invalid", "errors": form.errors}, status=422
        )
    if sheet.saved_at:
        answer["at"] = format_time(sheet.saved_at, "bare")
    return JsonResponse(answer)


def go_on(sheet: ScoreSheet) -> HttpResponseRedirect:
    """Lead to the sheet after this one; to the queue where none is left."""
    following = queries.sheet_after(sheet)
    return (
        redirect(following)
        if following
        else redirect(queue_url(sheet.assignment.scoring_stage))
    )


def queue_url(stage: ScoringStage) -> str:
    """The juror's list, at `stage`, whose round is loaded."""
    address = reverse("judging:assignment_list")
    return f"{address}?putaran={stage.round.slug}&tahap={stage.code}"


def is_fetched_ahead(request: HttpRequest) -> bool:
    """Whether a browser fetches what nobody has asked to see yet."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")

"""The rescue board: who has not sent yet, and one press to remind them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_safe,
)
from django.views.decorators.vary import vary_on_headers

from accounts.requests import SignedInRequest
from competitions.models import Round, Stage
from competitions.views.running import running_round
from competitions.windows import Window
from monitoring import rescue, trend
from monitoring.forms import (
    AbsentFilterForm,
    DraftFilterForm,
    order_in,
)

# Each row is checked against every requirement: more would not stay quick.
PAGE_SIZE = 18
HOURS_SIZE = 30
# So many are written to in one press; the next press goes on.
AT_ONCE = 100
UNPROCESSABLE = 422


def stage_of(round: Round) -> Stage:
    """Find when the round takes proposals; 404 where that is not set."""
    stage = rescue.submission_stage(round)
    if stage is None:
        raise Http404
    return stage


def common(request: SignedInRequest, round: Round, stage: Stage) -> dict[str, Any]:
    """What every page of the board shows around its own."""
    return {
        "round": round,
        "stage": stage,
        "is_open": round.is_opened and stage.opens_at <= request.received_at,
        "usual": Window(stage, stage.closes_at),
        "left": rescue.time_left(stage.closes_at, request.received_at),
        "here": request.get_full_path(),
        "tabs": _tabs(request, round),
    }


def _tabs(request: SignedInRequest, round: Round) -> list[dict[str, Any]]:
    pages = [
        ("rescue_board", _("Unsent drafts")),
        ("rescue_absent", _("Nothing yet")),
        ("rescue_hours", _("72 hours")),
        ("rescue_trend", _("Trend")),
    ]
    return [
        {
            "label": label,
            "url": (url := reverse(f"monitoring:{name}", args=[round.slug])),
            "current": request.path == url,
        }
        for name, label in pages
    ]


@require_safe
@vary_on_headers("HX-Request")
def rescue_board(request: SignedInRequest, round: str) -> HttpResponse:
    """The drafts of a round: how full, last touched, what is missing, time left."""
    found = running_round(request.user, round)
    stage = stage_of(found)
    form, order = DraftFilterForm(request.GET), order_in(request.GET)
    # Over ids: only the rows of the page are looked at closely.
    found_ids = form.narrow(rescue.drafts_of(found, stage), order, request.received_at)
    page = Paginator(found_ids, PAGE_SIZE).get_page(request.GET.get("halaman"))
    template = "monitoring/rescue_board.html"
    with timezone.override(found.zone):
        return render(
            request,
            f"{template}#rows" if request.htmx else template,
            common(request, found, stage)
            | {
                "form": form,
                "order": order,
                "page": page,
                "rows": rescue.draft_rows(
                    list(page), found, stage, request.received_at
                ),
                "query": request.GET.urlencode(),
            },
        )


@require_safe
@vary_on_headers("HX-Request")
def rescue_absent(request: SignedInRequest, round: str) -> HttpResponse:
    """The institutions that have nothing in a round yet, with people to ask."""
    found = running_round(request.user, round)
    stage = stage_of(found)
    form = AbsentFilterForm(request.GET)
    page = Paginator(absent_of(form, found, request), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    template = "monitoring/rescue_absent.html"
    with timezone.override(found.zone):
        return render(
            request,
            f"{template}#rows" if request.htmx else template,
            common(request, found, stage)
            | {
                "form": form,
                "page": page,
                "rows": rescue.absent_rows(
                    list(page), found, stage, request.received_at
                ),
                "query": request.GET.urlencode(),
            },
        )


def absent_of(form: AbsentFilterForm, round: Round, request: SignedInRequest) -> Any:
    """Find the institutions without a proposal, as the form narrows them."""
    return form.narrow(
        rescue.absent_institutions(
            round,
            request.received_at,
            all_levels=form.cleaned_data.get("semua", False),
        )
    )


@require_safe
@vary_on_headers("HX-Request")
def rescue_hours(request: SignedInRequest, round: str) -> HttpResponse:
    """What can still be saved within 72 hours, the least missing first."""
    found = running_round(request.user, round)
    stage = stage_of(found)
    found_ids = rescue.still_to_save(
        rescue.drafts_of(found, stage), request.received_at
    )
    count = len(found_ids)
    template = "monitoring/rescue_hours.html"
    with timezone.override(found.zone):
        return render(
            request,
            f"{template}#rows" if request.htmx else template,
            common(request, found, stage)
            | {
                "rows": rescue.draft_rows(
                    found_ids[:HOURS_SIZE],
                    found,
                    stage,
                    request.received_at,
                ),
                "count": count,
                "more": max(0, count - HOURS_SIZE),
                "begins_at": stage.closes_at - rescue.URGENT,
                "is_before": stage.closes_at - request.received_at > rescue.URGENT,
                "is_live": request.GET.get("segar") != "tidak",
                "now": request.received_at,
            },
        )


@require_safe
def rescue_trend(request: SignedInRequest, round: str) -> HttpResponse:
    """Drafts and submissions against last year, at the same day before closing."""
    found = running_round(request.user, round)
    stage = stage_of(found)
    with timezone.override(found.zone):
        return render(
            request,
            "monitoring/rescue_trend.html",
            common(request, found, stage)
            | {"trend": trend.load_trend(found, stage, request.received_at)},
        )

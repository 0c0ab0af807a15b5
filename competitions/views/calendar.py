"""Giving more time, and the calendar to subscribe to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    conditional_page,
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.requests import SignedInRequest
from competitions import audience, ical, permissions, services
from competitions.extensions import StageChange, planned_extension
from competitions.forms import ExceptionForm, ExtensionForm, ExtensionNoticeForm
from competitions.models import Event, Round, Stage, StageException
from core import dates
from core.requests import PortalRequest


def own_round(request: SignedInRequest, slug: str) -> Round:
    """The round that the person's own secretariat runs; else 404."""
    return get_object_or_404(
        Round.objects.run_by(request.user).of_government(), slug=slug
    )


@require_safe
@login_not_required
@conditional_page
def round_calendar(request: PortalRequest, round: str) -> HttpResponse:
    """The stages and events of a round, for calendars that subscribe."""
    found = get_object_or_404(Round.objects.published().of_government(), slug=round)
    content = ical.round_calendar(
        found,
        Stage.objects.filter(round=found).order_by("order"),
        Event.objects.filter(round=found).order_by("starts_at", "pk"),
    )
    return calendar_response(content, f"{found.slug}.ics")


def calendar_response(content: bytes, name: str) -> HttpResponse:
    """Hand out a calendar file."""
    response = HttpResponse(content, content_type=ical.CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_http_methods(["GET", "POST"])
def stage_extend(request: SignedInRequest, round: str, kind: str) -> HttpResponse:
    """Ask for the new closing, show what follows from it, then do it."""
    found = own_round(request, round)
    stages = list(Stage.objects.filter(round=found).order_by("order"))
    stage = next((each for each in stages if each.kind == kind), None)
    if stage is None or not found.is_opened:
        return redirect("competitions:stage_edit", found.slug)
    permissions.require_no_entry(request.user, found)
    form = ExtensionForm(request.POST or None, zone=found.zone)
    is_seen = "seen" in request.POST
    notice: ExtensionNoticeForm | None = None
    preview: _Preview | None = None
    if request.method == "POST" and form.is_valid():
        try:
            preview = _preview(
                found,
                stages,
                stage,
                form.cleaned_data["closes_on"],
                request.received_at,
            )
        except services.CalendarRefused as refusal:
            form.add_error("closes_on", refusal.message)
        else:
            notice = ExtensionNoticeForm(
                request.POST if is_seen else None,
                initial=_drafted_notice(found, stage, form.cleaned_data, request),
            )
            if is_seen and notice.is_valid():
                done = _extend(request, stage, form, notice)
                if done:
                    return done
    with timezone.override(found.zone):
        return render(
            request,
            "competitions/stage_extend.html",
            {
                "round": found,
                "stage": stage,
                "is_over": stage.is_over(request.received_at),
                "may_grant": permissions.can_grant_exceptions(request.user, found),
                "form": form,
                "notice": notice,
                "preview": preview,
            },
        )


@dataclass(frozen=True)
class _Preview:
    """What an extension would do."""

    changes: list[StageChange]
    people_count: int


def _preview(
    round: Round, stages: list[Stage], stage: Stage, closes_at: datetime, at: datetime
) -> _Preview:
    services.refuse_extension(round, stage, closes_at, at)
    changes = planned_extension(stages, stage, closes_at)
    people = audience.people_concerned(round, [each.stage for each in changes], at)
    return _Preview(changes, len(people))


def _drafted_notice(
    round: Round, stage: Stage, data: dict[str, Any], request: SignedInRequest
) -> dict[str, Any]:
    names = {"stage": stage.name, "round": round.name}
    body = _(
        "%(stage)s of %(round)s, which was to close on %(before)s, is extended to "
        "%(after)s.\n\nReason: %(reason)s"
    ) % {
        **names,
        "before": dates.format_datetime(stage.closes_at, "long", round.zone),
        "after": dates.format_datetime(data["closes_on"], "long", round.zone),
        "reason": data["reason"],
    }
    return {
        "issued_date": timezone.localdate(request.received_at, round.zone),
        "title": _("Extension: %(stage)s, %(round)s") % names,
        "body": body,
    }


def _extend(
    request: SignedInRequest,
    stage: Stage,
    form: ExtensionForm,
    notice: ExtensionNoticeForm,
) -> HttpResponse | None:
    """Extend; a refusal comes back as an error of `form`."""
    data = notice.cleaned_data
    draft = services.NoticeDraft(
        data["number"], data["issued_date"], data["title"], data["body"]
    )
    try:
        done = services.extend_stage(
            stage=stage,
            closes_at=form.cleaned_data["closes_on"],
            reason=form.cleaned_data["reason"],
            tell=data["tell"],
            notice=draft if data["publish"] else None,
            actor=request.user,
            at=request.received_at,
        )
    except services.CalendarRefused as refusal:
        form.add_error("closes_on", refusal.message)
        return None
    messages.success(
        request,
        ngettext(
            "%(stage)s is extended. %(count)d person was told.",
            "%(stage)s is extended. %(count)d people were told.",
            done.told,
        )
        % {"stage": stage.name, "count": done.told},
    )
    return redirect("competitions:stage_edit", stage.round.slug)


@require_http_methods(["GET", "POST"])
def exception_list(request: SignedInRequest, round: str) -> HttpResponse:
    """Who may submit later than the rest, and why; POST lets one more."""
    found = own_round(request, round)
    if not permissions.can_grant_exceptions(request.user, found):
        raise PermissionDenied(permissions.why_no_exceptions())
    at = request.received_at
    form = ExceptionForm(
        request.POST or None,
        institutions=audience.active_institutions(found, at),
        zone=found.zone,
    )
    if request.method == "POST" and form.is_valid():
        try:
            exception = services.grant_exception(
                round=found,
                institution=form.cleaned_data["institution"],
                closes_at=form.cleaned_data["closes_on"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=at,
            )
        except services.ExceptionRefused as refusal:
            form.add_error("closes_on", refusal.message)
        else:
            messages.success(
                request,
                _("%(institution)s may submit later. Its people were told.")
                % {"institution": exception.institution},
            )
            return redirect("competitions:exception_list", found.slug)
    exceptions = (
        StageException.objects.filter(stage__round=found)
        .select_related("institution", "stage", "granted_by")
        .order_by("-closes_at", "institution__name", "pk")
    )
    submission = Stage.objects.filter(round=found, kind=Stage.Kind.SUBMISSION).first()
    with timezone.override(found.zone):
        return render(
            request,
            "competitions/exception_list.html",
            {
                "round": found,
                "form": form,
                "exceptions": exceptions,
                "submission": submission,
                "now": at,
            },
        )


@require_POST
def exception_withdraw(request: SignedInRequest, round: str, key: str) -> HttpResponse:
    """Take an exception back."""
    found = own_round(request, round)
    if not permissions.can_grant_exceptions(request.user, found):
        raise PermissionDenied(permissions.why_no_exceptions())
    exception = get_object_or_404(
        StageException.objects.select_related("stage__round", "institution"),
        stage__round=found,
        key=key,
    )
    try:
        services.withdraw_exception(
            exception=exception,
            reason=request.POST.get("reason", "")[:500],
            actor=request.user,
            at=request.received_at,
        )
    except services.ExceptionRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            _("The exception of %(institution)s was taken back. Its people were told.")
            % {"institution": exception.institution},
        )
    return redirect("competitions:exception_list", found.slug)

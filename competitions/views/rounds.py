"""Lists of rounds, the public page of one, and making a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import acting
from accounts.models import Government, Membership, User
from accounts.requests import SignedInRequest
from competitions import permissions, phases, queries, services
from competitions.forms import RoundCreateForm
from competitions.models import (
    Announcement,
    Attachment,
    Competition,
    Event,
    Round,
    Stage,
)
from competitions.views.attachments import file_items
from competitions.views.events import event_rows
from competitions.windows import Window, submission_windows, widest
from core.errors import DomainError
from core.requests import PortalRequest

PAGE_SIZE = 20
EVENTS_SHOWN = 5
COPIES_SHOWN = 12
AUTUMN = 10  # the month


@dataclass(frozen=True)
class RoundRow:
    """One round in a list, as it stands at a moment."""

    round: Round
    current: Stage | None
    coming: Stage | None
    span: str
    is_finished: bool


def _row(round: Round, at: datetime) -> RoundRow:
    stages = list(round.stage_set.all())
    current = phases.current_stage(stages, at)
    coming = None if current else phases.next_stage(stages, at)
    shown = current or coming
    return RoundRow(
        round=round,
        current=current,
        coming=coming,
        span=phases.span(shown, round.zone, with_year=True) if shown else "",
        is_finished=phases.is_finished(stages, at),
    )


@require_safe
@login_not_required
def round_list(request: PortalRequest) -> HttpResponse:
    """All opened rounds, newest first."""
    page = Paginator(Round.objects.published().for_list(), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    rows = [_row(round, request.received_at) for round in page]
    return render(request, "competitions/round_list.html", {"page": page, "rows": rows})


@require_safe
@login_not_required
def round_detail(request: PortalRequest, round: str) -> HttpResponse:
    """What everybody may know of one round."""
    visible = (
        Round.objects.visible_to(request.user)
        if request.user.is_authenticated
        else Round.objects.published()
    )
    found = get_object_or_404(visible.of_government(), slug=round)
    parts = queries.round_parts(found)
    at = request.received_at
    submission = phases.stage_of_kind(parts.stages, Stage.Kind.SUBMISSION)
    announcement = phases.stage_of_kind(parts.stages, Stage.Kind.ANNOUNCEMENT)
    announcements = Announcement.objects.published_at(at).filter(round=found)
    events = Event.objects.for_page().filter(round=found, ends_at__gt=at)
    files = Attachment.objects.filter(round=found).guidelines().in_order()
    own_window = _own_window(found, request.user)
    closing = own_window or submission
    with timezone.override(found.zone):
        return render(
            request,
            "competitions/round_detail.html",
            {
                "round": found,
                "parts": parts,
                "phases": phases.phases(parts.stages, at, found.zone),
                "current": phases.current_stage(parts.stages, at),
                "coming": phases.next_stage(parts.stages, at),
                "submission": submission,
                "accepts_submissions": bool(
                    (submission and submission.is_open(at))
                    or (own_window and own_window.is_open(at))
                ),
                "own_window": own_window,
                "closes_at": closing.closes_at if closing else None,
                "events": event_rows(
                    events.order_by("starts_at", "pk")[:EVENTS_SHOWN], request.user
                ),
                "files": file_items(files),
                "calendar_address": _calendar_address(request, found),
                "may_begin": permissions.may_begin_proposal(request.user, found),
                "announcements": announcements.order_by("-publish_at", "-pk")[:3],
                "shows_winners": bool(announcement and announcement.opens_at <= at),
                "now": at,
                "public_body": found.competition.government.name,
            },
        )


def _own_window(round: Round, user: User | AnonymousUser) -> Window | None:
    """The later closing of an institution that the reader works for, if there is."""
    institutions = permissions.institutions_of(user, round)
    if not institutions:
        return None
    found = widest(submission_windows(round, institutions).values())
    return found if found and found.is_exception else None


def _calendar_address(request: PortalRequest, round: Round) -> str:
    """The address that calendars subscribe to: it opens them where they know it."""
    path = reverse("competitions:round_calendar", args=[round.slug])
    return f"webcal://{request.get_host()}{path}"


@require_safe
def round_admin_list(request: SignedInRequest) -> HttpResponse:
    """The rounds one's own secretariat prepares and runs."""
    if not permissions.can_create_round(request.user):
        raise Http404
    person = acting.acting(request, request.user, Membership.Role.SECRETARIAT)
    page = Paginator(Round.objects.run_by(person).for_list(), PAGE_SIZE).get_page(
        request.GET.get("halaman")
    )
    rows = [_row(round, request.received_at) for round in page]
    return render(
        request, "competitions/round_admin_list.html", {"page": page, "rows": rows}
    )


@require_http_methods(["GET", "POST"])
def round_create(request: SignedInRequest) -> HttpResponse:
    """Begin a round from shipped rules, in a series or as the first of one."""
    if not permissions.can_create_round(request.user):
        raise Http404
    governments = permissions.governments_run_by(request.user)
    competitions = list(
        Competition.objects.run_by(request.user)
        .select_related("government")
        .annotate(last_edition=Max("round__edition"), last_year=Max("round__year"))
        .order_by("short_name", "pk")
    )
    form = RoundCreateForm(
        request.POST or None,
        request.FILES or None,
        governments=governments,
        competitions=competitions,
        rounds=_copyable(request.user),
        initial=_proposed_round(request, governments, competitions),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _create_round(request, form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("The round is prepared. Nobody else sees it yet.")
            )
            return redirect("competitions:round_setup", made.slug)
    return render(
        request,
        "competitions/round_create.html",
        {"form": form, "chosen": form["preset"].value()},
    )


def _copyable(user: User) -> list[Round]:
    """The newest rounds a person runs, those people have seen first."""
    rounds = Round.objects.run_by(user).select_related("competition__government")
    newest = rounds.order_by("-year", "-edition", "-pk")[:COPIES_SHOWN]
    return sorted(newest, key=lambda each: not each.is_opened)


def _proposed_round(
    request: SignedInRequest,
    governments: Sequence[Government],
    competitions: Sequence[Competition],
) -> dict[str, object]:
    """What a new round will most often be: the next of the only series."""
    today = timezone.localdate(request.received_at)
    # In autumn a secretariat prepares the year to come.
    this_year = today.year + (today.month >= AUTUMN)
    proposed: dict[str, object] = {"year": this_year, "edition": 1}
    if competitions:
        series = competitions[0]
        proposed = {
            "competition": series.slug,
            "year": max(this_year, (series.last_year or 0) + 1),  # type: ignore[attr-defined]
            "edition": (series.last_edition or 0) + 1,  # type: ignore[attr-defined]
        }
    return proposed | {"organiser": governments[0].secretariat_name}


def _create_round(request: SignedInRequest, form: RoundCreateForm) -> Round:
    data = form.cleaned_data
    if source := form.source:
        return services.copy_round(
            source=source,
            year=data["year"],
            edition=data["edition"],
            theme=data["theme"],
            organiser=data["organiser"],
            first_day=data["first_day"],
            actor=request.user,
            at=request.received_at,
        )
    definition = form.definition
    assert definition is not None  # what is valid was read
    with transaction.atomic():
        competition = data["competition"] or services.create_competition(
            government=data["government"],
            name=data["series_name"],
            short_name=data["series_name"],
            actor=request.user,
            at=request.received_at,
        )
        first_day = data["first_day"]
        zone = ZoneInfo(competition.government.time_zone)
        return services.create_round(
            competition=competition,
            year=data["year"],
            edition=data["edition"],
            name=f"{competition.short_name} {data['year']}",
            theme=data["theme"],
            organiser=data["organiser"],
            definition=definition,
            stages=services.planned_stages(definition, first_day, zone)
            if first_day
            else (),
            actor=request.user,
            at=request.received_at,
        )

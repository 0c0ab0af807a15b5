"""The plenary as the secretariat leads it: called, attended, applied."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.models import User
from accounts.requests import SignedInRequest
from competitions.models import Round
from competitions.queries import ScoringParts
from competitions.views.running import running_round
from judging import queries, services, standings
from judging.forms import ReasonForm
from judging.models import Juror, Plenary, PlenaryAttendance, PlenaryDecision
from judging.plenary_forms import AttendanceForm, PlenaryForm


@dataclass(frozen=True)
class Sitting:
    """A plenary with all that its pages show; read once, when it is asked for."""

    plenary: Plenary

    @property
    def round(self) -> Round:
        return self.plenary.round

    @cached_property
    def scoring(self) -> list[ScoringParts]:
        """The stages up to the one it deliberates on."""
        return list(standings.looked_at(self.plenary))

    @cached_property
    def panel(self) -> list[PlenaryAttendance]:
        return queries.attendance_of(self.plenary)

    @cached_property
    def decisions(self) -> list[PlenaryDecision]:
        return queries.decisions_in(self.plenary)

    @cached_property
    def judged(self) -> tuple[standings.Judged, standings.Judged]:
        """Before its decisions, and after them."""
        return standings.before_and_after(self.plenary, self.scoring)

    @cached_property
    def agenda(self) -> standings.Agenda:
        before, after = self.judged
        return standings.agenda_of(
            self.plenary,
            self.scoring,
            before=before,
            after=after,
            decisions=self.decisions,
        )

    @cached_property
    def problems(self) -> list[str]:
        """What keeps it from being applied."""
        return standings.problems_of(
            self.plenary, self.judged[1], self.decisions, self.panel
        )

    @property
    def present(self) -> list[Juror]:
        return [each.juror for each in self.panel if each.is_present]

    @property
    def has_quorum(self) -> bool:
        return len(self.present) >= self.plenary.quorum

    @property
    def stage_rules(self) -> ScoringParts:
        return self.scoring[-1]

    @cached_property
    def numbers(self) -> dict[int, int]:
        return queries.juror_numbers(self.round)

    def label_of(self, juror: Juror) -> str:
        """The juror's name, or number where names are not shown."""
        if self.plenary.names_jurors:
            return juror.user.name
        return _("Juror %(number)d") % {"number": self.numbers[juror.pk]}


def sitting_of(user: User, slug: str, key: str) -> Sitting:
    """A plenary of a round that `user` runs and does not compete in."""
    round = running_round(user, slug)
    plenary = get_object_or_404(
        Plenary.objects.select_related("scoring_stage", "chair__user", "closed_by"),
        round=round,
        key=key,
    )
    plenary.round = round
    return Sitting(plenary)


@require_http_methods(["GET", "HEAD", "POST"])
def plenary_list(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """The plenaries of a round; POST calls one."""
    round = running_round(request.user, round_slug)
    stages = queries.scoring_stages_of(round)
    if not stages:
        raise Http404
    panel = list(
        Juror.objects.sitting()
        .filter(round=round)
        .select_related("user")
        .order_by("pk")
    )
    at_work = queries.stage_at_work(
        stages, queries.windows_of(round), request.received_at
    )
    form = PlenaryForm(
        request.POST if request.method == "POST" else None,
        stages=stages,
        panel=panel,
        zone=round.zone,
        initial={
            "stage": at_work.code if at_work else None,
            "held_at": request.received_at,
            "chair": next((each.key for each in panel if each.is_chair), None),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            plenary = services.open_plenary(
                scoring_stage=form.cleaned_data.get("stage") or stages[0],
                held_at=form.cleaned_data["held_at"],
                place=form.cleaned_data["place"],
                chair=form.cleaned_data["chair"],
                quorum=form.cleaned_data["quorum"],
                names_jurors=form.cleaned_data["names_jurors"],
                actor=request.user,
                at=request.received_at,
            )
        except services.PlenaryNotOpened as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Plenary opened. Note who is present."))
            return redirect(plenary)
    plenaries = queries.plenaries_of(round)
    return render(
        request,
        "judging/plenary_list.html",
        {
            "round": round,
            "plenaries": plenaries,
            "form": form,
            "has_panel": bool(panel),
            "may_open": not any(each.is_open for each in plenaries)
            and (
                queries.open_correction(round) is not None
                or queries.sealed_result(round) is None
            ),
        },
    )


@require_safe
def plenary_detail(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Attendance, agenda, and the ranking with what was decided so far."""
    sitting = sitting_of(request.user, round_slug, key)
    return _show(request, sitting)


@require_POST
def plenary_attend(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Note who is present."""
    sitting = sitting_of(request.user, round_slug, key)
    panel = list(Juror.objects.filter(round=sitting.round))
    form = AttendanceForm(request.POST, panel=panel)
    if form.is_valid():
        try:
            services.set_attendance(
                plenary=sitting.plenary,
                present=list(form.cleaned_data["present"]),
                actor=request.user,
                at=request.received_at,
            )
        except (services.AttendanceNotChanged, services.PlenaryClosed) as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Attendance noted."))
    else:
        messages.error(request, _("Choose from the panel of this round."))
    return redirect(sitting.plenary)


@require_http_methods(["GET", "HEAD", "POST"])
def plenary_edit(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Change time, place, chair and quorum."""
    sitting = sitting_of(request.user, round_slug, key)
    plenary = sitting.plenary
    if not plenary.is_open:
        raise Http404
    form = PlenaryForm(
        request.POST if request.method == "POST" else None,
        stages=[],
        panel=[each.juror for each in sitting.panel],
        zone=sitting.round.zone,
        initial={
            "held_at": plenary.held_at,
            "place": plenary.place,
            "chair": plenary.chair.key,
            "quorum": plenary.quorum,
            "names_jurors": plenary.names_jurors,
        },
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.change_plenary(
                plenary=plenary,
                held_at=values["held_at"],
                place=values["place"],
                chair=values["chair"],
                quorum=values["quorum"] or plenary.quorum,
                names_jurors=values["names_jurors"],
                actor=request.user,
                at=request.received_at,
            )
        except services.PlenaryClosed as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Plenary saved."))
        return redirect(plenary)
    return render(
        request,
        "judging/plenary_edit.html",
        {"round": sitting.round, "plenary": plenary, "form": form},
    )


@require_POST
def plenary_apply(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """Apply all decisions; the word typed is the second thought."""
    sitting = sitting_of(request.user, round_slug, key)
    if request.POST.get("confirmation", "").strip().upper() != _("APPLY"):
        messages.error(request, _("Type the word to apply. Nothing was changed."))
        return redirect(sitting.plenary)
    try:
        services.apply_plenary(
            plenary=sitting.plenary, actor=request.user, at=request.received_at
        )
    except (services.PlenaryNotApplied, services.PlenaryClosed) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("All decisions of the plenary count from now on."))
    return redirect(sitting.plenary)


@require_POST
def plenary_cancel(request: SignedInRequest, round_slug: str, key: str) -> HttpResponse:
    """End a plenary without effect, with a reason."""
    sitting = sitting_of(request.user, round_slug, key)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write why the plenary is cancelled."))
        return redirect(sitting.plenary)
    try:
        services.cancel_plenary(
            plenary=sitting.plenary,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=request.received_at,
        )
    except services.PlenaryClosed as refusal:
        messages.error(request, refusal.message)
        return redirect(sitting.plenary)
    messages.success(request, _("Plenary cancelled. Nothing of it counts."))
    return redirect("judging:plenary_list", sitting.round.slug)


def _show(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    context: dict[str, Any] = {
        "round": sitting.round,
        "plenary": sitting.plenary,
        "sitting": sitting,
        "stage": sitting.plenary.scoring_stage,
        "agenda": sitting.agenda,
        "shown": [
            each
            for each in sitting.agenda.items
            if each.is_disputed or each.decision or request.GET.get("semua")
        ],
        "shows_all": bool(request.GET.get("semua")),
        "decided_count": len(sitting.decisions),
        "through": [
            each for each in sitting.agenda.in_order if each.place.is_shortlisted
        ],
        "shortlists": sitting.stage_rules.shortlists,
        "reason_form": ReasonForm(prefix="batal"),
    }
    return render(request, "judging/plenary_detail.html", context)

"""Handing out proposals: what would be done is shown first, then done in one press."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from competitions.models import Round, ScoringStage
from competitions.views.running import running_round
from judging import queries, services
from judging.assigning import Gap, GapReason
from judging.assignment_forms import ChoicesForm
from judging.models import Juror
from judging.views.shared import panel_tabs, stage_asked_for
from submissions.models import Proposal

PAGE_SIZE = 50
NEW, MOVED, TAKEN, GAP = "baru", "pindah", "lepas", "kurang"


@dataclass(frozen=True)
class Load:
    """One juror's sheets before and after; `most` is the longest bar."""

    juror: Juror
    before: int
    after: int
    most: int

    @property
    def change(self) -> int:
        return self.after - self.before

    @property
    def is_full(self) -> bool:
        return self.juror.capacity is not None and self.after >= self.juror.capacity


@dataclass(frozen=True)
class Change:
    """What happens to one proposal: who goes and why, who comes, what is lacking."""

    proposal: Proposal
    gone: Sequence[tuple[str, str]]
    come: Sequence[str]
    gap: Gap | None

    @property
    def kinds(self) -> set[str]:
        found = {GAP} if self.gap else set()
        if self.gone and self.come:
            found.add(MOVED)
        elif self.gone:
            found.add(TAKEN)
        elif self.come:
            found.add(NEW)
        return found

    @property
    def moves(self) -> int:
        return min(len(self.gone), len(self.come))

    @property
    def reason(self) -> str:
        return _why(self.gap) if self.gap else ""

    def matches(self, words: str) -> bool:
        """Whether `words`, in lower case, are in what is shown of it."""
        shown = [
            self.proposal.code,
            self.proposal.title,
            self.proposal.institution.short_name,
            *(name for name, _reason in self.gone),
            *self.come,
        ]
        return any(words in text.lower() for text in shown)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_create(request: SignedInRequest, round_slug: str) -> HttpResponse:
    """Show who would judge what, and why a seat stays empty; POST does just that."""
    round = running_round(request.user, round_slug)
    stages, stage = stages_of(request, round)
    asked = request.POST if request.method == "POST" else request.GET
    form = ChoicesForm(asked, stage=stage.code)
    if request.method == "POST":
        return _apply(request, stage, form)
    context = {
        **frame(round, stages, stage, "assignment_create"),
        "form": form,
        "query": asked_for(request, "q"),
        "kind": asked_for(request, "isi"),
    }
    try:
        proposed = services.plan_assignment(
            scoring_stage=stage, choices=form.choices, at=request.received_at
        )
    except services.NothingAssigned as refusal:
        context["refusal"] = refusal.message
        return render(request, "judging/assignment_create.html", context)
    changes = _changes(proposed)
    chosen = [
        each
        for each in changes
        if (not context["kind"] or context["kind"] in each.kinds)
        and each.matches(str(context["query"]).lower())
    ]
    loads = _loads(proposed)
    context |= {
        "plan": proposed.plan,
        "digest": proposed.digest,
        "loads": loads,
        "least": min(each.after for each in loads),
        "most": max(each.after for each in loads),
        "moved": sum(each.moves for each in changes),
        "gap_groups": _gap_groups(proposed.plan.gaps),
        "kind_tabs": _kind_tabs(changes, form, str(context["kind"])),
        "has_changes": bool(changes),
        "unanswered": sum(not each.has_signed for each in proposed.jurors),
        "page": Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("halaman")),
    }
    return render(request, "judging/assignment_create.html", context)


def _apply(
    request: SignedInRequest, stage: ScoringStage, form: ChoicesForm
) -> HttpResponse:
    round = stage.round
    try:
        report = services.apply_assignment(
            scoring_stage=stage,
            choices=form.choices,
            digest=request.POST.get("digest", ""),
            actor=request.user,
            at=request.received_at,
        )
    except (services.PlanChanged, services.NothingAssigned) as refusal:
        messages.error(request, refusal.message)
        address = reverse("judging:assignment_create", args=[round.slug])
        return redirect(f"{address}?{form.address}")
    told = ngettext(
        "%(count)d sheet was handed out.",
        "%(count)d sheets were handed out.",
        report.added,
    ) % {"count": report.added}
    if report.released:
        told += " " + ngettext(
            "%(count)d was taken back.", "%(count)d were taken back.", report.released
        ) % {"count": report.released}
    messages.success(request, told)
    return redirect(stage_url("assignment_board", stage))


def stages_of(
    request: SignedInRequest, round: Round
) -> tuple[list[ScoringStage], ScoringStage]:
    """The scoring stages of `round`, and the one asked for; 404 where there is none."""
    stages = queries.scoring_stages_of(round)
    stage = stage_asked_for(stages, queries.windows_of(round), request)
    if stage is None:
        raise Http404
    stage.round = round
    return stages, stage


def asked_for(request: SignedInRequest, name: str) -> str:
    """What stands in the address under `name`, without signs that no text has."""
    text = request.GET.get(name, "")
    return "".join(sign for sign in text if sign.isprintable()).strip()[:100]


def stage_url(route: str, stage: ScoringStage, *args: str) -> str:
    """A page about `stage`, which has its round."""
    address = reverse(f"judging:{route}", args=[stage.round.slug, *args])
    return f"{address}?tahap={stage.code}"


def frame(
    round: Round, stages: Sequence[ScoringStage], stage: ScoringStage, route: str
) -> dict[str, Any]:
    """What all pages of the assignment show around."""
    return {
        "round": round,
        "stage": stage,
        "wanted": stage.jurors_per_proposal,
        "tabs": panel_tabs(round, "assignment_board", suggested=0),
        "stage_tabs": [
            {
                "label": each.name,
                "url": f"{reverse(f'judging:{route}', args=[round.slug])}"
                f"?tahap={each.code}",
                "current": each == stage,
            }
            for each in stages
            if len(stages) > 1
        ],
    }


def _loads(proposed: services.Proposed) -> list[Load]:
    plan = proposed.plan
    most = max([1, *plan.before.values(), *plan.after.values()])
    return [
        Load(each, plan.before[each.pk], plan.after[each.pk], most)
        for each in proposed.jurors
    ]


def _changes(proposed: services.Proposed) -> list[Change]:
    """One row for each proposal to which something happens, by code."""
    plan = proposed.plan
    come, gone = defaultdict[int, list[int]](list), defaultdict[int, list[Any]](list)
    for juror, proposal in plan.added:
        come[proposal].append(juror)
    for each in plan.released:
        gone[each.proposal].append(each)
    gaps = {each.proposal: each for each in plan.gaps}
    names = _names([each.juror for each in plan.released], proposed.jurors)
    return [
        Change(
            proposal,
            gone=[
                (names[each.juror], str(services.RELEASE_WORDS[each.reason]))
                for each in gone[proposal.pk]
            ],
            come=[names[juror] for juror in come[proposal.pk]],
            gap=gaps.get(proposal.pk),
        )
        for proposal in proposed.proposals
        if proposal.pk in come or proposal.pk in gone or proposal.pk in gaps
    ]


def _names(left: Iterable[int], jurors: Sequence[Juror]) -> Mapping[int, str]:
    names = {each.pk: str(each) for each in jurors}
    if others := set(left) - names.keys():
        found = Juror.objects.filter(pk__in=others).select_related("user")
        names |= {each.pk: str(each) for each in found}
    return names


def _kind_tabs(
    changes: Sequence[Change], form: ChoicesForm, current: str
) -> list[dict[str, Any]]:
    labels = [
        ("", _("All changes")),
        (NEW, _("New")),
        (MOVED, _("Moved")),
        (TAKEN, _("Released")),
        (GAP, _("With a gap")),
    ]
    counts = {
        kind: sum(not kind or kind in each.kinds for each in changes)
        for kind, _label in labels
    }
    return [
        {
            "label": label,
            "url": f"?{form.address}&isi={kind}#perubahan",
            "current": kind == current,
            "count": counts[kind],
        }
        for kind, label in labels
        if counts[kind] or kind in ("", current)
    ]


def _gap_groups(gaps: Sequence[Gap]) -> list[dict[str, Any]]:
    """The gaps by reason: how many seats, of how many proposals, and what helps."""
    helps = {
        GapReason.TOO_FEW_JURORS: _(
            "The panel is smaller than the number of jurors wanted. Invite more jurors."
        ),
        GapReason.BARRED: _(
            "Too few jurors are free of a conflict of interest, or of a decision by "
            "hand. Invite a juror from elsewhere, or give the proposal by hand."
        ),
        GapReason.CAPACITY: _(
            "Whoever could judge has no room left. Raise a juror's limit on their "
            "page, or invite more jurors."
        ),
    }
    labels = {
        GapReason.TOO_FEW_JURORS: _("Panel too small"),
        GapReason.BARRED: _("Conflicts of interest"),
        GapReason.CAPACITY: _("Limits reached"),
    }
    groups = []
    for reason in GapReason:
        found = [each for each in gaps if each.reason == reason]
        if found:
            groups.append(
                {
                    "label": labels[reason],
                    "help": helps[reason],
                    "proposals": len(found),
                    "seats": sum(each.missing for each in found),
                }
            )
    return groups


def _why(gap: Gap) -> str:
    if gap.reason == GapReason.TOO_FEW_JURORS:
        return _("no further juror in the panel")
    barred = _("%(barred)d may not") % {"barred": gap.barred} if gap.barred else ""
    if gap.reason == GapReason.BARRED:
        return barred
    full = _("%(full)d could, but have no room") % {"full": len(gap.full)}
    return f"{full}; {barred}" if barred else full

"""What a plenary decides on one proposal, or on those that are equal."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from judging import queries, services, standings
from judging.models import Juror, PlenaryDecision
from judging.plenary_forms import AgreementForm, RulingForm, TieForm, VotesForm
from judging.standings import AgendaItem, AgendaTie
from judging.views.plenary import Sitting, sitting_of
from submissions.models import Proposal

REFUSALS = (services.DecisionNotRecorded, services.PlenaryClosed)


@require_http_methods(["GET", "HEAD", "POST"])
def plenary_item(
    request: SignedInRequest, round_slug: str, key: str, code: str
) -> HttpResponse:
    """One proposal: every sheet side by side, and what the plenary agrees on."""
    sitting = sitting_of(request.user, round_slug, key)
    item = sitting.agenda.item_of(code)
    if item is None:
        raise Http404
    proposal = proposal_of(sitting, item)
    out = _out(sitting, [proposal])
    is_open = sitting.plenary.is_open
    form: AgreementForm | RulingForm | None = None
    if is_open:
        data = request.POST if request.method == "POST" else None
        form = _agreement_form(sitting, item, proposal, out, data)
    if request.method == "POST":
        if form is None:
            messages.error(request, _("Nothing is decided in this plenary any more."))
            return redirect(sitting.plenary)
        if form.is_valid():
            try:
                _agree(request, sitting, proposal, form)
            except REFUSALS as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(
                    request, _("Decision noted. It counts once all are applied.")
                )
                return redirect(sitting.plenary)
    return render(
        request,
        "judging/plenary_item.html",
        {
            "round": sitting.round,
            "plenary": sitting.plenary,
            "sitting": sitting,
            "stage": sitting.plenary.scoring_stage,
            "item": item,
            "proposal": proposal,
            "form": form,
            "out": out,
            "sheets": table_of(sitting, item, proposal),
            **neighbours(sitting.agenda.items, item),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plenary_tie(
    request: SignedInRequest, round_slug: str, key: str, code: str
) -> HttpResponse:
    """Proposals that are equal: the order voted for, or that they share the rank."""
    sitting = sitting_of(request.user, round_slug, key)
    tie = sitting.agenda.tie_of(code)
    if tie is None:
        if request.method == "POST":
            messages.error(request, _("These proposals are not equal any more."))
            return redirect(sitting.plenary)
        raise Http404
    proposals = {
        each.code: each
        for each in Proposal.objects.filter(
            round=sitting.round, code__in=tie.codes
        ).select_related("institution", "track")
    }
    out = _out(sitting, list(proposals.values()))
    form: TieForm | None = None
    if sitting.plenary.is_open:
        form = TieForm(
            request.POST if request.method == "POST" else None,
            titles={code: proposals[code].title for code in tie.codes},
            order=list(tie.codes),
            free=[each for each in sitting.present if each not in out],
            decision=tie.decision,
            shared=_is_shared(tie),
        )
    if request.method == "POST":
        if form is None:
            messages.error(request, _("Nothing is decided in this plenary any more."))
            return redirect(sitting.plenary)
        if form.is_valid():
            try:
                services.decide_tie(
                    plenary=sitting.plenary,
                    order=[proposals[code] for code in form.order],
                    is_shared=form.cleaned_data["shared"],
                    reason=form.cleaned_data["reason"],
                    agreeing_jurors=form.agreeing_jurors,
                    notes=form.notes,
                    actor=request.user,
                    at=request.received_at,
                )
            except REFUSALS as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(
                    request, _("Decision noted. It counts once all are applied.")
                )
                return redirect(sitting.plenary)
    return render(
        request,
        "judging/plenary_tie.html",
        {
            "round": sitting.round,
            "plenary": sitting.plenary,
            "sitting": sitting,
            "tie": tie,
            "form": form,
            "out": out,
            "items": [
                item for code in tie.codes if (item := sitting.agenda.item_of(code))
            ],
            "chain": chain_of(sitting),
        },
    )


@require_POST
def plenary_withdraw(
    request: SignedInRequest, round_slug: str, key: str, code: str
) -> HttpResponse:
    """Take back the decision on a proposal, or with `seri` that on a tie it is in."""
    sitting = sitting_of(request.user, round_slug, key)
    decisions = PlenaryDecision.objects.filter(plenary=sitting.plenary)
    if request.POST.get("seri"):
        found = decisions.filter(proposal=None, tieplace__proposal__code=code)
    else:
        found = decisions.filter(proposal__code=code)
    decision = get_object_or_404(found.select_related("plenary", "proposal"))
    try:
        services.withdraw_decision(
            decision=decision, actor=request.user, at=request.received_at
        )
    except services.PlenaryClosed as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Decision withdrawn."))
    return redirect(sitting.plenary)


def proposal_of(sitting: Sitting, item: AgendaItem) -> Proposal:
    return get_object_or_404(
        Proposal.objects.select_related("institution", "track"),
        round=sitting.round,
        code=item.code,
    )


def table_of(sitting: Sitting, item: AgendaItem, proposal: Proposal) -> dict[str, Any]:
    """Every sheet of a proposal side by side, with mean and what was agreed on."""
    detail = standings.stage_detail(sitting.stage_rules, proposal)
    before, after = sitting.judged
    raw, agreed = (
        standings.means_of(each, proposal.code, sitting.stage_rules)
        for each in (before, after)
    )
    decided = (
        {each.criterion_id: each.value for each in item.decision.agreedscore_set.all()}
        if item.decision
        else {}
    )
    return {
        "detail": detail,
        "labels": [sitting.label_of(each.juror) for each in detail.columns],
        "rows": [
            (criterion, scores, raw.get(criterion.code), decided.get(criterion.pk))
            for criterion, scores in detail.rows
        ],
        "total_before": standings.total_of(before, proposal.code),
        "total_after": standings.total_of(after, proposal.code),
        "means": [
            (criterion, raw.get(criterion.code)) for criterion, _scores in detail.rows
        ],
        "is_agreed": raw != agreed,
    }


def neighbours(items: Any, item: AgendaItem) -> dict[str, AgendaItem | None]:
    """The items before and after one on the agenda."""
    every = list(items)
    at = every.index(item)
    return {
        "previous": every[at - 1] if at else None,
        "next": every[at + 1] if at + 1 < len(every) else None,
    }


def chain_of(sitting: Sitting) -> list[str]:
    """The criteria that break ties, first things first, by name."""
    links = [
        (each.tie_break, place, each.name)
        for place, parts in enumerate(sitting.scoring)
        for each in parts.leaves
        if each.tie_break is not None
    ]
    return [name for *_place, name in sorted(links)]


def _out(sitting: Sitting, proposals: list[Proposal]) -> list[Juror]:
    """Who of the panel is in conflict with any of `proposals`."""
    panel = [each.juror for each in sitting.panel]
    barred = queries.in_conflict(panel, proposals)
    out = set[int]().union(*barred.values())
    return [each for each in panel if each.pk in out]


def _is_shared(tie: AgendaTie) -> bool:
    decision = tie.decision
    return decision is not None and decision.kind == PlenaryDecision.Kind.SHARED


def _agreement_form(
    sitting: Sitting,
    item: AgendaItem,
    proposal: Proposal,
    out: list[Juror],
    data: Any,
) -> AgreementForm | RulingForm:
    free = [each for each in sitting.present if each not in out]
    stage = sitting.plenary.scoring_stage
    if stage.is_gate:
        return RulingForm(
            data,
            free=free,
            decision=item.decision,
            verdict=item.decision.verdict if item.decision else None,
        )
    raw = standings.means_of(sitting.judged[0], proposal.code, sitting.stage_rules)
    criteria = sitting.stage_rules.criteria_for(proposal.track.code)
    return AgreementForm(
        data,
        stage=stage,
        means=[(each, raw.get(each.code)) for each in criteria],
        free=free,
        decision=item.decision,
    )


def _agree(
    request: SignedInRequest,
    sitting: Sitting,
    proposal: Proposal,
    form: VotesForm,
) -> None:
    services.agree_on(
        plenary=sitting.plenary,
        proposal=proposal,
        scores=form.scores if isinstance(form, AgreementForm) else {},
        verdict=form.cleaned_data.get("verdict", ""),
        reason=form.cleaned_data["reason"],
        agreeing_jurors=form.agreeing_jurors,
        notes=form.notes,
        actor=request.user,
        at=request.received_at,
    )

"""The plenary on the projector, and on the desks of the jurors who are present."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import permissions as account_permissions
from accounts.models import Government
from accounts.requests import SignedInRequest
from competitions import permissions as competition_permissions
from judging import queries, standings
from judging.models import Juror, Plenary
from judging.standings import AgendaItem
from judging.views.plenary import Sitting
from judging.views.plenary_items import chain_of, neighbours, proposal_of, table_of

# What fits on a wall, read from the last row.
ROWS = 10
HINGES = 4


@require_safe
def screen_agenda(request: SignedInRequest, key: str) -> HttpResponse:
    """What is talked about, in its order."""
    sitting, _juror, hidden = _seen_by(request, key)
    items = _on_screen(sitting)
    page = Paginator(items, ROWS).get_page(request.GET.get("halaman"))
    return render(
        request,
        "judging/screen_agenda.html",
        _context(sitting, hidden)
        | {
            "page": page,
            "ties": [each for each in sitting.agenda.ties if each.decision is None],
            "first": next((each for each in items if each.code not in hidden), None),
        },
    )


@require_safe
def screen_ranking(request: SignedInRequest, key: str) -> HttpResponse:
    """The ranking with the decisions so far, and the line."""
    sitting, _juror, hidden = _seen_by(request, key)
    page = Paginator(sitting.agenda.in_order, ROWS).get_page(request.GET.get("halaman"))
    places = list(page.object_list)
    return render(
        request,
        "judging/screen_ranking.html",
        _context(sitting, hidden)
        | {
            "page": page,
            "rows": [
                (item, _is_under_line(before, item))
                for before, item in zip([None, *places], places, strict=False)
            ],
            "chain": chain_of(sitting),
        },
    )


@require_safe
def screen_item(request: SignedInRequest, key: str, code: str) -> HttpResponse:
    """One proposal: the raw scores, what they come to, what was agreed on."""
    sitting, _juror, hidden = _seen_by(request, key)
    item = sitting.agenda.item_of(code)
    # Who is in conflict opens the proposal nowhere (SCO-05).
    if item is None or code in hidden:
        raise Http404
    proposal = proposal_of(sitting, item)
    panel = [each.juror for each in sitting.panel]
    out = queries.in_conflict(panel, [proposal])[proposal.pk]
    shown = [each for each in _on_screen(sitting) if each.code not in hidden]
    if item not in shown:
        shown.append(item)
    return render(
        request,
        "judging/screen_item.html",
        _context(sitting, hidden)
        | {
            "item": item,
            "proposal": proposal,
            "sheets": table_of(sitting, item, proposal),
            "out": [sitting.label_of(each) for each in panel if each.pk in out],
            **_votes_on(item),
            "number": shown.index(item) + 1,
            "count": len(shown),
            **neighbours(shown, item),
        },
    )


@require_safe
def screen_calibration(request: SignedInRequest, key: str) -> HttpResponse:
    """How alike the jurors judge, by number: advice before the talk begins."""
    sitting, _juror, hidden = _seen_by(request, key)
    if sitting.plenary.scoring_stage.is_gate:
        raise Http404
    advice = standings.advice_on(sitting.round, sitting.scoring, sitting.stage_rules)
    hinges = [
        each for each in advice.hinges if each.changes_sides and each.code not in hidden
    ]
    return render(
        request,
        "judging/screen_calibration.html",
        _context(sitting, hidden)
        | {"advice": advice, "hinges": hinges[:HINGES], "more": hinges[HINGES:]},
    )


def _votes_on(item: AgendaItem) -> dict[str, int]:
    """How many agreed to what was decided, and of how many: nobody is named."""
    if item.decision is None:
        return {}
    votes = list(item.decision.votes.all())
    return {"voters": len(votes), "agreed_by": sum(each.agrees for each in votes)}


def _seen_by(
    request: SignedInRequest, key: str
) -> tuple[Sitting, Juror | None, set[str]]:
    """The plenary, the juror who follows it if it is one, and what is hidden to them.

    Jurors follow it while they are present, and only once nobody scores any more.
    """
    # In one query, whatever is there: time must not tell of plenaries of others.
    own = Government.objects.run_by(request.user)
    plenary = get_object_or_404(
        Plenary.objects.filter(
            Q(round__competition__government__in=own)
            | Q(pk__in=Plenary.objects.followed_by(request.user).values("pk"))
        ).select_related(
            "scoring_stage", "chair__user", "round__competition__government"
        ),
        key=key,
    )
    round = plenary.round
    sitting = Sitting(plenary)
    if account_permissions.is_secretariat(request.user, round.competition.government):
        competition_permissions.require_no_part(request.user, round)
        return sitting, None, set()
    follows = Plenary.objects.followed_by(request.user).filter(pk=plenary.pk)
    is_cancelled = plenary.state == Plenary.State.CANCELLED
    if is_cancelled or not follows.exists():
        raise Http404
    stages = [each.stage for each in sitting.scoring]
    if queries.unshown_stages(stages, queries.windows_of(round), request.received_at):
        raise Http404
    juror = Juror.objects.sitting().get(round=round, user=request.user)
    return sitting, juror, queries.hidden_from(juror)


def _on_screen(sitting: Sitting) -> list[AgendaItem]:
    """The disputed ones and those decided on; all of them where nothing is disputed."""
    items = [each for each in sitting.agenda.items if each.is_disputed or each.decision]
    return items or list(sitting.agenda.items)


def _context(sitting: Sitting, hidden: set[str]) -> dict[str, object]:
    return {
        "round": sitting.round,
        "plenary": sitting.plenary,
        "sitting": sitting,
        "stage": sitting.plenary.scoring_stage,
        "hidden": hidden,
    }


def _is_under_line(before: AgendaItem | None, item: AgendaItem) -> bool:
    return (
        before is not None
        and before.place.is_shortlisted
        and not item.place.is_shortlisted
    )

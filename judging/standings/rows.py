"""The rows of one shown page of a ranking."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median
from types import MappingProxyType
from typing import NamedTuple

from django.utils.translation import gettext as _

from competitions.models import Criterion, ScoringStage
from competitions.queries import ScoringParts
from core import numbers
from judging import queries, ranking
from judging.models import Juror, Result, ResultPart, Verdict
from judging.scoring import plain
from judging.standings.live import Judged
from judging.standings.places import Place
from submissions.models import Proposal

NOTHING_SAID: Mapping[str, str] = MappingProxyType({})
# Points of a hundred at which a single total is marked, see the design kit.
FAR_FROM_MEDIAN = 12


@dataclass(frozen=True)
class Cell:
    """One juror's total for one proposal, `text` as the table shows it.

    `juror` is the juror's number, as the table's head has it.
    """

    juror: str
    total: Decimal | None
    text: str
    is_far: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether there is a total and nothing to say of it, as with most."""
        return not self.is_far and self.total is not None


class Note(NamedTuple):
    """What is to be said of a place, with its sign if it has one."""

    text: str
    icon: str = ""


@dataclass(frozen=True)
class RankRow:
    """A place in one stage with all that its row of the table shows."""

    place: Place
    proposal: Proposal
    cells: Sequence[Cell]
    spread: Decimal | None
    is_under_line: bool
    note: Note | None
    is_agreed: bool = False
    group_rank: int | None = None
    why: str = ""

    @property
    def verdict(self) -> str:
        """What a gate says, in words."""
        said = self.place.verdict
        return str(Verdict(said).label) if said else ""


@dataclass(frozen=True)
class StageCell:
    """What one stage gave a proposal: a total on its scale, or a verdict in words.

    `is_agreed` where a plenary agreed on it.
    """

    total: Decimal | None = None
    verdict: str = ""
    is_agreed: bool = False


@dataclass(frozen=True)
class FinalRow:
    """A place in the end with all that its row of the table shows."""

    place: Place
    proposal: Proposal
    named_cells: Sequence[tuple[str, StageCell]]
    tie_criterion: str
    stopped_at: str
    predicate: str
    group_rank: int | None = None
    why: str = ""

    @property
    def is_shared(self) -> bool:
        return self.place.is_shared


def stage_rows(
    places: Sequence[Place],
    *,
    stage: ScoringStage,
    jurors: Sequence[Juror],
    criteria: Iterable[Criterion],
    above: Place | None,
    per: str = "",
    has_shortlists: bool = False,
    why: Mapping[str, str] = NOTHING_SAID,
    agreed: Collection[tuple[str, str]] = (),
) -> list[RankRow]:
    """Fill one page of places of a stage with names and single totals (two queries).

    `above` is the place before the first of them, to know where the line is drawn;
    `per` is the grouping whose ranks are shown, if any. Where there are lists of
    groups there is no line, and who is on one is told at the place. `why` says by
    code why each is in or out; `agreed` are the codes of stage and proposal that a
    plenary agreed on.
    Source: rule SCO-07 in docs/rules.md.
    """
    ids = [place.proposal_id for place in places]
    proposals = _proposals(ids)
    totals: dict[int, dict[int, Decimal]] = {pk: {} for pk in ids}
    for proposal, juror, total in queries.sheet_totals(stage, ids):
        totals[proposal][juror] = total
    names = {each.code: each.name for each in criteria}
    far = FAR_FROM_MEDIAN * stage.scale_max / 100
    numbered = [(juror.pk, str(at)) for at, juror in enumerate(jurors, start=1)]
    rows = []
    for place in places:
        given = totals[place.proposal_id]
        middle = median(given.values()) if given else Decimal(0)
        spread = ranking.spread(list(given.values()))
        rows.append(
            RankRow(
                place=place,
                proposal=proposals[place.proposal_id],
                cells=[
                    _cell(number, given.get(pk), middle, far) for pk, number in numbered
                ],
                spread=spread,
                is_under_line=above is not None
                and above.is_shortlisted
                and not place.is_shortlisted,
                note=_note(
                    place,
                    names.get(place.tie_rule, ""),
                    stage.wide_spread
                    if spread is not None
                    and stage.wide_spread is not None
                    and spread > stage.wide_spread
                    else None,
                    has_shortlists,
                ),
                is_agreed=(stage.code, place.code) in agreed,
                group_rank=place.rank_within(per),
                why=why.get(place.code, ""),
            )
        )
        above = place
    return rows


def final_rows(
    places: Sequence[Place],
    *,
    scoring: Sequence[ScoringParts],
    cells: Mapping[tuple[str, str], StageCell],
    per: str = "",
    why: Mapping[str, str] = NOTHING_SAID,
    agreed: Collection[tuple[str, str]] = (),
) -> list[FinalRow]:
    """Fill one page of the final places with names (one query).

    `cells` are by code of stage and proposal; `per` is the grouping whose ranks are
    shown, if any.
    """
    proposals = _proposals([place.proposal_id for place in places])
    stages = {each.stage.code: each.stage.name for each in scoring}
    criteria = {each.code: each.name for parts in scoring for each in parts.leaves}
    predicates = {
        each.code: each.name for parts in scoring for each in parts.predicates
    }
    return [
        FinalRow(
            place=place,
            proposal=proposals[place.proposal_id],
            named_cells=[
                (
                    name,
                    replace(cell, is_agreed=True)
                    if (code, place.code) in agreed
                    else cell,
                )
                for code, name in stages.items()
                for cell in [cells.get((code, place.code), StageCell())]
            ],
            group_rank=place.rank_within(per),
            why=why.get(place.code, ""),
            tie_criterion=criteria.get(place.tie_rule, ""),
            stopped_at=stages.get(place.stopped_at, ""),
            predicate=predicates.get(place.predicate, ""),
        )
        for place in places
    ]


def live_cells(judged: Judged) -> dict[tuple[str, str], StageCell]:
    """What each stage gave each proposal, as the sheets stand now."""
    return {
        (stage.rules.code, each.proposal): StageCell(
            None if each.total is None else ranking.readable(each.total),
            _in_words(stage.verdicts.get(each.proposal, "")),
        )
        for stage in judged.outcome.stages
        for each in stage.standings
    }


def sealed_cells(
    result: Result, places: Iterable[Place]
) -> dict[tuple[str, str], StageCell]:
    """What each stage gave the proposals of `places`, as sealed (one query)."""
    rows = ResultPart.objects.filter(
        row__result=result, row__proposal__in=[each.proposal_id for each in places]
    ).values_list("scoring_stage__code", "row__code", "total", "verdict")
    return {
        (stage, code): StageCell(total, _in_words(verdict))
        for stage, code, total, verdict in rows
    }


def _note(
    place: Place, tie_criterion: str, wide: Decimal | None, has_shortlists: bool
) -> Note | None:
    """Say the first thing that is to be said of a place.

    `wide` are the points that its jurors differ by more than, if they do.
    """
    if place.rank is None:
        return Note(_("No finished sheet"))
    if place.is_shared:
        return Note(_("Tied to the end of the chain"), "sign-merge-right")
    if tie_criterion:
        told = _("Tie, decided by %(name)s") % {"name": tie_criterion}
        return Note(told, "sign-merge-right")
    if wide is not None:
        told = _("Jurors differ by more than %(points)s points")
        return Note(told % {"points": plain(wide)}, "flag-fill")
    if not place.passes:
        return Note(_("Below the pass mark"))
    if has_shortlists and place.is_shortlisted:
        return Note(_("Shortlisted"), "check-circle-fill")
    return None


def _in_words(verdict: str) -> str:
    return str(Verdict(verdict).label) if verdict else ""


def _proposals(ids: Iterable[int]) -> dict[int, Proposal]:
    return (
        Proposal.objects.select_related("institution")
        .only("code", "title", "institution__short_name")
        .in_bulk(list(ids))
    )


def _cell(juror: str, total: Decimal | None, middle: Decimal, far: Decimal) -> Cell:
    if total is None:
        return Cell(juror, None, "")
    return Cell(juror, total, numbers.decimal(total, 1), abs(total - middle) > far)

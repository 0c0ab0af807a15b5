"""What a plenary talks about, the most disputed first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext as _

from competitions.queries import ScoringParts
from core import numbers
from judging import calibrating, queries, ranking
from judging.models import Plenary, PlenaryDecision, Verdict
from judging.ordering import Groups
from judging.standings.live import Judged, rules_of
from judging.standings.places import Place, final_places
from judging.standings.sitting import ties_to_decide
from judging.standings.why import live_groups, why_of

# How many places on either side of the line are talked about in any case.
NEAR_THE_LINE = 1
ON_LINE, HINGES, WIDE, REST = range(4)


@dataclass(frozen=True)
class AgendaItem:
    """One proposal on the agenda, with each reason why it is there."""

    code: str
    title: str
    institution: str
    place: Place
    before: Place | None
    total: Decimal | None
    spread: Decimal | None
    verdict: str
    why: str
    grounds: Sequence[str]
    position: int
    need: int
    decision: PlenaryDecision | None

    @property
    def is_disputed(self) -> bool:
        return bool(self.grounds)

    @property
    def is_moved(self) -> bool:
        """Whether what is decided so far would give it another rank, or side."""
        return self.before is not None and (
            (self.before.rank, self.before.is_shortlisted)
            != (self.place.rank, self.place.is_shortlisted)
        )


@dataclass(frozen=True)
class AgendaTie:
    """Proposals that are equal to the end of the chain, or were voted on."""

    codes: Sequence[str]
    titles: Sequence[str]
    rank: int | None
    is_on_line: bool
    decision: PlenaryDecision | None

    @property
    def code(self) -> str:
        """The first in the order of codes: what its address says."""
        return min(self.codes)


@dataclass(frozen=True)
class Agenda:
    """All items in the order to talk about them, and the ties."""

    items: Sequence[AgendaItem]
    ties: Sequence[AgendaTie]

    @property
    def disputed(self) -> list[AgendaItem]:
        return [each for each in self.items if each.is_disputed]

    @property
    def in_order(self) -> list[AgendaItem]:
        """By the ranks that the decisions so far would lead to."""
        return sorted(self.items, key=lambda each: each.position)

    def item_of(self, code: str) -> AgendaItem | None:
        return next((each for each in self.items if each.code == code), None)

    def tie_of(self, code: str) -> AgendaTie | None:
        return next((each for each in self.ties if each.code == code), None)


def agenda_of(
    plenary: Plenary,
    scoring: Sequence[ScoringParts],
    *,
    before: Judged,
    after: Judged,
    decisions: Sequence[PlenaryDecision],
) -> Agenda:
    """Order what `plenary` deliberates on by how far its jurors are apart.

    Ties on the shortlist line come first, then places that hinge on one juror or lie
    beside the line, then wide differences, then the rest. `scoring` ends with its
    stage. Source: rule PLN-07 in docs/rules.md.
    """
    parts = scoring[-1]
    places = final_places(after)
    old = {each.code: each for each in final_places(before)}
    names = queries.names_of(after.ids.values())
    ties = _ties(plenary, after, decisions, names)
    grounds = _Grounds(plenary, parts, before, after.ids)
    own = {each.proposal_id: each for each in decisions if each.proposal_id}
    among = {
        code for code in after.ids if code in {e.proposal for e in after.last.standings}
    }
    shown = [each for each in places if each.code in among]
    groups: Mapping[str, Groups] = live_groups(after)
    sentences = why_of(_of_the_stage(shown, after), scoring, parts, groups)
    on_line = {code for tie in ties if tie.is_on_line for code in tie.codes}
    near = _near_the_line(shown) if not parts.shortlists else set()
    standings = after.last.by_proposal
    items = []
    for position, place in enumerate(shown, start=1):
        found, need = grounds.of(place, on_line, near)
        title, institution, _category = names[place.proposal_id]
        standing = standings[place.code]
        items.append(
            AgendaItem(
                code=place.code,
                title=title,
                institution=institution,
                place=place,
                before=old.get(place.code),
                total=None
                if standing.total is None
                else ranking.readable(standing.total),
                spread=grounds.spread_of(place.proposal_id),
                verdict=_in_words(after.last.verdicts.get(place.code, "")),
                why=sentences[place.code],
                grounds=found,
                position=position,
                need=need,
                decision=own.get(place.proposal_id),
            )
        )
    items.sort(
        key=lambda each: (
            each.need,
            -(each.spread or Decimal(0)),
            each.position,
        )
    )
    return Agenda(items, ties)


class _Grounds:
    """Why proposals are on the agenda, from the raw sheets of the stage."""

    def __init__(
        self,
        plenary: Plenary,
        parts: ScoringParts,
        before: Judged,
        ids: Mapping[str, int],
    ) -> None:
        self.stage = plenary.scoring_stage
        self.spreads: dict[int, Decimal] = {}
        self.hinges: dict[str, calibrating.Hinge] = {}
        self.mixed: set[int] = set()
        if self.stage.is_gate:
            for _stage, proposal, *counts in queries.verdict_counts([self.stage]):
                if counts[2] and sum(counts) > counts[2]:
                    self.mixed.add(proposal)
            return
        codes = {pk: code for code, pk in ids.items()}
        rules = rules_of(parts).ranking
        sheets = [
            calibrating.JurorSheet(juror, codes[proposal], tuple(values))
            for juror, proposal, *values in queries.sheet_values(
                parts.stage, parts.leaves
            )
            if codes.get(proposal) in before.last.by_proposal
        ]
        totals: dict[int, list[int]] = {}
        for each in sheets:
            totals.setdefault(ids[each.proposal], []).append(
                sum(
                    value * weight
                    for value, weight in zip(each.values, rules.weights, strict=True)
                    if value is not None
                )
            )
        self.spreads = {
            pk: ranking.readable(Fraction(max(own) - min(own), ranking.WEIGHTED))
            for pk, own in totals.items()
        }
        found = calibrating.calibrate(rules, sheets, rank_by=before.without)
        self.hinges = {each.proposal: each for each in found.hinges}

    def spread_of(self, proposal: int) -> Decimal | None:
        return self.spreads.get(proposal)

    def of(
        self, place: Place, on_line: set[str], near: set[str]
    ) -> tuple[list[str], int]:
        """Give the grounds in words, and how urgent the most urgent of them is."""
        found: list[tuple[int, str]] = []
        if place.code in on_line:
            found.append((ON_LINE, _("Equal with another on the shortlist line.")))
        hinge = self.hinges.get(place.code)
        if hinge and hinge.deciders:
            found.append((HINGES, _("One juror alone decides whether it is in.")))
        if place.code in near:
            found.append((HINGES, _("Right beside the shortlist line.")))
        limit, spread = self.stage.wide_spread, self.spread_of(place.proposal_id)
        if limit is not None and spread is not None and spread > limit:
            found.append(
                (
                    WIDE,
                    _("The jurors are %(points)s points apart.")
                    % {"points": numbers.decimal(spread, 1)},
                )
            )
        if place.proposal_id in self.mixed:
            found.append((WIDE, _("The jurors found different things.")))
        need = min((rank for rank, _text in found), default=REST)
        return [text for _rank, text in found], need


def _ties(
    plenary: Plenary,
    judged: Judged,
    decisions: Sequence[PlenaryDecision],
    names: Mapping[int, tuple[str, str, str]],
) -> list[AgendaTie]:
    """List the ties left to decide, then those that were decided."""
    ids = judged.ids
    ranks = {each.proposal: each.rank for each in judged.outcome.finals}
    found = [
        AgendaTie(
            tie, [names[ids[code]][0] for code in tie], ranks[tie[0]], is_on_line, None
        )
        for tie, is_on_line in ties_to_decide(plenary, judged, decisions)
    ]
    for decision in decisions:
        if decision.is_on_tie:
            order = sorted(decision.tieplace_set.all(), key=lambda each: each.place)
            codes = [each.proposal.code for each in order]
            found.append(
                AgendaTie(
                    codes,
                    [each.proposal.title for each in order],
                    min((ranks.get(code) or 0 for code in codes), default=0) or None,
                    False,
                    decision,
                )
            )
    return found


def _of_the_stage(places: Sequence[Place], judged: Judged) -> list[Place]:
    """The places with the verdicts of a gate, by which a gate decides."""
    verdicts = judged.last.verdicts
    if not verdicts:
        return list(places)
    return [
        Place(each.proposal_id, each.source, verdict=verdicts.get(each.code, ""))
        for each in places
    ]


def _near_the_line(places: Sequence[Place]) -> set[str]:
    """Find those right above and below the line between in and out."""
    ranked = [each for each in places if each.rank is not None]
    for at, (one, other) in enumerate(pairwise(ranked), start=1):
        if one.is_shortlisted and not other.is_shortlisted:
            found = ranked[max(at - NEAR_THE_LINE, 0) : at + NEAR_THE_LINE]
            return {each.code for each in found}
    return set()


def _in_words(verdict: str) -> str:
    return str(Verdict(verdict).label) if verdict else ""

"""How scores become ranks: exact, without database or clock.

Values and weights are counted in hundredths, sums are integers, and means of unlike
numbers of sheets are compared over a common denominator: nothing is rounded, and two
proposals may differ by less than any rounding keeps. Fractions and decimals are made
for the eye alone, where something is shown.
Source: rules SCO-01 to SCO-03, SCO-12 and PLN-02 in docs/rules.md.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm
from types import MappingProxyType
from typing import NamedTuple

from judging.ordering import (
    GROUPINGS,
    NO_GROUPS,
    Entry,
    Groups,
    Place,
    Votes,
    in_order,
)

# A value and a weight in hundredths, the weight in percent.
WEIGHTED = 10**6


@dataclass(frozen=True)
class CriterionRule:
    """A criterion: its weight in percent, its place in the tie-break chain if any.

    `tracks` are the codes of those judged by it; none means all.
    """

    code: str
    weight: Decimal
    tie_break: int | None = None
    tracks: tuple[str, ...] = ()

    def is_for(self, track: str) -> bool:
        return not self.tracks or track in self.tracks


@dataclass(frozen=True)
class ShortlistRule:
    """How many of each group get through; no groups named means all the rest."""

    per: str
    size: int
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleSet:
    """What the ranking of one stage goes by. The weights sum to 100 for each track."""

    criteria: tuple[CriterionRule, ...]
    pass_mark: Decimal | None = None
    shortlist_size: int | None = None
    shortlists: tuple[ShortlistRule, ...] = ()

    @cached_property
    def chain(self) -> tuple[int, ...]:
        """Places of the criteria that break a tie, first things first."""
        links = (
            (criterion.tie_break, place)
            for place, criterion in enumerate(self.criteria)
            if criterion.tie_break is not None
        )
        return tuple(place for _, place in sorted(links))

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """The weights in hundredths of a percent."""
        return tuple(hundredths(each.weight) for each in self.criteria)

    @cached_property
    def limits(self) -> Mapping[str, tuple[Mapping[str, int], int | None]]:
        """For each grouping the size of the groups named, and that of the rest."""
        found: dict[str, tuple[dict[str, int], int | None]] = {}
        for each in self.shortlists:
            named, rest = found.get(each.per, ({}, None))
            named |= dict.fromkeys(each.groups, each.size)
            found[each.per] = named, rest if each.groups else each.size
        return found


@dataclass(frozen=True)
class Sheet:
    """A final sheet: one value for each criterion, in the order of the rules.

    None stands where the proposal is not judged by the criterion.
    """

    proposal: str
    values: tuple[Decimal | None, ...]


# A thousand of each are made for a page: a tuple is made in half the time.
class Tally(NamedTuple):
    """The final sheets of one proposal, added up criterion by criterion.

    `sums` are in hundredths of a point; None as in Sheet.
    """

    proposal: str
    sheet_count: int
    sums: tuple[int | None, ...]


class Standing(NamedTuple):
    """Where a proposal stands in one stage; `rank` is None without a final sheet.

    `tie_rule` is the code of the criterion that parted it from a proposal of the same
    total, PLENARY where a vote did, or SHARED where nothing did. `ranks` are those
    within its track, category and cluster. `weighted` is the sum of its sheets' totals.
    """

    proposal: str
    position: int
    rank: int | None = None
    weighted: int = 0
    sums: tuple[int | None, ...] = ()
    sheet_count: int = 0
    tie_rule: str = ""
    passes: bool = False
    is_shortlisted: bool = False
    ranks: Mapping[str, int] = MappingProxyType({})

    @property
    def total(self) -> Fraction | None:
        """The mean of its sheets' weighted totals, on the scale of the stage."""
        if self.rank is None:
            return None
        return Fraction(self.weighted, WEIGHTED * self.sheet_count)

    @property
    def means(self) -> tuple[Fraction | None, ...]:
        """The mean of each criterion, in the order of the rules."""
        return tuple(
            None if each is None else Fraction(each, 100 * self.sheet_count)
            for each in self.sums
        )


def hundredths(value: Decimal) -> int:
    """Count a value of at most two decimals in hundredths."""
    return int(value.scaleb(2))


def weighted_total(values: Iterable[Decimal], weights: Iterable[Decimal]) -> Decimal:
    """Give the total of one sheet: each value times its weight in percent."""
    return sum(
        (v * w for v, w in zip(values, weights, strict=True)), Decimal(0)
    ).scaleb(-2)


def tally(sheets: Iterable[Sheet], proposals: Iterable[str]) -> list[Tally]:
    """Add up the final sheets of each proposal; who has none gets an empty tally."""
    found: dict[str, list[tuple[Decimal | None, ...]]] = {
        code: [] for code in proposals
    }
    for sheet in sheets:
        found[sheet.proposal].append(sheet.values)
    return [
        Tally(
            code, len(rows), tuple(_sum(column) for column in zip(*rows, strict=True))
        )
        for code, rows in found.items()
    ]


def agreed(rules: RuleSet, tally: Tally, values: Mapping[str, Decimal]) -> Tally:
    """Put what a plenary agreed on in place of the means, by code of the criterion.

    A criterion not named keeps the mean of its sheets. Without a sheet there is no
    mean to agree on, and nothing changes.
    Source: rule PLN-02 in docs/rules.md.
    """
    if not tally.sheet_count:
        return tally
    # As many times as there are sheets, so that their mean is the value agreed on.
    sums = (
        own
        if own is None or criterion.code not in values
        else hundredths(values[criterion.code]) * tally.sheet_count
        for criterion, own in zip(rules.criteria, tally.sums, strict=True)
    )
    return tally._replace(sums=tuple(sums))


def rank(
    rules: RuleSet,
    tallies: Iterable[Tally],
    groups: Mapping[str, Groups] | None = None,
    votes: Iterable[Sequence[str]] = (),
) -> list[Standing]:
    """Rank proposals by the mean of their final sheets.

    A sheet that is missing (conflict, abstention, not finished) neither helps nor
    hurts: means are over the sheets there are. Ties follow the chain of criteria, then
    `votes`, the orders a plenary voted for, the latest first; what these leave equal
    shares a rank. Time of submission is not looked at. Those without a sheet stand
    last, unranked.
    """
    groups = groups or {}
    last = Votes(votes)
    all_tallies = list(tallies)
    scored = {each.proposal: each for each in all_tallies if each.sheet_count}
    weighted = {code: _weighted(rules, each) for code, each in scored.items()}
    whole = common_count(scored.values())
    keys = {
        code: weighted[code] * (whole // each.sheet_count)
        for code, each in scored.items()
    }
    equals = Counter(keys.values())
    places = in_order(
        (
            # Most have no equal, and need nothing that would part them from one.
            Entry(code, key)
            if equals[key] == 1
            else Entry(code, key, _links(rules, scored[code], whole) + last.links(code))
            for code, key in keys.items()
        ),
        [*(rules.criteria[at].code for at in rules.chain), *last.names],
        groups,
    )
    passing = {
        code
        for code, each in scored.items()
        if rules.pass_mark is None
        or weighted[code] >= hundredths(rules.pass_mark) * 10**4 * each.sheet_count
    }
    shortlisted = set(shortlist(rules, places, passing, groups))
    standings = [
        Standing(
            proposal=place.proposal,
            position=place.position,
            rank=place.rank,
            weighted=weighted[place.proposal],
            sums=scored[place.proposal].sums,
            sheet_count=scored[place.proposal].sheet_count,
            tie_rule=place.tie_rule,
            passes=place.proposal in passing,
            is_shortlisted=place.proposal in shortlisted,
            ranks=place.ranks,
        )
        for place in places
    ]
    unscored = sorted(each.proposal for each in all_tallies if not each.sheet_count)
    standings += [
        Standing(code, position)
        for position, code in enumerate(unscored, start=len(places) + 1)
    ]
    return standings


def shortlist(
    rules: RuleSet,
    places: Iterable[Place],
    passing: set[str],
    groups: Mapping[str, Groups],
) -> Iterator[str]:
    """Give who gets through: within its groups first, then of all together.

    Who shares the last place gets through as well.
    """
    taken = 0
    last_rank = None
    for place in places:
        if place.proposal not in passing or not _is_within(rules, place, groups):
            continue
        if (
            rules.shortlist_size is not None
            and taken >= rules.shortlist_size
            and place.rank != last_rank
        ):
            return
        taken, last_rank = taken + 1, place.rank
        yield place.proposal


def common_count(tallies: Iterable[Tally | Standing]) -> int:
    """The number of sheets over which means of unlike numbers are whole."""
    return lcm(*{each.sheet_count for each in tallies if each.sheet_count})


def spread(totals: Sequence[Decimal]) -> Decimal | None:
    """Give the highest less the lowest total of a proposal's sheets."""
    return max(totals) - min(totals) if totals else None


def readable(value: Fraction) -> Decimal:
    """Round to six digits after the point: to read and to sort, never to rank."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.000001"))


def _sum(column: Sequence[Decimal | None]) -> int | None:
    if any(value is None for value in column):
        return None
    return sum(hundredths(value) for value in column if value is not None)


def _links(rules: RuleSet, tally: Tally, whole: int) -> tuple[int | None, ...]:
    """Its means along the tie-break chain, over `whole` sheets."""
    sums = (tally.sums[at] for at in rules.chain)
    factor = whole // tally.sheet_count
    return tuple(None if each is None else each * factor for each in sums)


def _weighted(rules: RuleSet, tally: Tally) -> int:
    pairs = zip(tally.sums, rules.weights, strict=True)
    return sum([value * weight for value, weight in pairs if value is not None])


def _is_within(rules: RuleSet, place: Place, groups: Mapping[str, Groups]) -> bool:
    """Whether a place is within the size of each group it belongs to.

    Where groups have sizes, who is in no group has none to get through with.
    """
    for per, (named, rest) in rules.limits.items():
        own = groups.get(place.proposal, NO_GROUPS).code_of(per)
        size = named.get(own, rest)
        within = place.rank if per not in GROUPINGS else place.ranks.get(per)
        if size is not None and (within is None or within > size):
            return False
    return True

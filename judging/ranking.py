"""How scores become ranks: exact, without database or clock.

Sums are `Decimal`, which adds scores of two decimals without loss; means are
`Fraction`, since a third of a point is no finite decimal and two proposals may differ
by less than any rounding keeps. Rounding is for the eye alone.
Source: rules SCO-01 to SCO-03 in docs/rules.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise

SHARED = "shared"


@dataclass(frozen=True)
class CriterionRule:
    """A criterion: its weight in percent, its place in the tie-break chain if any."""

    code: str
    weight: Decimal
    tie_break: int | None = None


@dataclass(frozen=True)
class RuleSet:
    """What a ranking goes by. The weights sum to 100."""

    criteria: tuple[CriterionRule, ...]
    pass_mark: Decimal | None = None
    shortlist_size: int | None = None

    @property
    def chain(self) -> tuple[int, ...]:
        """Places of the criteria that break a tie, first things first."""
        links = (
            (criterion.tie_break, place)
            for place, criterion in enumerate(self.criteria)
            if criterion.tie_break is not None
        )
        return tuple(place for _, place in sorted(links))


@dataclass(frozen=True)
class Sheet:
    """A final sheet: one value for each criterion, in the order of the rules."""

    proposal: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True)
class Tally:
    """The final sheets of one proposal, added up criterion by criterion."""

    proposal: str
    sheet_count: int
    sums: tuple[Decimal, ...]


@dataclass(frozen=True)
class Standing:
    """Where a proposal stands; `rank` and `total` are None without a final sheet.

    `tie_rule` is the code of the criterion that parted it from a proposal of the same
    total, or SHARED where the whole chain left them equal.
    """

    proposal: str
    position: int
    rank: int | None
    total: Fraction | None
    sums: tuple[Decimal, ...]
    sheet_count: int
    tie_rule: str
    passes: bool
    is_shortlisted: bool

    @property
    def means(self) -> tuple[Fraction, ...]:
        """The mean of each criterion, in the order of the rules."""
        if not self.sheet_count:
            return ()
        return tuple(Fraction(each) / self.sheet_count for each in self.sums)


def weighted_total(values: Iterable[Decimal], weights: Iterable[Decimal]) -> Decimal:
    """Give the total of one sheet: each value times its weight in percent."""
    return sum(
        (v * w for v, w in zip(values, weights, strict=True)), Decimal(0)
    ).scaleb(-2)


def tally(sheets: Iterable[Sheet], proposals: Iterable[str]) -> list[Tally]:
    """Add up the final sheets of each proposal; who has none gets an empty tally."""
    found: dict[str, list[tuple[Decimal, ...]]] = {code: [] for code in proposals}
    for sheet in sheets:
        found[sheet.proposal].append(sheet.values)
    return [
        Tally(
            code,
            len(rows),
            tuple(sum(column, Decimal(0)) for column in zip(*rows, strict=True)),
        )
        for code, rows in found.items()
    ]


def rank(rules: RuleSet, tallies: Iterable[Tally]) -> list[Standing]:
    """Rank proposals by the mean of their final sheets.

    A sheet that is missing (conflict, abstention, not finished) neither helps nor
    hurts: means are over the sheets there are. Ties follow the chain of criteria; what
    it leaves equal shares a rank until the plenary decides. Time of submission is not
    looked at. Those without a sheet stand last, unranked.
    """
    chain = rules.chain
    scored: list[tuple[tuple[Fraction, ...], Tally]] = []
    unscored: list[Tally] = []
    for each in tallies:
        if not each.sheet_count:
            unscored.append(each)
            continue
        weighted = sum(
            (s * c.weight for s, c in zip(each.sums, rules.criteria, strict=True)),
            Decimal(0),
        )
        total = Fraction(weighted) / (100 * each.sheet_count)
        means = (Fraction(each.sums[place]) / each.sheet_count for place in chain)
        scored.append(((total, *means), each))
    # By code first: a stable order within a shared rank, whatever order came in.
    scored.sort(key=lambda entry: entry[1].proposal)
    scored.sort(key=lambda entry: entry[0], reverse=True)
    rules_of = _tie_rules(rules, [key for key, _ in scored])
    standings: list[Standing] = []
    shared_rank = 0
    for position, (key, each) in enumerate(scored, start=1):
        if position == 1 or key != scored[position - 2][0]:
            shared_rank = position
        passes = rules.pass_mark is None or key[0] >= rules.pass_mark
        standings.append(
            Standing(
                proposal=each.proposal,
                position=position,
                rank=shared_rank,
                total=key[0],
                sums=each.sums,
                sheet_count=each.sheet_count,
                tie_rule=rules_of[position - 1],
                passes=passes,
                is_shortlisted=passes
                and (
                    rules.shortlist_size is None or shared_rank <= rules.shortlist_size
                ),
            )
        )
    standings += [
        Standing(
            proposal=each.proposal,
            position=position,
            rank=None,
            total=None,
            sums=(),
            sheet_count=0,
            tie_rule="",
            passes=False,
            is_shortlisted=False,
        )
        for position, each in enumerate(
            sorted(unscored, key=lambda each: each.proposal), start=len(scored) + 1
        )
    ]
    return standings


def spread(totals: Sequence[Decimal]) -> Decimal | None:
    """Give the highest less the lowest total of a proposal's sheets."""
    return max(totals) - min(totals) if totals else None


def readable(value: Fraction) -> Decimal:
    """Round to six digits after the point: to read and to sort, never to rank."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.000001"))


def _tie_rules(rules: RuleSet, keys: Sequence[tuple[Fraction, ...]]) -> list[str]:
    """Name for each place what parted it from its neighbours of the same total."""
    codes = [rules.criteria[place].code for place in rules.chain]
    names: list[str] = []
    for _, group in groupby(keys, key=lambda key: key[0]):
        tied = list(group)
        depths = [_depth(one, other) for one, other in pairwise(tied)]
        for place in range(len(tied)):
            around = depths[max(0, place - 1) : place + 1]
            names.append(_name(max(around), codes) if around else "")
    return names


def _depth(one: tuple[Fraction, ...], other: tuple[Fraction, ...]) -> int:
    """Count the links of the chain that two equal totals need to be told apart."""
    return next((at for at in range(1, len(one)) if one[at] != other[at]), len(one))


def _name(depth: int, codes: Sequence[str]) -> str:
    return codes[depth - 1] if depth <= len(codes) else SHARED

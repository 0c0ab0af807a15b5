"""How alike jurors judge: advice beside the scores, which it never changes.

Pure functions, exact; nothing here enters a ranking. Whoever reads it decides what it
means: a severe juror may be the one who read best.
Source: rule SCO-15 in docs/rules.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from judging import ranking
from judging.ordering import Groups
from judging.ranking import RuleSet, Standing, Tally

# Ranks the sheets of a stage, added up, as that stage is ranked.
Ranker = Callable[[Iterable[Tally]], Sequence[Standing]]


@dataclass(frozen=True)
class JurorSheet:
    """A final sheet and the number of its juror.

    `values` are in hundredths of a point, in the order of the criteria; None stands
    where the proposal is not judged by one.
    """

    juror: int
    proposal: str
    values: tuple[int | None, ...]


@dataclass(frozen=True)
class JurorProfile:
    """How one juror uses the scale, on the scale of the stage.

    `severity` is how far the totals lie on average below (minus) or above (plus) the
    mean of the other jurors for the same proposals; None where nobody else judged
    them. `variance` is that of the totals.
    """

    juror: int
    sheet_count: int
    lowest: Fraction
    mean: Fraction
    highest: Fraction
    variance: Fraction
    severity: Fraction | None
    compared: int


@dataclass(frozen=True)
class Move:
    """What one proposal's rank would be without the sheets of one juror.

    `rank` is None if nobody else judged it.
    """

    juror: int
    rank: int | None
    is_shortlisted: bool


@dataclass(frozen=True)
class Hinge:
    """A proposal whose rank depends on single jurors.

    `moves` hold only those jurors without whom it would stand elsewhere;
    `deciders` those without whom it would change sides at the shortlist's line.
    """

    proposal: str
    rank: int
    is_shortlisted: bool
    moves: tuple[Move, ...]

    @property
    def best(self) -> int:
        return min([self.rank, *self._ranks])

    @property
    def worst(self) -> int:
        return max([self.rank, *self._ranks])

    @property
    def deciders(self) -> tuple[Move, ...]:
        return tuple(
            each
            for each in self.moves
            if each.rank is not None and each.is_shortlisted != self.is_shortlisted
        )

    @property
    def _ranks(self) -> list[int]:
        return [each.rank for each in self.moves if each.rank is not None]


@dataclass(frozen=True)
class Calibration:
    """All figures of one stage; `agreement` is None where nobody can be compared."""

    profiles: Sequence[JurorProfile]
    agreement: Fraction | None
    compared: int
    hinges: Sequence[Hinge]


def calibrate(
    rules: RuleSet,
    sheets: Iterable[JurorSheet],
    groups: Mapping[str, Groups] | None = None,
    rank_by: Ranker | None = None,
) -> Calibration:
    """Compare the jurors of one stage by their final sheets.

    `rank_by` ranks what is left of the sheets without a juror as the stage itself is
    ranked: by the sum with stages before it, say. Without it `rules` alone count.
    """
    rows = list(sheets)
    if rank_by is None:
        rank_by = partial(_rank_alone, rules, groups or {})
    totals: dict[str, dict[int, int]] = {}
    for each in rows:
        totals.setdefault(each.proposal, {})[each.juror] = _total(rules, each)
    several = [list(own.values()) for own in totals.values() if len(own) > 1]
    return Calibration(
        profiles=_profiles(totals),
        agreement=alpha(several),
        compared=len(several),
        hinges=_hinges(rows, rank_by),
    )


def alpha(units: Iterable[Sequence[int]]) -> Fraction | None:
    """Give Krippendorff's alpha for interval data: 1 is full agreement, 0 is chance.

    Each unit holds the values that different jurors gave one proposal; one with a
    single value says nothing and is left out. None without a pair to compare, 1 where
    all values are the same.
    Source: Krippendorff, Content Analysis, chapter on reliability.
    """
    number = total = squares = 0
    observed = Fraction(0)
    for unit in units:
        count = len(unit)
        if count < 2:
            continue
        own, own_squares = sum(unit), sum(value * value for value in unit)
        # Twice the sum of the squared differences of all pairs within the unit.
        observed += Fraction(2 * (count * own_squares - own * own), count - 1)
        number += count
        total += own
        squares += own_squares
    if not number:
        return None
    expected = 2 * (number * squares - total * total)
    if not expected:
        return Fraction(1)
    return 1 - (number - 1) * observed / expected


def _total(rules: RuleSet, sheet: JurorSheet) -> int:
    """The weighted total of a sheet, WEIGHTED times the scale's."""
    return sum(
        value * weight
        for value, weight in zip(sheet.values, rules.weights, strict=True)
        if value is not None
    )


def _profiles(totals: Mapping[str, Mapping[int, int]]) -> list[JurorProfile]:
    given: dict[int, list[int]] = {}
    away: dict[int, list[Fraction]] = {}
    for own in totals.values():
        whole = sum(own.values())
        for juror, value in own.items():
            given.setdefault(juror, []).append(value)
            if len(own) > 1:
                others = Fraction(whole - value, len(own) - 1)
                away.setdefault(juror, []).append(value - others)
    return [
        _profile(juror, values, away.get(juror, ())) for juror, values in given.items()
    ]


def _profile(
    juror: int, values: Sequence[int], away: Sequence[Fraction]
) -> JurorProfile:
    count = len(values)
    mean = Fraction(sum(values), count)
    variance = Fraction(sum(value * value for value in values), count) - mean * mean
    unit = ranking.WEIGHTED
    return JurorProfile(
        juror=juror,
        sheet_count=count,
        lowest=Fraction(min(values), unit),
        mean=mean / unit,
        highest=Fraction(max(values), unit),
        variance=variance / unit**2,
        severity=sum(away, Fraction(0)) / len(away) / unit if away else None,
        compared=len(away),
    )


def _rank_alone(
    rules: RuleSet, groups: Mapping[str, Groups], tallies: Iterable[Tally]
) -> Sequence[Standing]:
    return ranking.rank(rules, tallies, groups)


def _hinges(rows: Sequence[JurorSheet], rank_by: Ranker) -> list[Hinge]:
    """Rank once with all and once without each juror; keep who moves, by rank."""
    by_juror: dict[int, list[JurorSheet]] = {}
    for row in rows:
        by_juror.setdefault(row.juror, []).append(row)
    if len(by_juror) < 2:
        return []
    whole = _tallies(rows)
    standings = rank_by(whole.values())
    without = {}
    for juror, own in by_juror.items():
        others = whole | {row.proposal: _less(whole[row.proposal], row) for row in own}
        ranked = rank_by(others.values())
        without[juror] = {each.proposal: each for each in ranked}
    found = []
    for each in standings:
        moves = tuple(
            Move(juror, other.rank, other.is_shortlisted)
            for juror, ranked_others in without.items()
            if _differs(each, other := ranked_others[each.proposal])
        )
        if moves and each.rank is not None:
            found.append(Hinge(each.proposal, each.rank, each.is_shortlisted, moves))
    return found


def _differs(one: Standing, other: Standing) -> bool:
    return (one.rank, one.is_shortlisted) != (other.rank, other.is_shortlisted)


def _tallies(rows: Iterable[JurorSheet]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for row in rows:
        before = found.get(row.proposal)
        found[row.proposal] = (
            Tally(
                row.proposal,
                before.sheet_count + 1,
                tuple(
                    None if one is None or other is None else one + other
                    for one, other in zip(before.sums, row.values, strict=True)
                ),
            )
            if before
            else Tally(row.proposal, 1, row.values)
        )
    return found


def _less(tally: Tally, row: JurorSheet) -> Tally:
    """What is left of a proposal's sheets without one of them."""
    if tally.sheet_count == 1:
        return Tally(tally.proposal, 0, ())
    return Tally(
        tally.proposal,
        tally.sheet_count - 1,
        tuple(
            None if one is None or other is None else one - other
            for one, other in zip(tally.sums, row.values, strict=True)
        ),
    )

"""What looks odd in finished sheets: a reason to ask, never a verdict.

Pure functions over whole sheets. What they give holds no score and names no proposal,
so that the chair learns nothing that the round keeps from jurors.
Source: rule SCO-19 in docs/rules.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations

# From so many sheets on it is said; fewer happen to anybody.
MOST_AT_ONCE = 5
SEVERAL = 3
TWINS = 2
AT_ONCE = timedelta(hours=1)
QUICK = timedelta(minutes=3)


class AlarmKind(StrEnum):
    UNOPENED = "unopened"
    AT_ONCE = "at_once"
    QUICK = "quick"
    REPEATED = "repeated"
    FLAT = "flat"
    TWINS = "twins"


@dataclass(frozen=True)
class FinishedSheet:
    """One finished sheet; `values` are in the order of the criteria, None for none.

    At a gate there are no values.
    """

    juror: int
    proposal: int
    opened_at: datetime | None
    finished_at: datetime
    values: tuple[int | None, ...]

    @property
    def scores(self) -> tuple[int, ...]:
        return tuple(value for value in self.values if value is not None)


@dataclass(frozen=True)
class Alarm:
    """What looks odd, in the sheets of which jurors (ids), and in how many of them."""

    kind: AlarmKind
    jurors: tuple[int, ...]
    count: int


def alarms_of(
    sheets: Iterable[FinishedSheet],
    *,
    left: Mapping[int, int],
    no_pairs_with: int | None = None,
) -> list[Alarm]:
    """Find what looks odd in the finished sheets of one stage.

    `left` counts what each juror has still to score: only who is through can have
    scored everything at once. Pairs with the juror `no_pairs_with`, the one who
    reads this, are left out: they would learn the other's scores from their own.
    """
    by_juror: dict[int, list[FinishedSheet]] = defaultdict(list)
    for sheet in sheets:
        by_juror[sheet.juror].append(sheet)
    found: list[Alarm] = []
    for juror, own in sorted(by_juror.items()):
        found += _of_one(juror, own, is_through=not left.get(juror))
    found += _of_pairs(by_juror, no_pairs_with)
    return found


def _of_one(
    juror: int, sheets: Sequence[FinishedSheet], *, is_through: bool
) -> Iterator[Alarm]:
    counts = {
        AlarmKind.UNOPENED: (sum(_is_unopened(each) for each in sheets), 1),
        AlarmKind.AT_ONCE: (
            len(sheets) if is_through and _is_at_once(sheets) else 0,
            MOST_AT_ONCE,
        ),
        AlarmKind.QUICK: (sum(_is_quick(each) for each in sheets), SEVERAL),
        AlarmKind.REPEATED: (_repeated(sheets), SEVERAL),
        AlarmKind.FLAT: (sum(_is_flat(each) for each in sheets), SEVERAL),
    }
    for kind, (count, least) in counts.items():
        if count >= least:
            yield Alarm(kind, (juror,), count)


def _of_pairs(
    by_juror: Mapping[int, Sequence[FinishedSheet]], hidden: int | None
) -> Iterator[Alarm]:
    vectors = {
        juror: {each.proposal: each.values for each in sheets if len(each.scores) > 1}
        for juror, sheets in by_juror.items()
        if juror != hidden
    }
    for one, other in combinations(sorted(vectors), 2):
        first, second = vectors[one], vectors[other]
        alike = sum(first[each] == second.get(each) for each in first)
        if alike >= TWINS:
            yield Alarm(AlarmKind.TWINS, (one, other), alike)


def _is_unopened(sheet: FinishedSheet) -> bool:
    return sheet.opened_at is None or sheet.opened_at > sheet.finished_at


def _is_quick(sheet: FinishedSheet) -> bool:
    if sheet.opened_at is None or _is_unopened(sheet):
        return False
    return sheet.finished_at - sheet.opened_at < QUICK


def _is_at_once(sheets: Sequence[FinishedSheet]) -> bool:
    moments = [each.finished_at for each in sheets]
    return max(moments) - min(moments) <= AT_ONCE


def _is_flat(sheet: FinishedSheet) -> bool:
    return len(sheet.scores) > 1 and len(set(sheet.scores)) == 1


def _repeated(sheets: Sequence[FinishedSheet]) -> int:
    """How many sheets hold the scores most often given; flat ones are told apart."""
    vectors = Counter(
        each.values for each in sheets if len(each.scores) > 1 and not _is_flat(each)
    )
    return max(vectors.values(), default=0)

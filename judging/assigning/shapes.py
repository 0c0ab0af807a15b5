"""What goes into an assignment, and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Pair = tuple[int, int]  # juror, proposal


@dataclass(frozen=True)
class Entry:
    """A proposal to be judged."""

    key: int
    category: int | None = None


@dataclass(frozen=True)
class Judge:
    """A juror: the most sheets they take (None: any), what they know (none: all).

    `load` are sheets they have beside the pairs of the problem.
    """

    key: int
    background: str = ""
    capacity: int | None = None
    knows: frozenset[int] = frozenset()
    load: int = 0

    def can_judge(self, entry: Entry) -> bool:
        """Whether the category of `entry` is among those the juror knows."""
        return not self.knows or entry.category is None or entry.category in self.knows


@dataclass(frozen=True)
class Problem:
    """All that an assignment goes by.

    `wanted` is the number of jurors for each proposal, None for all of them. `kept`
    are pairs that count and never move, whosever they are; `standing` pairs may move,
    but should not; `barred` are never made. `jurors` are those who take work. All
    pairs are of these proposals.
    """

    jurors: tuple[Judge, ...]
    proposals: tuple[Entry, ...]
    wanted: int | None
    barred: frozenset[Pair] = frozenset()
    kept: frozenset[Pair] = frozenset()
    standing: frozenset[Pair] = frozenset()


class GapReason(StrEnum):
    """Why a proposal has fewer jurors than wanted."""

    TOO_FEW_JURORS = "too_few_jurors"
    BARRED = "barred"
    CAPACITY = "capacity"


class ReleaseReason(StrEnum):
    """Why a standing pair is given up."""

    LEFT = "left"  # the juror takes no work any more
    BARRED = "barred"
    TOO_MANY = "too_many"
    CAPACITY = "capacity"
    BALANCE = "balance"


@dataclass(frozen=True)
class Gap:
    """A proposal that lacks jurors; `full` are those who could but have no room."""

    proposal: int
    missing: int
    reason: GapReason
    barred: int
    full: tuple[int, ...]


@dataclass(frozen=True)
class Release:
    juror: int
    proposal: int
    reason: ReleaseReason


@dataclass(frozen=True)
class Plan:
    """What to add and what to release, in order of proposal and juror.

    `before` and `after` are the loads by juror, `unlike` how many of the pairs lie
    outside what their juror knows.
    """

    added: tuple[Pair, ...]
    released: tuple[Release, ...]
    gaps: tuple[Gap, ...]
    before: Mapping[int, int]
    after: Mapping[int, int]
    unlike: int

    @property
    def changes_nothing(self) -> bool:
        return not self.added and not self.released

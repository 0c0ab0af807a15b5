"""Who stands before whom: ranks, ties, ranks within groups. Pure functions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

SHARED = "shared"
PLENARY = "plenary"
GROUPINGS = ("track", "category", "cluster")


@dataclass(frozen=True)
class Groups:
    """Codes of the groups a proposal belongs to; empty where it is in none."""

    track: str = ""
    category: str = ""
    cluster: str = ""

    def code_of(self, per: str) -> str:
        """Its group among those of `per`; all are one group overall."""
        return dict(self.memberships).get(per, "")

    @cached_property
    def memberships(self) -> tuple[tuple[str, str], ...]:
        """The groupings it belongs to, each with its group."""
        pairs = zip(GROUPINGS, (self.track, self.category, self.cluster), strict=True)
        return tuple(pair for pair in pairs if pair[1])


NO_GROUPS = Groups()


class Entry(NamedTuple):
    """A proposal to be placed: by `key` first, among equals by `links`.

    A link is the mean of a criterion of the tie-break chain, in any one unit, or a
    place the plenary voted for; None where the proposal has none of it.
    """

    proposal: str
    key: Any
    links: tuple[int | None, ...] = ()


class Place(NamedTuple):
    """Where an entry came to stand; `ranks` counts within its groups, by grouping.

    `tie_rule` is the code of the criterion that parted it from an equal, PLENARY where
    a vote did, or SHARED.
    """

    proposal: str
    position: int
    rank: int
    tie_rule: str = ""
    ranks: Mapping[str, int] = MappingProxyType({})


class Votes:
    """The last links of the chain: the orders a plenary voted for, the latest first.

    A vote parts only those it names; where one of the equals was not voted on, it is
    passed over like any other link.
    """

    def __init__(self, orders: Iterable[Sequence[str]] = ()) -> None:
        self.places = [
            {code: -place for place, code in enumerate(order)} for order in orders
        ]

    @property
    def names(self) -> list[str]:
        return [PLENARY] * len(self.places)

    def links(self, proposal: str) -> tuple[int | None, ...]:
        return tuple(each.get(proposal) for each in self.places)


def in_order(
    entries: Iterable[Entry], chain: Sequence[str], groups: Mapping[str, Groups]
) -> list[Place]:
    """Place the entries, the highest first; who is equal to the end shares a rank.

    `chain` names the links, votes of the plenary last. A link that one of the equals
    is not judged by is passed over: it could only punish.
    """
    # By code first: a stable order within a shared rank, whatever order came in.
    ordered = sorted(entries, key=attrgetter("proposal"))
    ordered.sort(key=attrgetter("key"), reverse=True)
    places: list[Place] = []
    counts: dict[tuple[str, str], int] = {}
    for _key, same in groupby(ordered, key=attrgetter("key")):
        equals = list(same)
        # Nearly all stand alone, and there are a thousand of them.
        parts = _parted(equals, chain, 0, "") if len(equals) > 1 else [("", equals)]
        for rule, sharing in parts:
            rank = len(places) + 1
            before = counts if len(sharing) == 1 else dict(counts)
            for proposal, *_more in sharing:
                ranks = {}
                for membership in groups.get(proposal, NO_GROUPS).memberships:
                    ranks[membership[0]] = before.get(membership, 0) + 1
                    counts[membership] = counts.get(membership, 0) + 1
                places.append(Place(proposal, len(places) + 1, rank, rule, ranks))
    return places


def _parted(
    equals: list[Entry], chain: Sequence[str], at: int, rule: str
) -> Iterator[tuple[str, list[Entry]]]:
    """Part equals by the chain from `at` on; give each part and what parted it last."""
    if len(equals) == 1:
        yield rule, equals
        return
    for place in range(at, len(chain)):
        values: dict[int, list[Entry]] = {}
        for each in equals:
            if (value := each.links[place]) is None:
                break
            values.setdefault(value, []).append(each)
        else:
            if len(values) > 1:
                for value in sorted(values, reverse=True):
                    yield from _parted(values[value], chain, place + 1, chain[place])
                return
    yield SHARED, equals

"""What an assessment by a tree of components comes to. Pure functions, exact.

Only the leaves of the tree are scored; a component has the points of all leaves below
it. The result is the highest predicate whose every minimum is reached.
Source: rule SCO-14 in docs/rules.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

WHOLE = ""  # stands for the total where a component is named


@dataclass(frozen=True)
class Component:
    """A node of the tree; its weight is the most points it can have."""

    code: str
    weight: Decimal
    parent: str = ""


@dataclass(frozen=True)
class Minimum:
    """The least points that a component, or the WHOLE, must have."""

    component: str
    points: Fraction


@dataclass(frozen=True)
class PredicateRule:
    """What must be reached for a predicate, and which one must be held before it."""

    code: str
    minimums: tuple[Minimum, ...] = ()
    requires: str = ""


@dataclass(frozen=True)
class Shortfall:
    """What keeps a predicate away: the first minimum that is not reached.

    `minimum` is None where all are, but the predicate it requires is not held yet.
    """

    predicate: str
    component: str = WHOLE
    points: Fraction | None = None
    minimum: Fraction | None = None


@dataclass(frozen=True)
class Assessment:
    """The predicate reached, empty for none; what keeps each of the others away."""

    predicate: str
    shortfalls: tuple[Shortfall, ...] = ()


def points_of(
    tree: Sequence[Component], means: Mapping[str, Fraction], scale_max: Decimal
) -> dict[str, Fraction]:
    """Give the points of every component, and of the WHOLE.

    `means` are those of the leaves, on a scale that ends at `scale_max`; in `tree`
    each component stands before those below it.
    """
    points: dict[str, Fraction] = {}
    for each in reversed(tree):
        if each.code in means:
            share = means[each.code] / Fraction(scale_max)
            points[each.code] = Fraction(each.weight) * share
        own = points.setdefault(each.code, Fraction(0))
        points[each.parent] = points.get(each.parent, Fraction(0)) + own
    points.setdefault(WHOLE, Fraction(0))
    return points


def assess(
    predicates: Sequence[PredicateRule],
    points: Mapping[str, Fraction],
    held: Collection[str] = (),
) -> Assessment:
    """Find the highest of `predicates`, which stand low to high.

    `held` are those held since an earlier round.
    """
    reached = ""
    shortfalls = []
    for each in predicates:
        shortfall = _shortfall(each, points, held)
        if shortfall is None:
            reached = each.code
        else:
            shortfalls.append(shortfall)
    return Assessment(reached, tuple(shortfalls))


def _shortfall(
    rule: PredicateRule, points: Mapping[str, Fraction], held: Collection[str]
) -> Shortfall | None:
    for minimum in rule.minimums:
        found = points[minimum.component]
        if found < minimum.points:
            return Shortfall(rule.code, minimum.component, found, minimum.points)
    if rule.requires and rule.requires not in held:
        return Shortfall(rule.code)
    return None

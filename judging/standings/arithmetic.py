"""The arithmetic of a final score, step by step, in exact fractions.

Nothing is rounded here; a page rounds what it shows and can tell the exact value.
Source: rule SCO-12 in docs/rules.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from core import numbers
from judging.combining import Outcome, StageOutcome
from judging.ranking import readable

# More digits than any sum of scores with two decimals and weights with two needs.
_EXACT = Context(prec=60)


@dataclass(frozen=True)
class Exact:
    """A number as it is: shown with two decimals, and told exactly where asked."""

    value: Fraction

    @property
    def rounded(self) -> Decimal:
        """Of six decimals, for a filter that shows two."""
        return readable(self.value)

    @property
    def is_round(self) -> bool:
        """Whether two decimals tell all of it."""
        return (self.value * 100).denominator == 1

    @property
    def close(self) -> str:
        """All its decimals where they are few, else six of them and dots."""
        if (self.value * 10**6).denominator == 1:
            return self.text
        return f"{numbers.decimal(self.rounded, 6)}…"

    @property
    def text(self) -> str:
        """The exact value: all its decimals, or a fraction where they never end."""
        rest = self.value.denominator
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        if rest > 1:
            return f"{self.value.numerator}/{self.value.denominator}"
        exact = _EXACT.divide(
            Decimal(self.value.numerator), Decimal(self.value.denominator)
        )
        digits = -int(exact.normalize(_EXACT).as_tuple().exponent)
        return numbers.decimal(exact, max(digits, 0))


@dataclass(frozen=True)
class CriterionStep:
    """The mean of one criterion times its weight in percent."""

    name: str
    weight: Decimal
    mean: Exact
    added: Exact
    is_agreed: bool = False


@dataclass(frozen=True)
class StageStep:
    """One stage: its criteria added up, put on 0 to 100, times its share in percent."""

    name: str
    sheet_count: int
    rows: Sequence[CriterionStep]
    total: Exact
    scale_max: Decimal
    points: Exact
    share: Decimal
    added: Exact

    @property
    def is_on_hundred(self) -> bool:
        """Whether its scale ends at 100, so that nothing is converted."""
        return self.scale_max == 100


@dataclass(frozen=True)
class Arithmetic:
    """All stages that a proposal was scored in, and their sum."""

    stages: Sequence[StageStep]
    total: Exact


def arithmetic_of(
    outcome: Outcome,
    proposal: str,
    *,
    names: Mapping[str, str],
    criteria: Mapping[str, Mapping[str, str]],
    agreed: Mapping[str, Collection[str]] | None = None,
) -> Arithmetic | None:
    """Show how the final score of `proposal` comes about; None if it has none so far.

    `names` are those of stages by code, `criteria` those of criteria by code of the
    stage; `agreed` are codes of criteria that a plenary agreed on, by stage.
    """
    steps = []
    for stage in outcome.stages:
        if stage.rules.is_gate:
            continue
        step = _step(stage, proposal, names, criteria, agreed or {})
        if step is None:
            return None
        steps.append(step)
    if not steps:
        return None
    total = sum((each.added.value for each in steps), Fraction(0))
    return Arithmetic(steps, Exact(total))


def _step(
    stage: StageOutcome,
    proposal: str,
    names: Mapping[str, str],
    criteria: Mapping[str, Mapping[str, str]],
    agreed: Mapping[str, Collection[str]],
) -> StageStep | None:
    standing = stage.by_proposal.get(proposal)
    if standing is None or not standing.sheet_count:
        return None
    rules = stage.rules
    rows = [
        CriterionStep(
            name=criteria[rules.code][rule.code],
            weight=rule.weight,
            mean=Exact(mean),
            added=Exact(mean * Fraction(rule.weight) / 100),
            is_agreed=rule.code in agreed.get(rules.code, ()),
        )
        for rule, mean in zip(rules.ranking.criteria, standing.means, strict=True)
        if mean is not None
    ]
    total = sum((each.added.value for each in rows), Fraction(0))
    points = total * 100 / Fraction(rules.scale_max)
    return StageStep(
        name=names[rules.code],
        sheet_count=standing.sheet_count,
        rows=rows,
        total=Exact(total),
        scale_max=rules.scale_max,
        points=Exact(points),
        share=rules.share,
        added=Exact(points * Fraction(rules.share) / 100),
    )

"""What a plenary decides, and what becomes of the ranking by it. Pure functions.

Raw sheets never change: an agreed score stands beside them and takes the place of the
mean, a vote is the last link of the tie-break chain.
Source: rules PLN-01 to PLN-04 in docs/rules.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby

from judging import combining
from judging.ordering import SHARED


@dataclass(frozen=True)
class Agreement:
    """What a plenary put in place of the sheets of one proposal in one stage."""

    stage: str
    proposal: str
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    verdict: str = ""


@dataclass(frozen=True)
class TieVote:
    """The order a plenary voted for among equals; none where they share the rank."""

    stage: str
    order: tuple[str, ...]
    is_shared: bool = False


@dataclass(frozen=True)
class Decisions:
    """What plenaries decided, in the order in which it came into force."""

    agreements: Sequence[Agreement] = ()
    ties: Sequence[TieVote] = ()

    def laid_on(self, papers: combining.Papers, stage: str) -> combining.Papers:
        """Give the papers of `stage` with what was decided there.

        Of two decisions on one proposal the later stands, as a whole.
        """
        own = [each for each in self.agreements if each.stage == stage]
        return replace(
            papers,
            agreed={each.proposal: each.scores for each in own if not each.verdict},
            ruled={each.proposal: each.verdict for each in own if each.verdict},
            votes=[
                each.order
                for each in reversed(self.ties)
                if each.stage == stage and not each.is_shared
            ],
        )


NO_DECISIONS = Decisions()


def quorum_for(quorum: int, *, sitting: int, conflicted: int) -> int:
    """How many must be present who are free to decide on a proposal.

    A juror in conflict leaves the denominator: the number falls by one for each, but
    not below more than half of those who are free, unless it was set lower for all.
    Source: rule PLN-01 in docs/rules.md.
    """
    return max(quorum - conflicted, min(quorum, majority_of(sitting - conflicted)))


def majority_of(number: int) -> int:
    """The least number that is more than half."""
    return number // 2 + 1


def open_ties(outcome: combining.Outcome) -> list[tuple[str, ...]]:
    """List who shares a rank to the end of the chain, the highest rank first."""
    shared = (each for each in outcome.finals if each.tie_rule == SHARED)
    return [
        tuple(each.proposal for each in equals)
        for _rank, equals in groupby(shared, key=lambda each: each.rank)
    ]


def is_on_the_line(
    tie: Sequence[str],
    outcome: combining.Outcome,
    voted: Callable[[Sequence[str]], combining.Outcome],
) -> bool:
    """Whether a vote on `tie` could change who gets through.

    `voted` judges anew as if the plenary had voted for an order.
    Source: rule PLN-03 in docs/rules.md.
    """
    now = _through(tie, outcome)
    return any(
        _through(tie, voted(order)) != now for order in (tie, tuple(reversed(tie)))
    )


def _through(codes: Iterable[str], outcome: combining.Outcome) -> set[str]:
    return set(codes) & set(outcome.stages[-1].through)

"""What a change of the rules means to those who live by them: asked of every app.

Proposals and sheets stand above this layer, so their apps answer signals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext as _

from competitions import signals
from competitions.definitions import RoundDefinition
from competitions.models import Round
from competitions.queries import RoundParts


class Progress(IntEnum):
    """How far the jury of a round is."""

    NOTHING = 0
    BEGUN = 1  # somebody has scored, or may have
    SEALED = 2


@dataclass(frozen=True)
class RuleEdit:
    """The rules in force and those that are to be, as definitions and as rows.

    `holds` says that they are put in force now: who answers locks the rows that the
    answer goes by, until the transaction ends.
    """

    round: Round
    before: RoundParts
    after: RoundParts
    old: RoundDefinition
    new: RoundDefinition
    at: datetime
    holds: bool = False


@dataclass(frozen=True)
class Consequence:
    """A sentence on what follows; `place` is that of `place_of`, empty for the whole.

    One that `forbids` keeps the change from being put in force.
    """

    sentence: str
    place: str = ""
    forbids: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a proposal stands; `rank` is None while it has none."""

    rank: int | None
    total: Decimal | None
    outcome: str = ""

    @property
    def data(self) -> list[object]:
        total = None if self.total is None else str(self.total)
        return [self.rank, total, self.outcome]


@dataclass(frozen=True)
class Move:
    """A proposal before and after."""

    code: str
    title: str
    institution: str
    before: Standing
    after: Standing

    @property
    def is_moved(self) -> bool:
        return (self.before.rank, self.before.outcome) != (
            self.after.rank,
            self.after.outcome,
        )

    @property
    def distance(self) -> int:
        """How many ranks it moves; to or from no rank is farthest."""
        if self.before.rank is None or self.after.rank is None:
            return 10**6 if self.is_moved else 0
        return abs(self.before.rank - self.after.rank)

    @property
    def is_up(self) -> bool:
        return (self.after.rank or 10**9) < (self.before.rank or 10**9)


@dataclass(frozen=True)
class Ranks:
    """All proposals, those that move first; `hidden` says why they cannot be shown."""

    moves: Sequence[Move] = ()
    stage: str = ""
    hidden: str = ""

    @property
    def movers(self) -> Sequence[Move]:
        return [each for each in self.moves if each.is_moved]


def place_of(key: str, code: str = "") -> str:
    """The place of an entry: the key of its `RuleList` and its code."""
    return f"{key}/{code}"


def why_sealed() -> str:
    """Why no rule changes any more."""
    return _(
        "The result is sealed, so its rules stand as they are. A mistake is corrected "
        "by a new result that names the sealed one."
    )


def progress_of(round: Round) -> Progress:
    """How far the jury of `round` is, as the apps above say."""
    found = (Progress(each) for each in _asked(signals.scoring_progress, round=round))
    return max(found, default=Progress.NOTHING)


def consequences_of(edit: RuleEdit) -> list[Consequence]:
    """Everything that follows for proposals and sheets."""
    answers = _asked(signals.rule_edit_concerns, edit=edit)
    return [each for answer in answers for each in answer]


def ranks_of(edit: RuleEdit) -> Ranks | None:
    """The ranks under both rules; None while nothing is scored."""
    answers = _asked(signals.rule_edit_ranks, edit=edit)
    return next((answer for answer in answers if answer), None)


def _asked(signal: Signal, **question: Any) -> list[Any]:
    """What each receiver answers."""
    return [answer for _receiver, answer in signal.send(Round, **question)]

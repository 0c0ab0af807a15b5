"""What may become of an attempt to hand a message over."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Accepted:
    """The other side has it; `reference` is what it calls it."""

    reference: str = ""


@dataclass(frozen=True)
class Refused:
    """The other side will never take it; `blames_address`: nobody is there."""

    reason: str
    blames_address: bool = False


@dataclass(frozen=True)
class TryLater:
    """It may go well another time, not before `wait` has passed."""

    reason: str
    wait: timedelta = timedelta()


Outcome = Accepted | Refused | TryLater

"""What all checks share: a contradiction has a place where it is mended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core import numbers

HUNDRED = Decimal(100)


class Step(StrEnum):
    """A step of setting up a round; a contradiction is mended there."""

    BASE = "base"
    CALENDAR = "calendar"
    TRACKS = "tracks"
    FORM = "form"
    REQUIREMENTS = "requirements"
    SCORING = "scoring"
    AWARDS = "awards"
    JURY = "jury"


@dataclass(frozen=True)
class Finding:
    """What does not fit; `anchor` is the id of the row on its page, if it has one."""

    sentence: str
    anchor: str = ""


@dataclass(frozen=True)
class Contradiction:
    """What does not fit, the step where it is mended, and the row there."""

    step: Step
    sentence: str
    anchor: str = ""


def anchor(kind: str, *codes: str) -> str:
    """The id that the row of a part has on its page, as "criterion-proposal-dampak"."""
    return "-".join([kind, *codes])


def listed(names: Iterable[object]) -> str:
    return ", ".join(str(name) for name in names)


def plain(number: Decimal) -> str:
    digits = 0 if number == number.to_integral_value() else 2
    return numbers.decimal(number, digits)


def unknown(codes: Sequence[str], known: Iterable[str]) -> list[str]:
    """The codes that stand for nothing."""
    there = set(known)
    return [code for code in codes if code not in there]

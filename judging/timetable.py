"""Who presents when, and how much time is left: without database or clock.

Source: rules SCO-20 and SCO-21 in docs/rules.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

# The hall sees this much time left in another colour.
WARNING = timedelta(minutes=1)


@dataclass(frozen=True)
class Span:
    """A time in which nobody presents."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Clock:
    """The two spans of a presentation that has begun."""

    started_at: datetime
    questions_at: datetime
    ends_at: datetime

    def is_presenting(self, at: datetime) -> bool:
        """Whether it is still the presentation's time, not that of questions."""
        return at < self.questions_at

    def is_over(self, at: datetime) -> bool:
        return at >= self.ends_at

    def left(self, at: datetime) -> timedelta:
        """The time left of the span that runs at `at`; negative once all is over."""
        until = self.questions_at if self.is_presenting(at) else self.ends_at
        return until - at


def lot_number(seed: str, code: str) -> str:
    """What a proposal draws: SHA-256 of "seed:code", in hexadecimal digits.

    Anybody can work it out anew, with any tool.
    """
    return sha256(f"{seed}:{code}".encode()).hexdigest()


def drawn(seed: str, codes: Iterable[str]) -> list[str]:
    """Put the codes of proposals into the order of what they draw, lowest first."""
    return sorted(codes, key=lambda code: (lot_number(seed, code), code))


def drawn_by_group(seed: str, groups: Sequence[tuple[str, str]]) -> list[str]:
    """The same within each group; `groups` are pairs of code and group, in order."""
    order = list(dict.fromkeys(group for _code, group in groups))
    return [
        code
        for each in order
        for code in drawn(seed, (code for code, group in groups if group == each))
    ]


def shared_out(count: int, capacities: Sequence[int | None]) -> list[int]:
    """How many of `count` each day takes: as evenly as the capacities allow.

    None is any number. What no day has room for is left out.
    """
    given = [0] * len(capacities)
    for _each in range(count):
        open_days = [
            (given[place], place)
            for place, most in enumerate(capacities)
            if most is None or given[place] < most
        ]
        if not open_days:
            break
        given[min(open_days)[1]] += 1
    return given


def planned_times(
    begins_at: datetime,
    count: int,
    *,
    length: timedelta,
    pause: timedelta,
    breaks: Iterable[Span] = (),
) -> list[datetime]:
    """When each of `count` presentations of `length` begins, one after the other.

    One that would reach into a break begins after it.
    """
    known = sorted(breaks, key=lambda each: each.starts_at)
    times = []
    free = begins_at
    for _each in range(count):
        for span in known:
            if free < span.ends_at and free + length > span.starts_at:
                free = span.ends_at
        times.append(free)
        free += length + pause
    return times


def clock_of(
    started_at: datetime,
    questions_at: datetime | None,
    *,
    presentation: timedelta,
    questions: timedelta,
) -> Clock:
    """The clock of a presentation that began at `started_at`.

    Questions follow when the time to present is up, or earlier, at `questions_at`;
    they always have their whole time.
    """
    turn = started_at + presentation
    if questions_at is not None:
        turn = min(turn, questions_at)
    return Clock(started_at, turn, turn + questions)

"""Taking times so that a noisy machine cancels out."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured line: `ok` says whether `value` stays within `budget`."""

    name: str
    value: float
    unit: str
    budget: float

    @property
    def ok(self) -> bool:
        return self.value <= self.budget

    def as_row(self) -> dict[str, Any]:
        return {**asdict(self), "ok": self.ok}

    def as_line(self) -> str:
        mark = "ok " if self.ok else "BAD"
        return (
            f"{mark} {self.name:50} {self.value:10.3f} {self.unit:11}"
            f" (budget {self.budget:g})"
        )


def seconds_of(work: Callable[[], object]) -> float:
    """How long `work` takes, once."""
    with _without_collector():
        start = perf_counter()
        work()
        return perf_counter() - start


def best_of(work: Callable[[], object], times: int = 5) -> float:
    """The shortest of some runs, in seconds: what the work itself needs."""
    return min(seconds_of(work) for _ in range(times))


def times_of_bare(
    work: Callable[[], object], bare: Callable[[], object], times: int = 15
) -> tuple[float, float]:
    """How often the time of `bare` goes into that of `work`, and work's seconds.

    The two take turns, so that whatever else the machine does slows both. Each turn
    begins at another depth of the stack, as it does under other servers.
    """
    work(), bare()  # what is loaded once is loaded now
    pairs = [
        (
            seconds_of(lambda depth=turn * STEP: _below(depth, work)),
            seconds_of(lambda depth=turn * STEP: _below(depth, bare)),
        )
        for turn in range(times)
    ]
    took = median(pair[0] for pair in pairs)
    return took / median(pair[1] for pair in pairs), took


# Python takes its stack in pieces of 16 KiB. Templates that nest just across the edge
# of one pay for a new piece at every call, up to half of the page's time, and where the
# edge lies is chance. Fifteen steps go through one piece.
STEP = 11


def _below(depth: int, work: Callable[[], object]) -> object:
    """Do `work`, that many calls further down."""
    return _below(depth - 1, work) if depth else work()


@contextmanager
def _without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

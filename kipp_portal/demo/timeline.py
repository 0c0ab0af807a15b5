"""Several stories told side by side, in the order of time."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

# Yields the moment of each act, and does the act when it is asked for the next one.
Story = Iterator[datetime]


def play(stories: Iterable[Story]) -> None:
    """Act all stories out, so that numbers and records follow each other in time."""
    cast = dict(enumerate(stories))
    stage: list[tuple[datetime, int]] = []
    for place, story in cast.items():
        _call_on(stage, place, story)
    while stage:
        _moment, place = heapq.heappop(stage)
        _call_on(stage, place, cast[place])


def _call_on(stage: list[tuple[datetime, int]], place: int, story: Story) -> None:
    moment = next(story, None)
    if moment is not None:
        heapq.heappush(stage, (moment, place))

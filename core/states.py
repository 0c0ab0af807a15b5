"""State tables: the allowed moves, kept by the database."""

from collections.abc import Mapping, Set
from typing import Any

import pgtrigger

# From a state to those it may become: members of one TextChoices.
Moves = Mapping[Any, Set[Any]]


def moves_trigger(field: str, moves: Moves) -> pgtrigger.FSM:
    """A trigger that refuses every change of `field` that `moves` does not name."""
    return pgtrigger.FSM(
        name=f"{field}_moves",
        field=field,
        transitions=sorted(
            (old.value, new.value) for old, news in moves.items() for new in news
        ),
    )

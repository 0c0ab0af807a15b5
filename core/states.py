"""State tables: the allowed moves, kept by the database."""

from collections.abc import Mapping, Set

import pgtrigger
from django.db.models import TextChoices

Moves = Mapping[TextChoices, Set[TextChoices]]


def moves_trigger(field: str, moves: Moves) -> pgtrigger.FSM:
    """A trigger that refuses every change of `field` that `moves` does not name."""
    return pgtrigger.FSM(
        name=f"{field}_moves",
        field=field,
        transitions=sorted(
            (old.value, new.value) for old, news in moves.items() for new in news
        ),
    )

"""Numbers of papers: gap-free and never twice within government, kind and year."""

from accounts.models import Government
from documents.models import NumberSequence


def lock_sequence(*, government: Government, kind: str, year: int) -> NumberSequence:
    """Lock the sequence until the transaction ends; start it if there is none."""
    sequences = NumberSequence.objects.select_for_update().filter(
        government=government, kind=kind, year=year
    )
    if sequence := sequences.first():
        return sequence
    # Somebody else may start the same sequence now: one row stands, both lock it.
    NumberSequence.objects.bulk_create(
        [NumberSequence(government=government, kind=kind, year=year)],
        ignore_conflicts=True,
    )
    return sequences.get()


def next_of(sequence: NumberSequence) -> int:
    """Take the next number of a locked sequence, counting from 1.

    The sequence stays locked until the transaction ends, and a number that was not
    used after all goes back with it.
    """
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


def write_number(pattern: str, *, seq: int, kind: str, year: int) -> str:
    """Write a number by its pattern, as "{seq:03}/{kind}/{year}"."""
    return pattern.format(seq=seq, kind=kind, year=year)

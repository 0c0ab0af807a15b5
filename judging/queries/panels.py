"""Who sits in a panel, held against the rules of its round."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from competitions.models import JurorBackground, Round
from judging.models import Assignment, Juror


@dataclass(frozen=True)
class PanelRule:
    """How many jurors a rule of the round wants, and how many there are.

    `joined` have signed, `called` have not answered yet.
    """

    label: str
    wanted: int
    joined: int
    called: int

    @property
    def is_met(self) -> bool:
        return self.joined >= self.wanted

    @property
    def may_be_met(self) -> bool:
        """Whether it is met if everybody who was called comes."""
        return self.joined + self.called >= self.wanted

    @property
    def lacking(self) -> int:
        """How many are to be called yet."""
        return max(self.wanted - self.joined - self.called, 0)


def composition_of(round: Round, jurors: Iterable[Juror]) -> list[PanelRule]:
    """Hold the panel against the round: its size first, then each background.

    A background the round does not ask for is left out.
    """
    sitting = [juror for juror in jurors if juror.is_sitting]
    joined = Counter(each.background for each in sitting if each.has_signed)
    called = Counter(each.background for each in sitting if not each.has_signed)
    rules = []
    if round.jury_minimum:
        rules.append(
            PanelRule(
                _("Jurors in all"),
                round.jury_minimum,
                joined.total(),
                called.total(),
            )
        )
    return rules + [
        PanelRule(
            str(background.label),
            wanted,
            joined[background.value],
            called[background.value],
        )
        for background in JurorBackground
        if (wanted := round.jury_backgrounds.get(background.value, 0))
    ]


@dataclass(frozen=True)
class Seat:
    """One person of the panel in its list."""

    juror: Juror
    conflicts: int
    given: int


def proposals_given(round: Round) -> dict[int, int]:
    """Count what each juror has to judge, in all stages, by the juror's id."""
    rows = Assignment.objects.open().filter(juror__round=round).values_list("juror")
    return dict(rows.annotate(Count("pk")).order_by())


def seats_of(
    jurors: Sequence[Juror], conflicts: Mapping[int, int], given: Mapping[int, int]
) -> list[Seat]:
    """Show the panel: who sits first, then who refused or left.

    `conflicts` and `given` are by the juror's id.
    """
    seats = [
        Seat(juror, conflicts.get(juror.pk, 0), given.get(juror.pk, 0))
        for juror in jurors
    ]
    return sorted(seats, key=lambda seat: not seat.juror.is_sitting)

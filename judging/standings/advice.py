"""How alike the jurors of a stage judge, in names and plain sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions.models import Round
from competitions.queries import ScoringParts
from core import numbers
from judging import calibrating, queries, ranking
from judging.calibrating import Calibration, Hinge, JurorProfile
from judging.models import Juror
from judging.standings.live import current

# Krippendorff: good from 0.8 on, tentative conclusions from two thirds on.
GOOD, TENTATIVE = Fraction(8, 10), Fraction(2, 3)
# Points on a scale of 0 to 100 from which a difference is worth a word.
NOTABLE = 5
FEW = 3
# So many jurors are named without whom a place would be another.
MOST_NAMED = 5


@dataclass(frozen=True)
class JurorRow:
    """One juror; all figures on the scale of the stage."""

    juror: Juror
    label: str
    profile: JurorProfile
    sentence: str

    @property
    def mean(self) -> Decimal:
        return ranking.readable(self.profile.mean)

    @property
    def severity(self) -> Decimal | None:
        found = self.profile.severity
        return None if found is None else ranking.readable(found)

    @property
    def spread(self) -> Decimal:
        """The standard deviation of the totals."""
        # In hundredths by whole numbers: no float comes near a score.
        return Decimal(isqrt(int(self.profile.variance * 10**8))) / 10**4

    @property
    def span(self) -> tuple[str, float, float, float]:
        """Label, lowest, mean and highest total, for the chart."""
        own = self.profile
        return self.label, float(own.lowest), float(own.mean), float(own.highest)


@dataclass(frozen=True)
class HingeRow:
    """A proposal whose place depends on single jurors, with its sentence."""

    code: str
    title: str
    institution: str
    hinge: Hinge
    sentence: str
    labels: Mapping[int, str]

    @property
    def without(self) -> list[tuple[str, int | None]]:
        """The rank without each juror who moves it, the farthest moves first."""
        own = self.hinge.rank
        moves = sorted(
            self.hinge.moves,
            key=lambda each: (each.rank is not None, -abs((each.rank or own) - own)),
        )
        return [(self.labels[each.juror], each.rank) for each in moves[:MOST_NAMED]]

    @property
    def more(self) -> int:
        """How many jurors move it besides those who are named."""
        return max(0, len(self.hinge.moves) - MOST_NAMED)

    @property
    def changes_sides(self) -> bool:
        return bool(self.hinge.deciders)


@dataclass(frozen=True)
class Advice:
    """All that the page on calibration says of one stage."""

    jurors: Sequence[JurorRow]
    agreement: Decimal | None
    agreement_sentence: str
    compared: int
    hinges: Sequence[HingeRow]

    @property
    def spans(self) -> list[tuple[str, float, float, float]]:
        return [row.span for row in self.jurors]

    @property
    def sides(self) -> int:
        """How many proposals are in or out by a single juror."""
        return sum(row.changes_sides for row in self.hinges)


def advice_on(
    round: Round, scoring: Sequence[ScoringParts], parts: ScoringParts
) -> Advice:
    """Compare the jurors of the stage of `parts` by their final sheets.

    Source: rule SCO-15 in docs/rules.md.
    """
    # As the stage is ranked: from the second on its shortlist goes by the sum so far.
    judged = current(round, scoring[: scoring.index(parts) + 1])
    codes = {pk: code for code, pk in judged.ids.items()}
    found = calibrating.calibrate(
        judged.last.rules.ranking,
        [
            calibrating.JurorSheet(juror, codes[proposal], tuple(values))
            for juror, proposal, *values in queries.sheet_values(
                parts.stage, parts.leaves
            )
            if codes[proposal] in judged.last.by_proposal
        ],
        rank_by=judged.without,
    )
    seats = Juror.objects.filter(round=round, declined_at=None)
    panel = seats.select_related("user").order_by("pk")
    jurors = {each.pk: each for each in panel}
    labels = {
        pk: _("Juror %(number)d") % {"number": number}
        for number, pk in enumerate(jurors, start=1)
    }
    notable = NOTABLE * parts.stage.scale_max / 100
    ids = judged.ids
    names = queries.names_of(ids[hinge.proposal] for hinge in found.hinges)
    return Advice(
        jurors=[
            JurorRow(
                jurors[profile.juror],
                labels[profile.juror],
                profile,
                _sentences(profile, notable, found.profiles),
            )
            for profile in sorted(
                found.profiles, key=lambda each: list(jurors).index(each.juror)
            )
        ],
        agreement=None
        if found.agreement is None
        else ranking.readable(found.agreement),
        agreement_sentence=_agreement_sentence(found),
        compared=found.compared,
        hinges=[
            HingeRow(
                hinge.proposal,
                *names[ids[hinge.proposal]][:2],
                hinge,
                _hinge_sentence(hinge, labels),
                labels,
            )
            for hinge in found.hinges
        ],
    )


def _agreement_sentence(found: Calibration) -> str:
    if found.agreement is None:
        return _("No proposal was judged by two jurors, so nothing can be compared.")
    if found.compared < FEW:
        return _("Only %(number)d proposals have two sheets: too few to tell.") % {
            "number": found.compared
        }
    if found.agreement >= GOOD:
        return _("The jurors agree well: the order would hold with another panel.")
    if found.agreement >= TENTATIVE:
        return _("The jurors agree in the main. Talk about the places near the line.")
    if found.agreement > 0:
        return _(
            "The jurors agree little. Talk about the widest differences before sealing."
        )
    return _(
        "The jurors agree no more than by chance. Make sure that all read the criteria "
        "the same way before sealing."
    )


def _sentences(
    profile: JurorProfile, notable: Decimal, panel: Iterable[JurorProfile]
) -> str:
    """One for how far from the others, one for how far apart."""
    found = (_juror_sentence(profile, notable), _spread_sentence(profile, panel))
    return " ".join(filter(None, found))


def _juror_sentence(profile: JurorProfile, notable: Decimal) -> str:
    if profile.severity is None:
        return _("Nobody else judged the same proposals.")
    points = numbers.decimal(abs(ranking.readable(profile.severity)), 1)
    if profile.compared < FEW:
        return _("Too few proposals to tell.")
    if profile.severity <= -notable:
        return _("Gives %(points)s points less than the others.") % {"points": points}
    if profile.severity >= notable:
        return _("Gives %(points)s points more than the others.") % {"points": points}
    return _("As strict as the others.")


def _spread_sentence(profile: JurorProfile, panel: Iterable[JurorProfile]) -> str:
    """Say of the standard deviation what it means beside those of the others."""
    others = [
        each.variance
        for each in panel
        if each.juror != profile.juror and each.sheet_count >= FEW
    ]
    if profile.sheet_count < FEW or not others:
        return ""
    usual = sum(others, Fraction(0)) / len(others)
    # Half and double: a quarter and four times the variance.
    if profile.variance * 4 < usual:
        return _("Gives nearly all proposals the same: parts them little.")
    if profile.variance > usual * 4:
        return _("Uses much more of the scale: this voice moves ranks most.")
    return _("Parts the proposals as the others do.")


def _hinge_sentence(hinge: Hinge, labels: dict[int, str]) -> str:
    if hinge.deciders:
        names = ", ".join(labels[each.juror] for each in hinge.deciders)
        if hinge.is_shortlisted:
            return _("Would be out without %(jurors)s.") % {"jurors": names}
        return _("Would be in without %(jurors)s.") % {"jurors": names}
    far = max(abs(each.rank - hinge.rank) for each in hinge.moves if each.rank)
    return ngettext(
        "Moves by %(number)d place at most.",
        "Moves by %(number)d places at most.",
        far,
    ) % {"number": far}

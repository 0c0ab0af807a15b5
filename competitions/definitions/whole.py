"""The shape of a whole definition, and its larger parts."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from competitions.definitions.fields import (
    LONG_TEXT,
    Choice,
    Codes,
    Counts,
    Flag,
    One,
    Parts,
    Several,
    Text,
    Whole,
    part,
)
from competitions.definitions.reader import read_shape
from competitions.definitions.shapes import (
    KINDS,
    AwardDefinition,
    CategoryDefinition,
    ClusterDefinition,
    ConsentDefinition,
    Fault,
    HeaderFieldDefinition,
    LetterDefinition,
    RequirementDefinition,
    ScoringDefinition,
    SectionDefinition,
    StageDefinition,
    TrackDefinition,
)
from competitions.definitions.writer import write_shape
from competitions.models import JurorBackground, Round

FOUR_EYES = [str(each.value) for each in Round.FourEyes]


def _list(shape: type, most: int = 200) -> Parts:
    return Parts(lambda: shape, read_shape, write_shape, most)


def _optional(limit: int = LONG_TEXT) -> Text:
    return Text(limit, default="")


@dataclass(frozen=True, kw_only=True)
class FormDefinition:
    name: str = part(Text(120))
    statement: str = part(Text())
    header: tuple[HeaderFieldDefinition, ...] = part(_list(HeaderFieldDefinition))
    sections: tuple[SectionDefinition, ...] = part(_list(SectionDefinition))
    letters: tuple[LetterDefinition, ...] = part(_list(LetterDefinition))
    consents: tuple[ConsentDefinition, ...] = part(_list(ConsentDefinition))


@dataclass(frozen=True, kw_only=True)
class JuryDefinition:
    """Who judges: `backgrounds` are the fewest jurors of each, as pairs."""

    minimum: int | None = part(Whole(high=100))
    backgrounds: tuple[tuple[str, int], ...] = part(Counts(JurorBackground.values))
    conflict_rule: str = part(_optional())
    quorum: int | None = part(Whole(high=100))


@dataclass(frozen=True, kw_only=True)
class RoundDefinition:
    """All rules of a round, as one readable file holds them."""

    key: str
    name: str = part(Text(120))
    description: str = part(_optional(600))
    source: str = part(_optional(300))
    guideline: str = part(_optional(20_000))
    institution_kinds: tuple[str, ...] = part(Several(KINDS), key="applicants")
    endorsement_required: bool = part(Flag(default=True), key="endorsement")
    screening_four_eyes: str = part(Choice(FOUR_EYES, default="none"))
    objection_days: int | None = part(Whole(high=60))
    calendar: tuple[StageDefinition, ...] = part(_list(StageDefinition, most=20))
    tracks: tuple[TrackDefinition, ...] = part(_list(TrackDefinition))
    categories: tuple[CategoryDefinition, ...] = part(_list(CategoryDefinition))
    clusters: tuple[ClusterDefinition, ...] = part(_list(ClusterDefinition))
    form: FormDefinition = part(One(lambda: FormDefinition, read_shape, write_shape))
    requirements: tuple[RequirementDefinition, ...] = part(_list(RequirementDefinition))
    scoring: tuple[ScoringDefinition, ...] = part(_list(ScoringDefinition, most=20))
    tie_break: tuple[str, ...] = part(Codes(90, with_point=True))
    awards: tuple[AwardDefinition, ...] = part(_list(AwardDefinition))
    jury: JuryDefinition = part(
        One(lambda: JuryDefinition, read_shape, write_shape, JuryDefinition())
    )

    def faults(self) -> Iterator[Fault]:
        kinds = [each.kind for each in self.calendar]
        for kind in dict.fromkeys(kinds):
            if kinds.count(kind) > 1:
                yield "calendar", _("%(code)s stands there twice") % {"code": kind}

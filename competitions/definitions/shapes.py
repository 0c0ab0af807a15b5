"""What a round definition is: all rules of a round but its dates of a year.

Each attribute says under which key it stands in a file, what may stand there, and
what is meant when it is left out. What the parts mean together (weights summing to
100, ranks without gaps) is the business of `checks`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Institution
from competitions.definitions.fields import (
    LONG_TEXT,
    REQUIRED,
    Choice,
    Clock,
    Codes,
    Flag,
    Number,
    Parts,
    Scale,
    Several,
    Size,
    Slug,
    Span,
    Text,
    Whole,
    part,
)
from competitions.definitions.params import Params
from competitions.definitions.reader import read_shape
from competitions.definitions.reminding import (
    ReminderDefinition,
    Reminders,
    in_one_form,
    usual_reminders,
)
from competitions.definitions.writer import write_shape
from competitions.models import (
    AwardLevel,
    EvidenceType,
    Grouping,
    HeaderField,
    LetterKind,
    PredicateMinimum,
    Requirement,
    ScoringStage,
    Stage,
)
from competitions.models.forms import default_evidence_types
from competitions.models.reminders import audiences_of

KINDS = Institution.Kind.values
Fault = tuple[str, str]
MAX_CRITERIA = 200  # in all branches of a tree


def _list(shape: str, *, most: int = 200) -> Parts:
    """A list of the shape named `shape`, which may be defined further down."""
    return Parts(lambda: globals()[shape], read_shape, write_shape, most)


def _optional(limit: int = LONG_TEXT) -> Text:
    return Text(limit, default="")


@dataclass(frozen=True, kw_only=True)
class StageDefinition:
    """A stage at its usual distance from the first day of the calendar.

    `days` are its first and its last, counted from that day, which is 0.
    """

    kind: str = part(Choice(Stage.Kind.values))
    name: str = part(Text(80))
    days: tuple[int, int] = part(Span(0, 2000))
    opens: time = part(Clock(time(0, 0)))
    closes: time = part(Clock(time(16, 0)))
    place: str = part(_optional(150))
    reminders: tuple[ReminderDefinition, ...] | None = part(Reminders())

    def __post_init__(self) -> None:
        if self.reminders is not None:
            in_form = in_one_form(self.reminders, self.kind)
            object.__setattr__(self, "reminders", in_form)

    def planned_reminders(self) -> tuple[ReminderDefinition, ...]:
        """The reminders of the file, or else the usual ones; each names its people."""
        found = usual_reminders(self.kind) if self.reminders is None else self.reminders
        return tuple(each.named(self.kind) for each in found)

    def faults(self) -> Iterator[Fault]:
        if self.days[0] == self.days[1] and self.closes <= self.opens:
            yield "closes", _("must be later than its opening")
        for each in self.reminders or ():
            if each.audience and each.audience not in audiences_of(self.kind):
                yield (
                    "reminders",
                    _("%(audience)s have nothing to do in this stage")
                    % {"audience": each.audience},
                )


@dataclass(frozen=True, kw_only=True)
class TrackDefinition:
    code: str = part(Slug(30))
    name: str = part(Text(60))
    description: str = part(_optional())
    is_by_invitation: bool = part(Flag(), key="by_invitation")


@dataclass(frozen=True, kw_only=True)
class CategoryDefinition:
    code: str = part(Slug(60))
    name: str = part(Text(120))


@dataclass(frozen=True, kw_only=True)
class ClusterDefinition:
    """A group that competes among itself; without kinds it is given by hand."""

    code: str = part(Slug(60))
    name: str = part(Text(120))
    institution_kinds: tuple[str, ...] = part(Several(KINDS), key="institutions")


@dataclass(frozen=True, kw_only=True)
class OptionDefinition:
    """A choice of a field, or a column of a list of people."""

    code: str = part(Slug(40))
    label: str = part(Text(150))


@dataclass(frozen=True, kw_only=True)
class HeaderFieldDefinition:
    code: str = part(Slug())
    kind: str = part(Choice(HeaderField.Kind.values))
    label: str = part(Text(150))
    help_text: str = part(_optional(300), key="help")
    follow_up: str = part(_optional(200))
    options: tuple[OptionDefinition, ...] = part(_list("OptionDefinition", most=100))
    minimum: Decimal | None = part(Number(high=Decimal(10**11)))
    maximum: Decimal | None = part(Number(high=Decimal(10**11)))
    is_required: bool = part(Flag(default=True), key="required")
    tracks: tuple[str, ...] = part(Codes(30))

    def faults(self) -> Iterator[Fault]:
        if self.follow_up and self.kind != HeaderField.Kind.YES_NO:
            yield "follow_up", _("belongs to a field of the kind yes_no only")
        if self.options and self.kind not in HeaderField.WITH_OPTIONS:
            yield (
                "options",
                _("belong to a field of the kind choice, choices or persons only"),
            )
        bounds = [each for each in (self.minimum, self.maximum) if each is not None]
        if bounds and self.kind not in HeaderField.WITH_BOUNDS:
            yield "minimum", _("belongs to numbers, goals, choices and people only")
        if bounds != sorted(bounds):
            yield "maximum", _("must be in ascending order")


@dataclass(frozen=True, kw_only=True)
class SectionDefinition:
    """A question; no `tracks` means that every track answers it."""

    code: str = part(Slug())
    title: str = part(Text(120))
    question: str = part(Text())
    help_text: str = part(_optional(), key="help")
    example: str = part(_optional(LONG_TEXT * 2))
    word_limit: int | None = part(Whole(), key="words")
    is_required: bool = part(Flag(default=True), key="required")
    tracks: tuple[str, ...] = part(Codes(30))
    evidence_required: bool = part(Flag(), key="evidence.required")
    evidence_help: str = part(_optional(300), key="evidence.help")
    evidence_types: tuple[str, ...] = part(
        # None named would mean that nothing can be attached.
        Several(EvidenceType.values, tuple(default_evidence_types())),
        key="evidence.types",
    )
    evidence_max_files: int = part(
        Whole(low=0, high=50, default=5), key="evidence.files"
    )
    evidence_max_bytes: int = part(Size(2 * 1024 * 1024), key="evidence.size")


@dataclass(frozen=True, kw_only=True)
class LetterDefinition:
    code: str = part(Slug())
    title: str = part(Text(150))
    help_text: str = part(_optional(300), key="help")
    body: str = part(_optional(LONG_TEXT * 2))
    signer: str = part(Choice(LetterKind.Signer.values, LetterKind.Signer.HEAD.value))
    has_stamp_duty: bool = part(Flag(), key="stamp_duty")
    is_required: bool = part(Flag(default=True), key="required")
    max_bytes: int = part(Size(1024 * 1024), key="size")
    tracks: tuple[str, ...] = part(Codes(30))


@dataclass(frozen=True, kw_only=True)
class ConsentDefinition:
    code: str = part(Slug())
    text: str = part(Text())
    is_required: bool = part(Flag(default=True), key="required")
    tracks: tuple[str, ...] = part(Codes(30))


@dataclass(frozen=True, kw_only=True)
class RequirementDefinition:
    code: str = part(Slug())
    title: str = part(Text(150))
    advice: str = part(Text())
    rule: str = part(Choice(Requirement.Rule.values))
    params: Mapping[str, Any] = part(Params())
    tracks: tuple[str, ...] = part(Codes(30))
    institution_kinds: tuple[str, ...] = part(Several(KINDS), key="institutions")
    reason_code: str = part(Text(40), key="reason")


@dataclass(frozen=True, kw_only=True)
class AnchorDefinition:
    """What a range of scores means, both ends included."""

    low: Decimal = part(Number(default=REQUIRED), key="from")
    high: Decimal = part(Number(default=REQUIRED), key="to")
    label: str = part(Text(60))
    text: str = part(Text(500))

    def faults(self) -> Iterator[Fault]:
        if self.high < self.low:
            yield "to", _("must be in ascending order")


@dataclass(frozen=True, kw_only=True)
class CriterionDefinition:
    """What is scored; with `criteria` of its own it is a component of a tree."""

    code: str = part(Slug())
    name: str = part(Text(120))
    description: str = part(_optional())
    weight: Decimal = part(Number(default=REQUIRED))
    tracks: tuple[str, ...] = part(Codes(30))
    sections: tuple[str, ...] = part(Codes())
    anchors: tuple[AnchorDefinition, ...] = part(_list("AnchorDefinition", most=20))
    criteria: Sequence["CriterionDefinition"] = part(_list("CriterionDefinition"))


@dataclass(frozen=True, kw_only=True)
class ShortlistDefinition:
    """How many of each track, category or cluster pass a scoring stage."""

    per: str = part(Choice([each for each in Grouping.values if each != "overall"]))
    groups: tuple[str, ...] = part(Codes())
    size: int = part(Whole(default=REQUIRED))


@dataclass(frozen=True, kw_only=True)
class MinimumDefinition:
    """The least a component must reach, or the total where none is named."""

    criterion: str = part(Slug(default=""), key="of")
    minimum: Decimal = part(Number(default=REQUIRED))
    unit: str = part(
        Choice(PredicateMinimum.Unit.values, PredicateMinimum.Unit.POINTS.value)
    )


@dataclass(frozen=True, kw_only=True)
class PredicateDefinition:
    code: str = part(Slug())
    name: str = part(Text(80))
    description: str = part(_optional())
    requires: str = part(Slug(default=""))
    minimums: tuple[MinimumDefinition, ...] = part(_list("MinimumDefinition"))

    def faults(self) -> Iterator[Fault]:
        named = [each.criterion for each in self.minimums]
        for code in dict.fromkeys(named):
            if named.count(code) > 1:
                yield (
                    "minimums",
                    _("%(code)s stands there twice") % {"code": code or _("the total")},
                )


@dataclass(frozen=True, kw_only=True)
class ScoringDefinition:
    code: str = part(Slug())
    name: str = part(Text(80))
    kind: str = part(
        Choice(ScoringStage.Kind.values, default=ScoringStage.Kind.DESK.value)
    )
    calendar_kind: str = part(
        Choice(
            [each.value for each in ScoringStage.CALENDAR_KINDS],
            default=Stage.Kind.SCORING.value,
        ),
        key="stage",
    )
    description: str = part(_optional())
    share: Decimal = part(Number(default=Decimal(100)))
    scale: tuple[Decimal, Decimal] = part(Scale())
    scale_step: Decimal = part(
        Number(low=Decimal("0.01"), default=Decimal("0.01")), key="step"
    )
    pass_mark: Decimal | None = part(Number())
    shortlist_size: int | None = part(Whole())
    shortlists: tuple[ShortlistDefinition, ...] = part(_list("ShortlistDefinition"))
    jurors_per_proposal: int | None = part(Whole(high=100))
    note_below: Decimal | None = part(Number())
    note_above: Decimal | None = part(Number())
    note_always: bool = part(Flag())
    others_scores: str = part(
        Choice(
            ScoringStage.OthersScores.values,
            default=ScoringStage.OthersScores.NEVER.value,
        )
    )
    is_blind: bool = part(Flag(), key="blind")
    wide_spread: Decimal | None = part(Number())
    criteria: tuple[CriterionDefinition, ...] = part(_list("CriterionDefinition"))
    predicates: tuple[PredicateDefinition, ...] = part(_list("PredicateDefinition"))

    def faults(self) -> Iterator[Fault]:
        if self.kind == ScoringStage.Kind.FIELD_GATE and self.share:
            yield "share", _("must be 0: a gate lets pass or not, it has no score")
        codes = [each.code for each in self.tree()]
        if len(codes) > MAX_CRITERIA:
            yield (
                "criteria",
                _("has more than %(most)d entries") % {"most": MAX_CRITERIA},
            )
            return
        for code in dict.fromkeys(codes):
            if codes.count(code) > 1:
                yield "criteria", _("%(code)s stands there twice") % {"code": code}

    def tree(self) -> Iterator[CriterionDefinition]:
        """All criteria, each before those below it."""

        def walk(criteria: Sequence[CriterionDefinition]) -> Iterator[Any]:
            for each in criteria:
                yield each
                yield from walk(each.criteria)

        return walk(self.criteria)


@dataclass(frozen=True, kw_only=True)
class AwardDefinition:
    code: str = part(Slug())
    name: str = part(Text(80))
    kind: str = part(Choice(AwardLevel.Kind.values, AwardLevel.Kind.RANK.value))
    ranks: tuple[int, int] | None = part(Span(1, 10_000, default=None))
    places: int | None = part(Whole())
    predicate: str = part(Slug(default=""))
    per: str = part(Choice(Grouping.values, Grouping.OVERALL.value))
    groups: tuple[str, ...] = part(Codes())
    description: str = part(_optional())
    prize: str = part(_optional(120))

    def faults(self) -> Iterator[Fault]:
        Kind = AwardLevel.Kind  # noqa: N806  # a class
        if (self.kind == Kind.RANK) != (self.ranks is not None):
            yield "ranks", _("are needed by an award of the kind rank, and by no other")
        if (self.kind == Kind.PREDICATE) != bool(self.predicate):
            yield (
                "predicate",
                _("is needed by an award of the kind predicate, and by no other"),
            )
        if self.places is not None and self.kind != Kind.FAVOURITE:
            yield "places", _("belong to an award of the kind favourite only")
        if self.groups and self.per == Grouping.OVERALL:
            yield "groups", _("need to be told apart: write per")

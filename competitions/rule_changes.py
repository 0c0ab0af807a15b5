"""The rules of an opened round that are being prepared, beside those in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from competitions import building, checks, consequences, definitions, merging, queries
from competitions.consequences import Consequence, Progress, Ranks, RuleEdit
from competitions.definitions import RoundDefinition
from competitions.models import Round, RuleChange, ScoringStage
from competitions.queries import RoundParts

# What decides who wins: from the first score on a second person looks at it as well.
DECIDING = {"scoring", "tie_break", "awards", "clusters"}


@dataclass(frozen=True)
class Rules:
    """The rules of a round as its set-up pages show them.

    `parts` and `definition` are those that are prepared, where an opened round has a
    `change`; else those in force, `live` and `live_definition`.
    """

    live: RoundParts
    parts: RoundParts
    change: RuleChange | None = None
    prepared: RoundDefinition | None = None

    @property
    def round(self) -> Round:
        return self.live.round

    @cached_property
    def live_definition(self) -> RoundDefinition:
        return building.definition_of(self.live)

    @cached_property
    def definition(self) -> RoundDefinition:
        return self.prepared or self.live_definition


def rules_in_force(round: Round) -> Rules:
    """Load the rules that hold for everybody."""
    parts = queries.round_parts(round)
    return Rules(parts, parts)


def rules_prepared(round: Round) -> Rules:
    """Load the rules with what is prepared, if anything is."""
    rules = rules_in_force(round)
    if not round.is_opened:
        return rules
    change = (
        RuleChange.objects.open()
        .filter(round=round)
        .select_related("opened_by", "requested_by", "refused_by")
        .first()
    )
    return with_change(rules, change) if change else rules


def with_change(rules: Rules, change: RuleChange) -> Rules:
    """Lay a prepared change over the rules in force.

    What changed meanwhile in force is taken over, unless the change says otherwise.
    """
    live = rules.live_definition
    data = merging.merged(change.base, merging.plain(live), change.proposed)
    try:
        wanted = merging.read(data, live)
    except definitions.DefinitionError:
        # Both edits mean nothing together: what was proposed was read by itself.
        wanted = merging.read(change.proposed, live)
    return Rules(rules.live, building.drafted_parts(rules.live, wanted), change, wanted)


@dataclass(frozen=True)
class Review:
    """A prepared change with all that must be known before it is put in force."""

    rules: Rules
    edit: RuleEdit
    progress: Progress
    contradictions: Sequence[checks.Contradiction]
    consequences: Sequence[Consequence]

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing that is not in force already."""
        return not self.differences

    @cached_property
    def differences(self) -> dict[str, object]:
        return merging.differences(self.edit.old, self.edit.new)

    @property
    def digest(self) -> str:
        """What was looked at: both rule sets. Who decides names the one they saw."""
        return merging.digest(
            merging.plain(self.edit.old), merging.plain(self.edit.new)
        )

    @property
    def forbidden(self) -> Sequence[str]:
        """Why it cannot be put in force."""
        return [
            *(each.sentence for each in self.contradictions),
            *(each.sentence for each in self.consequences if each.forbids),
        ]

    @property
    def is_sealed(self) -> bool:
        return self.progress == Progress.SEALED

    @cached_property
    def is_deciding(self) -> bool:
        """Whether it touches what decides who wins."""
        return decides(self.edit.old, self.edit.new)

    @property
    def needs_second(self) -> bool:
        """Whether a second person must agree. Source: rule RND-13 in docs/rules.md."""
        return self.is_deciding and self.progress != Progress.NOTHING

    @cached_property
    def ranks(self) -> Ranks | None:
        """Ranks under both rules; asked only where something can move."""
        forbidden = any(each.forbids for each in self.consequences)
        if not self.needs_second or forbidden:
            return None
        return consequences.ranks_of(self.edit)


def decides(old: RoundDefinition, new: RoundDefinition) -> bool:
    """Whether two definitions differ in what decides who wins."""
    before, after = definitions.as_data(old), definitions.as_data(new)
    return any(before.get(name) != after.get(name) for name in DECIDING)


def scoring_has_begun(parts: RoundParts, at: datetime) -> bool:
    """Whether the calendar has let any jury begin."""
    kinds = {each.stage.calendar_kind for each in parts.scoring} or {
        kind.value for kind in ScoringStage.CALENDAR_KINDS
    }
    return any(each.kind in kinds and each.opens_at <= at for each in parts.stages)


def review_of(rules: Rules, at: datetime, *, holds: bool = False) -> Review:
    """Look at what is prepared from every side.

    `holds` locks what the answers go by; only inside a transaction.
    """
    edit = RuleEdit(
        round=rules.round,
        before=rules.live,
        after=rules.parts,
        old=rules.live_definition,
        new=rules.definition,
        at=at,
        holds=holds,
    )
    progress = consequences.progress_of(rules.round)
    if progress == Progress.NOTHING and scoring_has_begun(rules.live, at):
        progress = Progress.BEGUN
    return Review(
        rules=rules,
        edit=edit,
        progress=progress,
        contradictions=new_contradictions(rules, at),
        consequences=consequences.consequences_of(edit),
    )


def new_contradictions(rules: Rules, at: datetime) -> list[checks.Contradiction]:
    """What a prepared change would bring about.

    What stood there before must not be held against a running round.
    """
    if rules.change is None:
        return []
    before = {each.sentence for each in checks.contradictions(rules.live, at)}
    found = checks.contradictions(rules.parts, at)
    return [each for each in found if each.sentence not in before]

"""What an assignment goes by: the panel, the proposals, what stands already."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from accounts.models import Membership
from competitions.models import ScoringStage
from judging import queries
from judging.assigning import Entry, Judge, Pair, Problem
from judging.models import Assignment, Juror, ScoreSheet
from submissions.models import Proposal

BY_PEOPLE = (Assignment.Origin.HAND, Assignment.Origin.FILE)


@dataclass(frozen=True)
class Choices:
    """What the secretariat chooses for one run.

    `with_unanswered`: also who has not taken the seat yet gets work. `may_move`: what
    was handed out and not begun may go to another juror.
    """

    with_unanswered: bool = True
    may_move: bool = True


@dataclass(frozen=True)
class Present:
    """One assignment of a stage that was not released, by its ids."""

    pk: int
    juror: int
    proposal: int
    origin: str
    state: str
    is_begun: bool

    @property
    def is_done(self) -> bool:
        return self.state != ScoreSheet.State.DRAFT

    @property
    def is_abstained(self) -> bool:
        return self.state == ScoreSheet.State.ABSTAINED

    @property
    def pair(self) -> Pair:
        return self.juror, self.proposal


@dataclass(frozen=True)
class Given:
    """All assignments of a stage: those that stand, and those released before.

    `released` has the id of each by its pair, `withheld` those pairs that a person
    took apart: a computation leaves them so.
    """

    present: Mapping[Pair, Present] = field(default_factory=dict)
    released: Mapping[Pair, int] = field(default_factory=dict)
    withheld: frozenset[Pair] = frozenset()

    @property
    def abstained(self) -> frozenset[Pair]:
        return frozenset(
            pair for pair, each in self.present.items() if each.is_abstained
        )


def given_in(stage: ScoringStage) -> Given:
    """Load all assignments of `stage`, in one query."""
    present: dict[Pair, Present] = {}
    released: dict[Pair, int] = {}
    withheld = set()
    rows = Assignment.objects.filter(scoring_stage=stage).values_list(
        "pk",
        "juror",
        "proposal",
        "origin",
        "released_at",
        "scoresheet__state",
        "scoresheet__version",
    )
    for pk, juror, proposal, origin, released_at, state, version in rows:
        pair = (juror, proposal)
        if released_at is None:
            state = state or ScoreSheet.State.DRAFT
            present[pair] = Present(pk, *pair, origin, state, bool(version))
        else:
            released[pair] = pk
            if origin in BY_PEOPLE:
                withheld.add(pair)
    return Given(present, released, frozenset(withheld))


def panel_to_assign(stage: ScoringStage, choices: Choices) -> list[Juror]:
    """List who takes work in `stage`."""
    jurors = Juror.objects.for_stage(stage)
    if not choices.with_unanswered:
        jurors = jurors.filter(accepted_at__isnull=False)
    return list(jurors.prefetch_related("categories").for_list())


def problem_of(
    stage: ScoringStage,
    *,
    jurors: Iterable[Juror],
    proposals: Collection[Proposal],
    given: Given,
    choices: Choices,
) -> Problem:
    """Put together what an assignment of `stage` goes by.

    `proposals` are those it judges, with their institutions. Kept is what is finished
    or begun and what people arranged; where a conflict came between, only what is
    finished stays, and counts no more. Who abstained leaves the seat to another.
    """
    panel = list(jurors)
    among = {each.pk for each in proposals}
    present = [each for each in given.present.values() if each.proposal in among]
    everybody = {each.pk for each in panel} | {each.juror for each in present}
    conflicts = conflicts_between(everybody, proposals)
    kept, standing = set(), set()
    sitting = {each.pk for each in panel}
    for each in present:
        if each.is_done:
            if each.pair not in conflicts and not each.is_abstained:
                kept.add(each.pair)
        elif each.pair in conflicts or each.juror not in sitting:
            standing.add(each.pair)
        elif each.is_begun or each.origin in BY_PEOPLE or not choices.may_move:
            kept.add(each.pair)
        else:
            standing.add(each.pair)
    return Problem(
        jurors=tuple(judge_of(each) for each in panel),
        proposals=tuple(
            Entry(each.pk, each.category_id)
            for each in sorted(proposals, key=lambda one: one.pk)
        ),
        wanted=stage.jurors_per_proposal,
        barred=frozenset(conflicts | given.withheld | given.abstained),
        kept=frozenset(kept),
        standing=frozenset(standing),
    )


def judge_of(juror: Juror, *, load: int = 0) -> Judge:
    """What an assignment knows of a juror; their categories are loaded."""
    return Judge(
        key=juror.pk,
        background=juror.background,
        capacity=juror.capacity,
        knows=frozenset(each.pk for each in juror.categories.all()),
        load=load,
    )


def conflicts_between(
    jurors: Collection[int], proposals: Collection[Proposal]
) -> set[Pair]:
    """Find the pairs in conflict, with those that a role held today is about to make.

    `proposals` have their institutions loaded. In two queries.
    """
    works_for = (
        Membership.objects.current()
        .filter(user__juror__in=jurors, institution__isnull=False)
        .values_list("user__juror", "institution__government", "institution__path")
    )
    own = [
        (juror, None, government, path)
        for juror, government, path in works_for
        if juror in jurors
    ]
    return queries.barred_pairs(jurors, proposals) | queries.pairs_covered(
        own, proposals
    )


def fingerprint(problem: Problem) -> str:
    """A digest of all that a problem holds."""
    content = [
        problem.wanted,
        [
            [each.key, each.background, each.capacity, sorted(each.knows), each.load]
            for each in problem.jurors
        ],
        [[each.key, each.category] for each in problem.proposals],
        *(sorted(pairs) for pairs in (problem.barred, problem.kept, problem.standing)),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()

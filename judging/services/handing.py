"""Assignments that people arrange: one by one, or from a table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.institution_table.columns import Fault
from accounts.models import User
from competitions.models import ScoringStage
from core import audit
from core.errors import DomainError
from judging import notices, workload
from judging.assigning import Pair
from judging.assignment_table import CODE, EMAIL, Row
from judging.models import Assignment, Juror, ScoreSheet
from judging.services import assigning
from judging.services.assigning import PlanChanged
from judging.workload import Choices, Given
from submissions.models import Proposal


class AssignmentRefused(DomainError):
    """The juror may not judge the proposal, or has finished it."""


@dataclass(frozen=True)
class TableOutcome:
    """What a table would do: pairs to add and to release, and what stays."""

    added: tuple[Pair, ...]
    released: tuple[Pair, ...]
    unchanged: int
    faults: tuple[Fault, ...]

    @property
    def is_clean(self) -> bool:
        return not self.faults

    @property
    def changes_something(self) -> bool:
        return bool(self.added or self.released)


@dataclass(frozen=True)
class _Facts:
    """What decides whether a juror may get a proposal."""

    jurors: dict[int, Juror]
    proposals: dict[int, Proposal]
    conflicts: set[Pair]
    given: Given

    def load_of(self, juror: int) -> int:
        return sum(
            each.juror == juror and each.proposal in self.proposals
            for each in self.given.present.values()
        )

    def why_not(self, juror: Juror, proposal: Proposal, load: int) -> str:
        """Say why `juror`, who has `load` sheets, may not get `proposal`; "" if so."""
        found = self.jurors.get(juror.pk)
        if found is None:
            return _("%(juror)s takes no work in this stage.") % {"juror": juror}
        words = {"juror": found, "limit": found.capacity}
        if proposal.pk not in self.proposals:
            return _("This stage does not judge the proposal.")
        if (juror.pk, proposal.pk) in self.conflicts:
            return _("%(juror)s has a conflict of interest.") % words
        if found.capacity is not None and load >= found.capacity:
            return _("%(juror)s has as many as they may: %(limit)d.") % words
        return ""


@dataclass(frozen=True)
class Offer:
    """A juror who does not have the proposal; `reason` says why they may not get it."""

    juror: Juror
    load: int
    reason: str


def offers_for(
    *, scoring_stage: ScoringStage, proposal: Proposal, at: datetime
) -> list[Offer]:
    """List who could get `proposal` beside those who have it, the least loaded first.

    Raises NothingAssigned while the stage before is being judged.
    """
    facts = _facts(scoring_stage, at)
    offers = []
    for juror in facts.jurors.values():
        if (juror.pk, proposal.pk) in facts.given.present:
            continue
        load = facts.load_of(juror.pk)
        offers.append(Offer(juror, load, facts.why_not(juror, proposal, load)))
    return sorted(
        offers, key=lambda each: (bool(each.reason), each.load, each.juror.pk)
    )


def give_proposal(
    *,
    scoring_stage: ScoringStage,
    juror: Juror,
    proposal: Proposal,
    actor: User,
    at: datetime,
) -> None:
    """Give `juror` a sheet for `proposal`; a computation leaves it there.

    Raises AssignmentRefused where a conflict, the limit or the stage forbids it, and
    NothingAssigned once the stage was decided on. Source: rule SCO-31 in docs/rules.md.
    """
    with transaction.atomic():
        stage = assigning.locked_stage(scoring_stage)
        assigning.require_open(stage)
        facts = _facts(stage, at)
        pair = (juror.pk, proposal.pk)
        if pair in facts.given.present:
            raise AssignmentRefused(
                _("%(juror)s has this proposal already.") % {"juror": juror}
            )
        if reason := facts.why_not(juror, proposal, facts.load_of(juror.pk)):
            raise AssignmentRefused(reason)
        assigning.assign(stage, [pair], facts.given, Assignment.Origin.HAND, at=at)
        audit.record(
            "assignment.given",
            actor=actor,
            target=proposal,
            at=at,
            scope=stage.round.competition.government.code,
            changes={"juror": str(juror), "stage": stage.code},
        )
        notices.sheets_assigned(stage, at=at)


def take_proposal(
    *, assignment: Assignment, reason: str, actor: User, at: datetime
) -> None:
    """Take a sheet that is not finished from its juror, with a reason.

    A computation does not give it back. Raises AssignmentRefused if it was finished or
    taken before, and NothingAssigned once the stage was decided on.
    Source: rule SCO-31 in docs/rules.md.
    """
    with transaction.atomic():
        stage = assigning.locked_stage(assignment.scoring_stage)
        assigning.require_open(stage)
        sheets = ScoreSheet.objects.select_for_update().filter(assignment=assignment)
        if any(sheet.is_done for sheet in sheets):
            raise AssignmentRefused(
                _("This sheet is finished, and stays with its juror.")
            )
        taken = Assignment.objects.filter(pk=assignment.pk, released_at=None).update(
            released_at=at, release_reason=reason, origin=Assignment.Origin.HAND
        )
        if not taken:
            raise AssignmentRefused(_("This sheet was taken from its juror before."))
        audit.record(
            "assignment.taken",
            actor=actor,
            target=assignment.proposal,
            at=at,
            scope=stage.round.competition.government.code,
            reason=reason,
            changes={"juror": str(assignment.juror), "stage": stage.code},
        )


def plan_table(
    *, scoring_stage: ScoringStage, rows: Sequence[Row], is_whole: bool, at: datetime
) -> TableOutcome:
    """Say what a table would do; nothing is changed.

    With `is_whole` it holds all assignments of the stage: what it leaves out is taken
    from its jurors. Else it only adds. Raises NothingAssigned once the stage was
    decided on. Source: rule SCO-31 in docs/rules.md.
    """
    assigning.require_open(scoring_stage)
    facts = _facts(scoring_stage, at)
    by_code = {each.code.upper(): each for each in facts.proposals.values()}
    by_email = {
        each.user.email.lower(): each
        for each in Juror.objects.filter(round=scoring_stage.round_id).select_related(
            "user"
        )
    }
    by_id = {each.pk: each for each in by_email.values()}
    faults: list[Fault] = []
    wanted: dict[Pair, Row] = {}
    for row in rows:
        proposal, juror = by_code.get(row.code), by_email.get(row.email)
        if proposal is None:
            faults.append(
                _fault(row, CODE, _("This stage judges no proposal of this code."))
            )
        if juror is None:
            faults.append(
                _fault(row, EMAIL, _("Nobody of the panel has this address."))
            )
        if proposal and juror:
            wanted[juror.pk, proposal.pk] = row
    present = facts.given.present
    left_out = [
        each
        for pair, each in present.items()
        if is_whole and pair not in wanted and each.proposal in facts.proposals
    ]
    faults += [
        Fault(0, CODE, facts.proposals[each.proposal].code, _left_out(each))
        for each in left_out
        if each.is_done or each.is_begun
    ]
    load = {juror: facts.load_of(juror) for juror in facts.jurors}
    for each in left_out:
        load[each.juror] = load.get(each.juror, 0) - 1
    added = [pair for pair in wanted if pair not in present]
    for juror_pk, proposal_pk in added:
        juror = by_id[juror_pk]
        proposal = facts.proposals[proposal_pk]
        if reason := facts.why_not(juror, proposal, load.get(juror_pk, 0)):
            faults.append(_fault(wanted[juror_pk, proposal_pk], EMAIL, reason))
        load[juror_pk] = load.get(juror_pk, 0) + 1
    return TableOutcome(
        added=tuple(sorted(added)),
        released=tuple(sorted(each.pair for each in left_out)),
        unchanged=len(wanted) - len(added),
        faults=tuple(faults),
    )


def apply_table(
    *,
    scoring_stage: ScoringStage,
    added: Iterable[Pair],
    released: Iterable[Pair],
    reason: str,
    actor: User,
    at: datetime,
) -> None:
    """Write just what a table was shown to do, all of it or nothing.

    `reason` is kept with what is taken from its jurors. Raises PlanChanged if any of
    it cannot be done any more. Source: rule SCO-31 in docs/rules.md.
    """
    added, released = list(added), list(released)
    with transaction.atomic():
        stage = assigning.locked_stage(scoring_stage)
        assigning.require_open(stage)
        facts = _facts(stage, at)
        present = facts.given.present
        stale = [pair for pair in added if pair in present]
        stale += [pair for pair in released if pair not in present]
        stale += [pair for pair in added if pair in facts.conflicts]
        stale += [
            (juror, proposal)
            for juror, proposal in added
            if juror not in facts.jurors or proposal not in facts.proposals
        ]
        begun = [
            pair
            for pair in released
            if pair in present and (present[pair].is_begun or present[pair].is_done)
        ]
        if stale or begun or _overfull(facts, added, released):
            raise PlanChanged(
                _("Something has changed since the table was checked. Upload it again.")
            )
        assigning.release({present[pair].pk: reason for pair in released}, at=at)
        Assignment.objects.filter(
            pk__in=[present[pair].pk for pair in released]
        ).update(origin=Assignment.Origin.FILE)
        assigning.assign(stage, added, facts.given, Assignment.Origin.FILE, at=at)
        audit.record(
            "assignments.imported",
            actor=actor,
            target=stage,
            at=at,
            scope=stage.round.competition.government.code,
            reason=reason,
            changes={"added": len(added), "released": len(released)},
        )
        notices.sheets_assigned(stage, at=at)


def _overfull(
    facts: _Facts, added: Iterable[Pair], released: Iterable[Pair]
) -> list[Juror]:
    """The jurors who would get more than their limit."""
    gained = Counter(juror for juror, _proposal in added)
    lost = Counter(juror for juror, _proposal in released)
    gaining = [facts.jurors[pk] for pk in gained]
    return [
        juror
        for juror in gaining
        if juror.capacity is not None
        and facts.load_of(juror.pk) + gained[juror.pk] - lost[juror.pk] > juror.capacity
    ]


def _facts(stage: ScoringStage, at: datetime) -> _Facts:
    jurors = workload.panel_to_assign(stage, Choices())
    proposals = assigning.proposals_to_judge(stage, at)
    return _Facts(
        jurors={each.pk: each for each in jurors},
        proposals={each.pk: each for each in proposals},
        conflicts=workload.conflicts_between([each.pk for each in jurors], proposals),
        given=workload.given_in(stage),
    )


def _fault(row: Row, column: str, reason: str) -> Fault:
    return Fault(row.number, column, row.code if column == CODE else row.email, reason)


def _left_out(present: workload.Present) -> str:
    return (
        _("The table leaves out a finished sheet. It stays: add its row again.")
        if present.is_done
        else _("The table leaves out a sheet that was begun. Release it by hand.")
    )

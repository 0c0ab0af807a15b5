"""Who judges what: computed and shown, then written just as it was shown.

Nothing here moves what a juror has finished, or has begun, unless a person asks for it.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from competitions.models import ScoringStage
from core import audit
from core.errors import DomainError
from judging import assigning, notices, queries, standings, workload
from judging.assigning import Pair, Plan, Problem, ReleaseReason
from judging.models import Assignment, Juror, ScoreSheet
from judging.services.conflicts import note_own_institutions
from judging.workload import Choices, Given
from submissions.models import Proposal

PLAN_SECONDS = 3600
RELEASE_WORDS: Mapping[ReleaseReason, Promise] = {
    ReleaseReason.LEFT: gettext_lazy("The juror takes no work in this stage."),
    ReleaseReason.BARRED: gettext_lazy("Conflict of interest."),
    ReleaseReason.TOO_MANY: gettext_lazy("The proposal has more jurors than wanted."),
    ReleaseReason.CAPACITY: gettext_lazy("The juror has more than their limit."),
    ReleaseReason.BALANCE: gettext_lazy("So that the loads are even."),
}


class NothingAssigned(DomainError):
    """No panel, no proposal to judge, the stage before not over, or sealed."""


class PlanChanged(DomainError):
    """What was shown is no longer what would be done."""


@dataclass(frozen=True)
class AssignmentReport:
    """What a run of the assignment did, counted in pairs of juror and proposal."""

    added: int
    released: int
    kept: int
    conflicts: int


@dataclass(frozen=True)
class Proposed:
    """An assignment as it would be written; `digest` names just these changes.

    `jurors` are those who take work, `proposals` those to judge, in the order of codes.
    """

    jurors: Sequence[Juror]
    proposals: Sequence[Proposal]
    problem: Problem
    plan: Plan
    given: Given
    digest: str


def plan_assignment(
    *, scoring_stage: ScoringStage, choices: Choices, at: datetime
) -> Proposed:
    """Compute who is to judge what in `scoring_stage`; nothing is changed.

    Raises NothingAssigned if there is nobody or nothing to assign, while the stage
    before is being judged, or once this one was decided on.
    Source: rules SCO-12 and SCO-30 in docs/rules.md.
    """
    require_open(scoring_stage)
    jurors = workload.panel_to_assign(scoring_stage, choices)
    if not jurors:
        raise NothingAssigned(
            _("Add jurors first.")
            if choices.with_unanswered
            else _("No juror has taken the seat yet.")
        )
    proposals = proposals_to_judge(scoring_stage, at)
    if not proposals:
        raise NothingAssigned(
            _("The stage before let no proposal through.")
            if scoring_stage != queries.scoring_stage_of(scoring_stage.round)
            else _("No proposal has passed the screening yet.")
        )
    given = workload.given_in(scoring_stage)
    problem = workload.problem_of(
        scoring_stage,
        jurors=jurors,
        proposals=proposals,
        given=given,
        choices=choices,
    )
    plan = _solved(problem)
    digest = digest_of(scoring_stage, plan)
    return Proposed(jurors, proposals, problem, plan, given, digest)


def apply_assignment(
    *,
    scoring_stage: ScoringStage,
    choices: Choices,
    digest: str,
    actor: User,
    at: datetime,
) -> AssignmentReport:
    """Write the assignment that was shown; it is computed anew under a lock.

    Roles that jurors hold today become conflicts first. Raises PlanChanged if
    something that matters has changed since `digest` was made, and NothingAssigned as
    `plan_assignment` does. Source: rules SCO-12 and SCO-30 in docs/rules.md.
    """
    # Solved once before anything is held, so that nobody waits for it.
    plan_assignment(scoring_stage=scoring_stage, choices=choices, at=at)
    with transaction.atomic():
        scoring_stage = locked_stage(scoring_stage)
        proposed = plan_assignment(scoring_stage=scoring_stage, choices=choices, at=at)
        if proposed.digest != digest:
            raise PlanChanged(
                _("Something has changed since this page was shown. Look once more.")
            )
        return _apply(scoring_stage, proposed, actor, at)


def assign_all(
    *, scoring_stage: ScoringStage, actor: User, at: datetime
) -> AssignmentReport:
    """Compute the assignment of `scoring_stage` and write it, without a look at it.

    Raises NothingAssigned as `plan_assignment` does.
    Source: rules SCO-12 and SCO-30 in docs/rules.md.
    """
    with transaction.atomic():
        scoring_stage = locked_stage(scoring_stage)
        proposed = plan_assignment(
            scoring_stage=scoring_stage, choices=Choices(), at=at
        )
        return _apply(scoring_stage, proposed, actor, at)


def _apply(
    stage: ScoringStage, proposed: Proposed, actor: User, at: datetime
) -> AssignmentReport:
    plan = proposed.plan
    note_own_institutions(proposed.jurors, at)
    release(
        {
            proposed.given.present[each.juror, each.proposal].pk: str(
                RELEASE_WORDS[each.reason]
            )
            for each in plan.released
        },
        at=at,
    )
    assign(stage, plan.added, proposed.given, Assignment.Origin.COMPUTED, at=at)
    standing = proposed.problem.kept | proposed.problem.standing
    report = AssignmentReport(
        added=len(plan.added),
        released=len(plan.released),
        kept=len(standing) - len(plan.released),
        conflicts=len(
            proposed.problem.barred - proposed.given.withheld - proposed.given.abstained
        ),
    )
    audit.record(
        "assignments.made",
        actor=actor,
        target=stage,
        at=at,
        scope=stage.round.competition.government.code,
        changes={
            "added": report.added,
            "released": report.released,
            "conflicts": report.conflicts,
            "gaps": len(plan.gaps),
            "digest": proposed.digest,
        },
    )
    notices.sheets_assigned(stage, at=at)
    return report


def locked_stage(stage: ScoringStage) -> ScoringStage:
    """Hold the stage: one assignment at a time, and none while it is sealed."""
    return (
        ScoringStage.objects.select_for_update(of=("self",))
        .select_related("round__competition__government")
        .get(pk=stage.pk)
    )


def require_open(stage: ScoringStage) -> None:
    """Raise NothingAssigned once what this stage came to was built upon."""
    if queries.sealed_result(stage.round_id):
        raise NothingAssigned(_("The result of this round is sealed."))
    plenary = queries.plenary_against(stage)
    if plenary and plenary.scoring_stage.order >= stage.order:
        raise NothingAssigned(
            _("The plenary deliberates on this stage. Its sheets stay as they are.")
        )
    if plenary:
        raise NothingAssigned(
            _(
                "A plenary sits on the stage before. What it decides says who goes on: "
                "apply its decisions or cancel it first."
            )
        )
    if later := queries.stage_after(stage):
        raise NothingAssigned(
            _("%(stage)s was assigned already, by what this stage came to.")
            % {"stage": later}
        )


def proposals_to_judge(stage: ScoringStage, at: datetime) -> list[Proposal]:
    """Load what `stage` judges, without texts; refuse while the one before is open."""
    judged = queries.standing_proposals(stage)
    stages = queries.scoring_stages_of(stage.round)
    if any(each.order < stage.order for each in stages):
        judged = judged.filter(pk__in=_through_before(stage, at))
    return list(
        judged.select_related("institution")
        .only(
            "code",
            "title",
            "category",
            "institution__government",
            "institution__path",
            "institution__short_name",
        )
        .order_by("code")
    )


def _through_before(stage: ScoringStage, at: datetime) -> set[int]:
    scoring = queries.scoring_of(stage.round)
    before = [each for each in scoring if each.stage.order < stage.order]
    waiting = queries.unshown_stages(
        [each.stage for each in before], queries.windows_of(stage.round), at
    )
    if waiting:
        raise NothingAssigned(
            _("%(stage)s is not over yet. What it lets through is assigned then.")
            % {"stage": waiting[0]}
        )
    return standings.through(stage.round, before)


def release(reasons: Mapping[int, str], *, at: datetime) -> None:
    """Take unfinished sheets from their jurors; `reasons` are by assignment id.

    Raises PlanChanged if one was finished meanwhile.
    """
    # A juror may be saving now. The sheets are held first, as every save does.
    sheets = (
        ScoreSheet.objects.select_for_update()
        .filter(assignment__in=list(reasons))
        .order_by("pk")
    )
    if any(sheet.is_done for sheet in sheets):
        raise PlanChanged(
            _("A sheet was finished meanwhile, and stays. Look once more.")
        )
    rows = Assignment.objects.in_bulk(list(reasons))
    for pk, row in rows.items():
        row.released_at, row.release_reason = at, reasons[pk]
    Assignment.objects.bulk_update(
        rows.values(), ["released_at", "release_reason"], batch_size=500
    )


def assign(
    stage: ScoringStage,
    pairs: Collection[Pair],
    given: Given,
    origin: str,
    *,
    at: datetime,
) -> None:
    """Give jurors proposals with a sheet each; a pair released before comes back."""
    again = Assignment.objects.in_bulk(
        [given.released[pair] for pair in pairs if pair in given.released]
    )
    for row in again.values():
        row.released_at, row.release_reason = None, ""
        row.assigned_at, row.origin = at, origin
    Assignment.objects.bulk_update(
        again.values(),
        ["released_at", "release_reason", "assigned_at", "origin"],
        batch_size=500,
    )
    added = Assignment.objects.bulk_create(
        Assignment(
            scoring_stage=stage,
            juror_id=juror,
            proposal_id=proposal,
            assigned_at=at,
            origin=origin,
        )
        for juror, proposal in pairs
        if (juror, proposal) not in given.released
    )
    ScoreSheet.objects.bulk_create(
        ScoreSheet(assignment=assignment, key=secrets.token_hex(8))
        for assignment in added
    )


def digest_of(stage: ScoringStage, plan: Plan) -> str:
    """Name the changes of `plan`, so that a page can say which it has shown."""
    content = [
        stage.pk,
        plan.added,
        [[each.juror, each.proposal, each.reason] for each in plan.released],
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _solved(problem: Problem) -> Plan:
    """Solve, or remember: leafing through a plan does not compute it again."""
    key = f"judging.plan:{workload.fingerprint(problem)}"
    known = cache.get(key)
    if isinstance(known, Plan):
        return known
    plan = assigning.plan(problem)
    cache.set(key, plan, PLAN_SECONDS)
    return plan

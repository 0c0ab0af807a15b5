"""A juror leaves before the end: what is finished stays, the rest finds somebody."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import ScoringStage
from core import audit
from core.errors import DomainError
from judging import assigning as solver
from judging import notices, queries, workload
from judging.assigning import Entry, Pair, Problem
from judging.models import Assignment, Juror
from judging.services import assigning
from judging.services.assigning import NothingAssigned, PlanChanged
from judging.workload import Choices, Given
from submissions.models import Proposal


class JurorNotReplaced(DomainError):
    """The seat was given up before, the result is sealed, or the successor is none."""


@dataclass(frozen=True)
class StageHandover:
    """What becomes of a juror's unfinished sheets in one stage.

    `added` are pairs of who takes over, `released` the ids of the assignments that
    end, `left_over` proposals that nobody can take.
    """

    stage: ScoringStage
    given: Given
    added: tuple[Pair, ...]
    released: tuple[int, ...]
    left_over: tuple[int, ...]


@dataclass(frozen=True)
class Handover:
    """What would happen if a juror left now; `finished` sheets stay and count."""

    stages: Sequence[StageHandover]
    finished: int
    digest: str

    @property
    def taken_by(self) -> Counter[int]:
        """How many sheets each juror takes over, by the juror's id."""
        return Counter(juror for each in self.stages for juror, _p in each.added)

    @property
    def handed_on(self) -> int:
        return self.taken_by.total()

    @property
    def released_count(self) -> int:
        return sum(len(each.released) for each in self.stages)

    @property
    def left_over_count(self) -> int:
        return sum(len(each.left_over) for each in self.stages)


def plan_replacement(
    *, juror: Juror, successor: Juror | None, at: datetime
) -> Handover:
    """Compute who takes over what `juror` has not finished; nothing is changed.

    A successor takes all they may, the other jurors the rest, evenly; nobody's sheets
    move but those of `juror`. Where every juror scores every proposal there is nothing
    to take over but by the successor. Raises JurorNotReplaced.
    Source: rule SCO-32 in docs/rules.md.
    """
    _check(juror, successor)
    stages = [
        _handover(stage, juror, successor, at)
        for stage in queries.open_work_of(juror)
        if _is_open(stage)
    ]
    finished = Assignment.objects.filter(juror=juror, released_at=None).exclude(
        scoresheet__state="draft"
    )
    return Handover(
        stages=stages,
        finished=finished.count(),
        digest=_digest(juror, successor, stages),
    )


def replace_juror(
    *,
    juror: Juror,
    successor: Juror | None,
    reason: str,
    digest: str,
    actor: User,
    at: datetime,
) -> Juror:
    """End the seat of `juror` and hand on what is not finished, as it was shown.

    `reason` is kept with the seat and told to the juror. Raises PlanChanged if
    something has changed since `digest` was made, or JurorNotReplaced.
    Source: rule SCO-32 in docs/rules.md.
    """
    with transaction.atomic():
        # Sealing holds the stages of the round as well, and an assignment its own.
        list(
            ScoringStage.objects.select_for_update()
            .filter(round=juror.round_id)
            .order_by("order", "pk")
        )
        juror = (
            Juror.objects.select_for_update(of=("self",))
            .select_related("user", "round__competition__government")
            .get(pk=juror.pk)
        )
        handover = plan_replacement(juror=juror, successor=successor, at=at)
        if handover.digest != digest:
            raise PlanChanged(
                _("Something has changed since this page was shown. Look once more.")
            )
        words = _("The juror left: %(reason)s") % {"reason": reason}
        for each in handover.stages:
            assigning.release(dict.fromkeys(each.released, words), at=at)
            assigning.assign(
                each.stage, each.added, each.given, Assignment.Origin.COMPUTED, at=at
            )
        juror.ended_at, juror.end_reason, juror.is_chair = at, reason, False
        juror.save(update_fields=["ended_at", "end_reason", "is_chair"])
        audit.record(
            "juror.replaced",
            actor=actor,
            target=juror,
            at=at,
            scope=juror.round.competition.government.code,
            reason=reason,
            changes={
                "successor": str(successor or ""),
                "released": handover.released_count,
                "added": handover.handed_on,
                "finished": handover.finished,
            },
        )
        notices.seat_ended(juror, at=at)
        for each in handover.stages:
            notices.sheets_assigned(each.stage, at=at)
        notices.sheets_taken_over(juror, handover.taken_by, at=at)
    return juror


def _check(juror: Juror, successor: Juror | None) -> None:
    if queries.sealed_result(juror.round_id):
        raise JurorNotReplaced(_("The result of this round is sealed."))
    if not juror.is_sitting:
        raise JurorNotReplaced(_("This seat was given up before."))
    if successor is None:
        return
    if successor.pk == juror.pk or successor.round_id != juror.round_id:
        raise JurorNotReplaced(_("Choose another juror of this panel."))
    if not successor.is_sitting:
        raise JurorNotReplaced(
            _("%(juror)s does not sit in this panel.") % {"juror": successor}
        )


def _is_open(stage: ScoringStage) -> bool:
    """Whether its sheets may still change hands."""
    try:
        assigning.require_open(stage)
    except NothingAssigned:
        return False
    return True


def _handover(
    stage: ScoringStage, juror: Juror, successor: Juror | None, at: datetime
) -> StageHandover:
    given = workload.given_in(stage)
    ended = [
        each
        for each in given.present.values()
        if each.juror == juror.pk and not each.is_done
    ]
    judged = list(
        Proposal.objects.filter(
            pk__in=[each.proposal for each in ended],
            state=Proposal.State.SCREENED_PASSED,
        )
        .select_related("institution")
        .order_by("pk")
    )
    panel = [
        each
        for each in workload.panel_to_assign(stage, Choices())
        if each.pk != juror.pk
    ]
    others = {each.pk for each in panel} | {pair[0] for pair in given.present}
    barred = workload.conflicts_between(others | {juror.pk}, judged)
    counted = Counter(
        each.proposal
        for each in given.present.values()
        if each.juror != juror.pk and each.pair not in barred and not each.is_abstained
    )
    wanted = stage.jurors_per_proposal
    open_seats = [
        each for each in judged if wanted is None or counted[each.pk] < wanted
    ]
    closed = barred | given.present.keys() | given.withheld
    load = Counter(pair_juror for pair_juror, _proposal in given.present)
    first = [each for each in panel if successor and each.pk == successor.pk]
    added, left = _shared_out(first, open_seats, closed, load)
    if wanted is not None:
        rest = [each for each in panel if each not in first]
        more, left = _shared_out(rest, left, closed, load)
        added += more
    return StageHandover(
        stage=stage,
        given=given,
        added=tuple(added),
        released=tuple(each.pk for each in ended),
        left_over=tuple(each.pk for each in left) if wanted is not None else (),
    )


def _shared_out(
    jurors: Sequence[Juror],
    proposals: Sequence[Proposal],
    closed: Collection[Pair],
    load: Mapping[int, int],
) -> tuple[list[Pair], list[Proposal]]:
    """Give each of `proposals` to one of `jurors`, evenly; and those nobody takes."""
    plan = solver.plan(
        Problem(
            jurors=tuple(
                workload.judge_of(each, load=load.get(each.pk, 0)) for each in jurors
            ),
            proposals=tuple(Entry(each.pk, each.category_id) for each in proposals),
            wanted=1,
            barred=frozenset(closed),
        )
    )
    taken = {proposal for _juror, proposal in plan.added}
    return list(plan.added), [each for each in proposals if each.pk not in taken]


def _digest(
    juror: Juror, successor: Juror | None, stages: Sequence[StageHandover]
) -> str:
    content = [
        juror.pk,
        successor.pk if successor else None,
        [[each.stage.pk, sorted(each.released), sorted(each.added)] for each in stages],
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()

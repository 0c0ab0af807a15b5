"""A plenary as it stands: what it judges by, what keeps it from being applied."""

from collections.abc import Collection, Iterator, Sequence

from django.utils.translation import gettext as _

from competitions.queries import ScoringParts
from judging import agreeing, queries
from judging.models import Plenary, PlenaryAttendance, PlenaryDecision
from judging.standings.live import Judged, current
from submissions.models import Proposal


def looked_at(plenary: Plenary) -> Sequence[ScoringParts]:
    """Load the stages up to the one that `plenary` deliberates on."""
    scoring = queries.scoring_of(plenary.round)
    last = next(
        place
        for place, each in enumerate(scoring)
        if each.stage.pk == plenary.scoring_stage_id
    )
    return scoring[: last + 1]


def judged_in(plenary: Plenary) -> Judged:
    """Judge as the decisions of `plenary` would have it."""
    return current(plenary.round, looked_at(plenary), plenary)


def votes_on(plenary: Plenary, codes: Collection[str]) -> list[PlenaryDecision]:
    """Find the decisions of `plenary` on a tie of any of these."""
    return list(
        PlenaryDecision.objects.filter(
            plenary=plenary, proposal=None, tieplace__proposal__code__in=codes
        )
        .distinct()
        .order_by("pk")
    )


def ties_to_decide(
    plenary: Plenary, judged: Judged, decisions: Sequence[PlenaryDecision]
) -> list[tuple[tuple[str, ...], bool]]:
    """List the ties that are left, each with whether it lies on the line.

    Those who share their rank by a decision are left out.
    """
    shared = [
        {each.proposal.code for each in decision.tieplace_set.all()}
        for decision in decisions
        if decision.kind == PlenaryDecision.Kind.SHARED
    ]
    return [
        (tie, agreeing.is_on_the_line(tie, judged.outcome, judged.voted))
        for tie in agreeing.open_ties(judged.outcome)
        if set(tie) not in shared
    ]


def problems_of(
    plenary: Plenary,
    judged: Judged | None = None,
    decisions: Sequence[PlenaryDecision] | None = None,
    panel: Sequence[PlenaryAttendance] | None = None,
) -> list[str]:
    """Say what keeps `plenary` from being applied, each in a sentence.

    Source: rules PLN-01, PLN-03 and PLN-04 in docs/rules.md.
    """
    if decisions is None:
        decisions = queries.decisions_in(plenary)
    if judged is None:
        judged = judged_in(plenary)
    if panel is None:
        panel = queries.attendance_of(plenary)
    return [
        *_of_quorum(plenary, decisions, panel),
        *_of_ties(plenary, judged, decisions),
    ]


def _of_quorum(
    plenary: Plenary,
    decisions: Sequence[PlenaryDecision],
    panel: Sequence[PlenaryAttendance],
) -> Iterator[str]:
    present = sum(each.is_present for each in panel)
    if present < plenary.quorum:
        yield _("%(present)d jurors are present, the quorum is %(quorum)d.") % {
            "present": present,
            "quorum": plenary.quorum,
        }
    subjects = {each.pk: _subjects(each) for each in decisions}
    barred = queries.in_conflict(
        (each.juror for each in panel),
        {one.pk: one for each in subjects.values() for one in each}.values(),
    )
    for decision in decisions:
        own = subjects[decision.pk]
        title = ", ".join(each.title for each in own)
        out = set[int]().union(*(barred[each.pk] for each in own))
        votes = list(decision.votes.all())
        if any(each.juror_id in out for each in votes):
            yield _(
                "%(title)s: a juror who decided has a conflict of interest by now. "
                "Record the decision again."
            ) % {"title": title}
        elif len(votes) < agreeing.quorum_for(
            plenary.quorum, sitting=len(panel), conflicted=len(out)
        ):
            yield _("%(title)s: too few jurors decided for the quorum.") % {
                "title": title
            }
        if not all(each.has_passed for each in own):
            yield _("%(title)s no longer takes part. Withdraw the decision.") % {
                "title": title
            }


def _of_ties(
    plenary: Plenary, judged: Judged, decisions: Sequence[PlenaryDecision]
) -> Iterator[str]:
    ids = judged.ids
    open_ties = [
        tie
        for tie, is_on_line in ties_to_decide(plenary, judged, decisions)
        if is_on_line
    ]
    names = queries.names_of(ids[code] for tie in open_ties for code in tie)
    for tie in open_ties:
        yield _(
            "%(titles)s are equal on the shortlist line. Decide their order, or that "
            "they share the rank."
        ) % {"titles": ", ".join(names[ids[code]][0] for code in tie)}


def _subjects(decision: PlenaryDecision) -> list[Proposal]:
    if decision.proposal:
        return [decision.proposal]
    return [each.proposal for each in decision.tieplace_set.all()]

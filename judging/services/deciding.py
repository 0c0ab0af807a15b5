"""What a plenary decides: agreed scores, agreed verdicts, orders of equals."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Criterion
from core.errors import DomainError
from judging import agreeing, queries, scoring, standings
from judging.models import (
    AgreedScore,
    Juror,
    Plenary,
    PlenaryDecision,
    PlenaryVote,
    ScoreSheet,
    TiePlace,
)
from judging.services.plenary import lock_plenary, note_act
from submissions.models import Proposal


class DecisionNotRecorded(DomainError):
    """The decision lacks quorum or majority, or there is nothing to decide."""


def agree_on(
    *,
    plenary: Plenary,
    proposal: Proposal,
    scores: Mapping[Criterion, Decimal],
    verdict: str = "",
    reason: str,
    agreeing_jurors: Collection[Juror],
    notes: Mapping[Juror, str],
    actor: User,
    at: datetime,
) -> PlenaryDecision:
    """Record what the plenary puts in place of the sheets of one proposal.

    `scores` are on the scale of the stage; a criterion not named keeps its mean. A
    gate takes a `verdict` in place of them. All who are present and free to decide are
    noted: who is not of `agreeing_jurors` dissents, with the note there is. Recording
    it again replaces it. Raises PlenaryClosed or DecisionNotRecorded.
    Source: rules PLN-02 and PLN-04 in docs/rules.md.
    """
    with transaction.atomic():
        plenary = lock_plenary(plenary)
        _require_judged(plenary, proposal)
        stage = plenary.scoring_stage
        if stage.is_gate and not verdict:
            raise DecisionNotRecorded(_("Choose what the plenary finds."))
        if not stage.is_gate and not scores:
            raise DecisionNotRecorded(
                _("No score differs from the mean. Change at least one.")
            )
        for criterion, value in scores.items():
            if not scoring.is_on_scale(stage, value):
                raise DecisionNotRecorded(
                    _("%(criterion)s: give a value on the scale of the stage.")
                    % {"criterion": criterion}
                )
        kinds = PlenaryDecision.Kind
        decision, _is_new = PlenaryDecision.objects.update_or_create(
            plenary=plenary,
            proposal=proposal,
            defaults={"verdict": verdict, "reason": reason, "recorded_by": actor},
            create_defaults={
                "kind": kinds.VERDICT if stage.is_gate else kinds.SCORES,
                "verdict": verdict,
                "reason": reason,
                "recorded_by": actor,
                "decided_at": at,
            },
        )
        decision.agreedscore_set.all().delete()
        AgreedScore.objects.bulk_create(
            AgreedScore(decision=decision, criterion=criterion, value=value)
            for criterion, value in scores.items()
        )
        decision.votes.all().delete()
        _write_votes(decision, [proposal], agreeing_jurors, notes)
        note_act(
            plenary,
            "plenary.decided",
            actor,
            at,
            reason,
            proposal=proposal.code,
            verdict=verdict,
            scores={each.code: str(value) for each, value in scores.items()},
        )
    return decision


def decide_tie(
    *,
    plenary: Plenary,
    order: Sequence[Proposal],
    is_shared: bool,
    reason: str,
    agreeing_jurors: Collection[Juror],
    notes: Mapping[Juror, str],
    actor: User,
    at: datetime,
) -> PlenaryDecision:
    """Record the order the plenary votes for among equals, or that they share a rank.

    They must be equal to the end of the chain, as the decisions stand that wait. A
    vote on the same ones is replaced. Raises PlenaryClosed or DecisionNotRecorded.
    Source: rules PLN-03 and PLN-04 in docs/rules.md.
    """
    with transaction.atomic():
        plenary = lock_plenary(plenary)
        codes = {each.code for each in order}
        for old in standings.votes_on(plenary, codes):
            _delete(old)
        ties = agreeing.open_ties(standings.judged_in(plenary).outcome)
        if codes not in [set(each) for each in ties]:
            raise DecisionNotRecorded(
                _("These proposals are not equal any more. Look at the agenda again.")
            )
        kinds = PlenaryDecision.Kind
        decision = PlenaryDecision.objects.create(
            plenary=plenary,
            kind=kinds.SHARED if is_shared else kinds.TIE,
            reason=reason,
            decided_at=at,
            recorded_by=actor,
        )
        TiePlace.objects.bulk_create(
            TiePlace(decision=decision, proposal=each, place=place)
            for place, each in enumerate(order, start=1)
        )
        _write_votes(decision, order, agreeing_jurors, notes)
        note_act(
            plenary,
            "plenary.tie_decided",
            actor,
            at,
            reason,
            order=[each.code for each in order],
            shared=is_shared,
        )
    return decision


def withdraw_decision(*, decision: PlenaryDecision, actor: User, at: datetime) -> None:
    """Take back a decision that was not applied yet.

    Raises PlenaryClosed.
    """
    with transaction.atomic():
        plenary = lock_plenary(decision.plenary)
        # Two tabs may press it together: the second finds nothing left.
        found = PlenaryDecision.objects.filter(pk=decision.pk).first()
        if found:
            subject = str(found.proposal.code) if found.proposal else found.kind
            _delete(found)
            note_act(plenary, "plenary.decision_withdrawn", actor, at, subject=subject)


def _delete(decision: PlenaryDecision) -> None:
    decision.votes.all().delete()
    decision.delete()


def _require_judged(plenary: Plenary, proposal: Proposal) -> None:
    sheets = (
        ScoreSheet.objects.open()
        .final()
        .filter(
            assignment__scoring_stage=plenary.scoring_stage,
            assignment__proposal=proposal,
        )
    )
    if not sheets.exists():
        raise DecisionNotRecorded(
            _("Nobody has finished a sheet for it: there is nothing to agree on.")
        )


def _write_votes(
    decision: PlenaryDecision,
    proposals: Sequence[Proposal],
    agreeing_jurors: Collection[Juror],
    notes: Mapping[Juror, str],
) -> None:
    """Note how each who may decide voted; raise without quorum or majority."""
    panel = queries.attendance_of(decision.plenary)
    barred = queries.in_conflict((each.juror for each in panel), proposals)
    out = set[int]().union(*barred.values())
    free = [
        each.juror for each in panel if each.is_present and each.juror_id not in out
    ]
    needed = agreeing.quorum_for(
        decision.plenary.quorum, sitting=len(panel), conflicted=len(out)
    )
    if len(free) < needed:
        raise DecisionNotRecorded(
            _(
                "%(needed)d jurors without a conflict must be present for this, and "
                "%(present)d are."
            )
            % {"needed": needed, "present": len(free)}
        )
    votes = [
        PlenaryVote(
            decision=decision,
            juror=each,
            agrees=each in agreeing_jurors,
            note="" if each in agreeing_jurors else notes.get(each, ""),
        )
        for each in free
    ]
    if sum(each.agrees for each in votes) < agreeing.majority_of(len(votes)):
        raise DecisionNotRecorded(
            _(
                "More than half of those who may decide must agree: %(needed)d of "
                "%(present)d."
            )
            % {"needed": agreeing.majority_of(len(votes)), "present": len(votes)}
        )
    PlenaryVote.objects.bulk_create(votes)

"""What the secretariat decides about a submitted proposal beside its check."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.windows import submission_window
from core import audit
from core.errors import DomainError
from submissions import notices, signals
from submissions.models import Proposal, ProposalState
from submissions.services.locking import SubmissionClosed, locked
from submissions.services.screening import void_screening


class ProposalNotReopenable(DomainError):
    """The proposal is not submitted, or was checked already."""


class ProposalNotTakenOut(DomainError):
    """The proposal does not take part, so there is nothing to take out."""


class ProposalNotDisqualifiable(DomainError):
    """The proposal does not take part any more, or was never submitted."""


def reopen_proposal(
    *, proposal: Proposal, reason: str, actor: User, at: datetime
) -> Proposal:
    """Give a submitted proposal back to its institution before submission closes.

    Its receipt stays on record; sending it again gives a new one. Raises
    ProposalNotReopenable and SubmissionClosed. Source: rule SUB-05 in docs/rules.md.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        if not proposal.is_submitted:
            raise ProposalNotReopenable(
                _("This proposal was checked already, or is not submitted any more.")
            )
        window = submission_window(proposal.round, proposal.institution_id)
        if window is None or not window.is_open(at):
            raise SubmissionClosed(
                _("Submission is closed: the institution could not send it again.")
            )
        void_screening(proposal)
        proposal.return_note = reason
        return _move(
            proposal,
            ProposalState.REOPENED,
            notices.proposal_reopened,
            reason=reason,
            actor=actor,
            at=at,
        )


def take_out_proposal(
    *, proposal: Proposal, reason: str, actor: User, at: datetime
) -> Proposal:
    """Withdraw a submitted proposal because its institution asks for it.

    The institution does so itself until submission closes; later only the secretariat
    can. Raises ProposalNotTakenOut.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        if not (proposal.is_submitted or proposal.has_passed):
            raise ProposalNotTakenOut(
                _("This proposal does not take part in the round any more.")
            )
        return _move(
            proposal,
            ProposalState.WITHDRAWN,
            notices.proposal_withdrawn,
            reason=reason,
            actor=actor,
            at=at,
        )


def disqualify_proposal(
    *, proposal: Proposal, reason: str, actor: User, at: datetime
) -> Proposal:
    """Take a submitted proposal out of its round for good, as for false data.

    Raises ProposalNotDisqualifiable. Source: rule SUB-06 in docs/rules.md.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        if not (proposal.is_submitted or proposal.has_passed):
            raise ProposalNotDisqualifiable(
                _("This proposal does not take part in the round any more.")
            )
        return _move(
            proposal,
            ProposalState.DISQUALIFIED,
            notices.proposal_disqualified,
            reason=reason,
            actor=actor,
            at=at,
        )


def _move(
    proposal: Proposal,
    state: ProposalState,
    tell: Callable[..., None],
    *,
    reason: str,
    actor: User,
    at: datetime,
) -> Proposal:
    proposal.state = state
    proposal.save(update_fields=["state", "return_note"])
    audit.record(
        f"proposal.{state.value}",
        actor=actor,
        target=proposal,
        at=at,
        scope=proposal.scope,
        reason=reason,
    )
    tell(proposal, reason=reason, at=at)
    if proposal.has_left:
        signals.proposal_left.send(Proposal, proposal=proposal, actor=actor, at=at)
    return proposal

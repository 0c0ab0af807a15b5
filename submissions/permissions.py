"""Who may do what with a proposal. Whether it may happen now is asked in services."""

from accounts import permissions as account_permissions
from accounts.models import User
from competitions import permissions as competition_permissions
from submissions.models import Proposal


def can_write(user: User, proposal: Proposal) -> bool:
    """Whether `user` writes for the institution of `proposal`."""
    return account_permissions.works_for(user, proposal.institution)


def can_endorse(user: User, proposal: Proposal) -> bool:
    """Whether `user` is admin or head of the institution, or of one above it."""
    return account_permissions.administers(user, proposal.institution)


def can_withdraw(user: User, proposal: Proposal) -> bool:
    """Whether `user` may take `proposal` out: its writers while they still write it,
    afterwards only who endorses."""
    if proposal.is_editable:
        return can_write(user, proposal)
    waits = proposal.is_endorsing or proposal.is_submitted
    return waits and can_endorse(user, proposal)


def can_screen(user: User, proposal: Proposal) -> bool:
    """Whether `user` checks `proposal` as secretariat; never where they compete."""
    return competition_permissions.can_judge_fairly(user, proposal.round)

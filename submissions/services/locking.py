"""Taking hold of a proposal: first the lock, then a look at state and clock."""

from datetime import datetime

from django.utils.translation import gettext as _

from core.errors import DomainError
from submissions import queries
from submissions.models import Proposal


class NotWritable(DomainError):
    """The proposal takes no change now. What was typed is still on the page."""


class ProposalNotEditable(NotWritable):
    """The proposal was sent on, so its content stands still."""


class SubmissionClosed(NotWritable):
    """The round takes no proposals at this moment."""


def locked(proposal: Proposal) -> Proposal:
    """Read `proposal` anew and lock its row until the transaction ends."""
    return (
        Proposal.objects.for_page().select_for_update(of=("self",)).get(pk=proposal.pk)
    )


def locked_for_writing(proposal: Proposal, at: datetime) -> Proposal:
    """Lock `proposal` for a change of its content.

    Raises ProposalNotEditable or SubmissionClosed.
    """
    # Autosave comes every second: the row alone is read, its round never changes.
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    row.round = proposal.round
    refuse_unwritable(row, at)
    return row


def refuse_unwritable(proposal: Proposal, at: datetime) -> None:
    """Raise ProposalNotEditable or SubmissionClosed unless `proposal` takes changes.

    Source: rule SUB-01 in docs/rules.md.
    """
    if not proposal.is_editable:
        raise ProposalNotEditable(
            _(
                "This proposal was sent on and cannot be changed now. Your text is "
                "still on this page: copy it if you need it."
            )
        )
    stage = queries.submission_stage(proposal.round)
    if not proposal.round.is_opened or stage is None or not stage.is_open(at):
        raise SubmissionClosed(
            _(
                "Submission is closed, so nothing can be saved any more. Your text is "
                "still on this page: copy it if you need it."
            )
        )

"""Taking hold of a proposal: first the lock, then a look at state and clock."""

from datetime import datetime
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import ForeignKey
from django.utils.translation import gettext as _

from core.errors import DomainError
from submissions.models import Proposal
from submissions.openings import opening_of
from submissions.services.versions import bring_up_to_date


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


def locked_for_sending(proposal: Proposal) -> Proposal:
    """The same, but its round, institution and form are those read with `proposal`.

    On the last evening many send at once: joining all of that anew would take as long
    as the rest of a submission.
    """
    row = Proposal.objects.with_newest_form().select_for_update().get(pk=proposal.pk)
    for field in Proposal._meta.concrete_fields:
        if not isinstance(field, ForeignKey) or not field.is_cached(proposal):
            continue
        if getattr(row, field.attname) == getattr(proposal, field.attname):
            field.set_cached_value(row, field.get_cached_value(proposal))
    return row


def locked_for_writing(
    proposal: Proposal, at: datetime, *, to_save: bool = False
) -> Proposal:
    """Lock `proposal` for a change of its content, and bring its form up to date.

    With `to_save` it comes with less: as much as one answer is saved by. Raises
    ProposalNotEditable or SubmissionClosed.
    """
    # Autosave comes every second: the row alone is read, its round never changes.
    rows = Proposal.objects.with_newest_form().select_for_update()
    if to_save:
        rows = rows.only("state", "form", "round", "institution")
    row = rows.get(pk=proposal.pk)
    row.round = proposal.round
    refuse_unwritable(row, at)
    bring_up_to_date(row, at)
    return row


def hold_title(proposal: Proposal) -> None:
    """Let nobody else submit the same title to the round until the transaction ends."""
    plain = " ".join(proposal.title.split()).lower()
    key = sha256(f"{proposal.round_id}:{plain}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(key, signed=True)]
        )


def brought_up_to_date(proposal: Proposal, at: datetime) -> bool:
    """Move a draft that may be written to the newest form, if it has an older one."""
    with transaction.atomic():
        row = locked(proposal)
        try:
            refuse_unwritable(row, at)
        except NotWritable:
            return False
        return bring_up_to_date(row, at)


def refuse_unwritable(proposal: Proposal, at: datetime) -> None:
    """Raise ProposalNotEditable or SubmissionClosed unless `proposal` takes changes.

    Source: rules SUB-01 and RND-07 in docs/rules.md.
    """
    if not proposal.is_editable:
        raise ProposalNotEditable(
            _(
                "This proposal was sent on and cannot be changed now. Your text is "
                "still on this page: copy it if you need it."
            )
        )
    window = opening_of(proposal)
    if not proposal.round.is_opened or window is None or not window.is_open(at):
        raise SubmissionClosed(
            _(
                "Submission is closed, so nothing can be saved any more. Your text is "
                "still on this page: copy it if you need it."
            )
        )

"""Objections to the result of the administrative check, and their answers."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Round
from competitions.services import create_announcement
from core import audit
from core.dates import as_local
from core.errors import DomainError
from documents.files import stored_bytes
from documents.uploads import CheckedFile
from submissions import notices
from submissions.models import (
    Objection,
    ObjectionFile,
    ObjectionState,
    Proposal,
    ProposalState,
)
from submissions.objections import MAX_FILES, window_of
from submissions.publication import addendum_of
from submissions.services.locking import locked


class ObjectionNotPossible(DomainError):
    """There is nothing to object to, it was done already, or the time is over."""


class ObjectionNotOpen(DomainError):
    """The objection was answered meanwhile, or somebody else must act on it."""


def file_objection(
    *,
    proposal: Proposal,
    text: str,
    files: Sequence[CheckedFile],
    actor: User,
    at: datetime,
) -> Objection:
    """Object to the published result that a proposal did not pass, once.

    `at` is when the request arrived: it alone decides whether the time is over. Raises
    ObjectionNotPossible. Source: rule OBJ-01 in docs/rules.md.
    """
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        proposal = locked(proposal)
        if Objection.objects.filter(proposal=proposal).exists():
            raise ObjectionNotPossible(_("An objection was filed here already."))
        if not proposal.has_failed:
            raise ObjectionNotPossible(
                _("There is no result here that could be objected to.")
            )
        window = window_of(proposal)
        if window is None or not window.is_open(at):
            raise ObjectionNotPossible(
                _("The time for objections is over, or has not begun.")
            )
        uploads = list({each.sha256: each for each in files}.values())
        if len(uploads) > MAX_FILES:
            raise ObjectionNotPossible(
                _("At most %(number)d files are taken here.") % {"number": MAX_FILES}
            )
        objection = Objection.objects.create(
            proposal=proposal, text=text, filed_by=actor, filed_at=at
        )
        for upload in uploads:
            stored = ObjectionFile(objection=objection)
            stack.enter_context(stored_bytes(stored, upload, actor, at))
            stored.save(force_insert=True)
        _record(
            "objection.filed",
            objection,
            actor,
            at,
            changes={"files": [each.sha256 for each in uploads]},
        )
        notices.objection_filed(objection, at=at)
    return objection


def answer_objection(
    *, objection: Objection, upheld: bool, answer: str, actor: User, at: datetime
) -> Objection:
    """Answer an objection; where the round asks for two, a second person confirms.

    Accepted, the proposal passes the check at once. Raises ObjectionNotOpen. Source:
    rule OBJ-02 in docs/rules.md.
    """
    with transaction.atomic():
        objection = _held(objection)
        if objection.state != ObjectionState.FILED:
            raise ObjectionNotOpen(_("This objection was answered meanwhile."))
        objection.upheld, objection.answer = upheld, answer
        objection.answered_by, objection.answered_at = actor, at
        objection.sent_back_note = ""
        needs_second = needs_second_person(objection.proposal.round, upheld)
        objection.state = ObjectionState.ANSWERED
        if not needs_second:
            _close(objection, actor, at)
        objection.save()
        _record(
            "objection.answered",
            objection,
            actor,
            at,
            reason=answer,
            changes={"upheld": upheld, "waits_for_second": needs_second},
        )
        if not needs_second:
            notices.objection_closed(objection, at=at)
    return objection


def confirm_objection(*, objection: Objection, actor: User, at: datetime) -> Objection:
    """Give an answer as a second person; from now on it stands.

    Raises ObjectionNotOpen. Source: rule OBJ-03 in docs/rules.md.
    """
    with transaction.atomic():
        objection = _for_second(objection, actor)
        objection.confirmed_by = actor
        _close(objection, actor, at)
        objection.save()
        _record(
            "objection.confirmed",
            objection,
            actor,
            at,
            changes={"upheld": objection.upheld},
        )
        notices.objection_closed(objection, at=at)
    return objection


def send_back_objection(
    *, objection: Objection, reason: str, actor: User, at: datetime
) -> Objection:
    """Do not give an answer: its writer writes it anew, knowing why.

    Raises ObjectionNotOpen. Source: rule OBJ-03 in docs/rules.md.
    """
    with transaction.atomic():
        objection = _for_second(objection, actor)
        objection.state = ObjectionState.FILED
        objection.sent_back_note = reason
        objection.save(update_fields=["state", "sent_back_note"])
        _record("objection.sent_back", objection, actor, at, reason=reason)
    return objection


def needs_second_person(round: Round, upheld: bool) -> bool:
    """Whether an answer of this outcome is confirmed by a second person.

    One that is not accepted keeps a failure, so it counts as such.
    """
    rule = round.screening_four_eyes
    return rule == Round.FourEyes.ALL or (rule == Round.FourEyes.FAILED and not upheld)


def _held(objection: Objection) -> Objection:
    """Read the objection anew; the lock is that of its proposal."""
    proposal = locked(objection.proposal)
    fresh = Objection.objects.select_for_update().get(pk=objection.pk)
    fresh.proposal = proposal
    return fresh


def _for_second(objection: Objection, actor: User) -> Objection:
    objection = _held(objection)
    if not objection.is_answered:
        raise ObjectionNotOpen(_("Nothing waits here to be confirmed."))
    if objection.answered_by_id == actor.pk:
        raise ObjectionNotOpen(
            _("You answered this yourself. Somebody else of the secretariat confirms.")
        )
    return objection


def _close(objection: Objection, actor: User, at: datetime) -> None:
    proposal = objection.proposal
    objection.closed_at = at
    objection.state = (
        ObjectionState.UPHELD if objection.upheld else ObjectionState.REJECTED
    )
    if objection.upheld:
        if not proposal.has_failed:
            raise ObjectionNotOpen(
                _("This proposal does not stand as failed any more.")
            )
        proposal.state = ProposalState.SCREENED_PASSED
        proposal.save(update_fields=["state"])
        title, body = addendum_of(proposal)
        create_announcement(
            round=proposal.round,
            number="",
            issued_date=as_local(at, proposal.round.zone).date(),
            title=title,
            body=body,
            publish_at=at,
            actor=actor,
            at=at,
        )


def _record(
    action: str,
    objection: Objection,
    actor: User,
    at: datetime,
    *,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    proposal = objection.proposal
    audit.record(
        action,
        actor=actor,
        target=proposal,
        at=at,
        scope=proposal.scope,
        reason=reason,
        changes=changes,
    )

"""Giving a submitted proposal back to be corrected until a moment.

Decision: docs/decisions/0015-corrections-restore-what-was-submitted.md.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core import serializers
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import ReminderPlan, Stage
from competitions.windows import submission_window
from core import audit
from core.errors import DomainError
from notifications.models import Message
from submissions import fingerprints, notices
from submissions.dossier import load_dossier
from submissions.models import (
    CONTENT_FIELDS,
    Answer,
    Correction,
    CorrectionState,
    Evidence,
    EvidenceLink,
    Proposal,
    ProposalState,
    StatementLetter,
)
from submissions.services.locking import locked
from submissions.services.noting import write_notes
from submissions.services.screening import void_screening

logger = logging.getLogger(__name__)
# All an author writes: the row itself in these columns, and the rows of these tables.
OWN_COLUMNS = [
    *CONTENT_FIELDS,
    "earlier_form",
    "form_since",
    "header_saved_at",
    "header_saved_by",
]
PARTS: tuple[type[models.Model], ...] = (
    Answer,
    Evidence,
    EvidenceLink,
    StatementLetter,
)
# A request that arrived in the last second may still be on its way.
GRACE = timedelta(minutes=1)


class CorrectionNotPossible(DomainError):
    """The proposal is not submitted, or the moment named does not fit."""


class ContentNotRestored(Exception):
    """What came back is not what was submitted: a bug, not a refusal."""


def ask_correction(
    *,
    proposal: Proposal,
    note: str,
    due_at: datetime,
    actor: User,
    at: datetime,
    parts: Mapping[str, str] | None = None,
) -> Correction:
    """Give a submitted proposal back to be corrected until `due_at`.

    `note` is for the whole, `parts` for its places (see `write_notes`). A decision that
    nobody was told falls. Raises CorrectionNotPossible. Source: rule SCR-07 in
    docs/rules.md.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        _refuse_uncorrectable(proposal, due_at, at)
        dossier = load_dossier(proposal, rules=False)
        correction = Correction.objects.create(
            proposal=proposal,
            note=note,
            due_at=due_at,
            asked_by=actor,
            asked_at=at,
            submitted=_content_of(proposal),
            digest=fingerprints.fingerprint(fingerprints.content_of(dossier)),
        )
        void_screening(proposal)
        proposal.state = ProposalState.RETURNED
        proposal.return_note = note
        proposal.save(update_fields=["state", "return_note"])
        notes = write_notes(
            proposal=proposal,
            parts=parts or {},
            actor=actor,
            at=at,
            by_secretariat=True,
        )
        _record(
            "correction.asked",
            correction,
            actor,
            at,
            reason=note,
            changes={"due_at": due_at.isoformat(), "parts": [n.part for n in notes]},
        )
        notices.correction_asked(correction, notes=notes, at=at)
    return correction


def end_correction(proposal: Proposal, *, at: datetime, state: CorrectionState) -> None:
    """Close the correction of a locked proposal, if one runs: it was sent or taken out.

    Part of sending and withdrawing; what was kept for its return is forgotten.
    """
    Correction.objects.open().filter(proposal=proposal).update(
        state=state, ended_at=at, submitted=[]
    )


def lapse_corrections(*, at: datetime) -> int:
    """End the corrections whose time is over without sending; give how many.

    What was submitted counts again, with its number and its time. May run twice at
    once. Source: rule SCR-08 in docs/rules.md.
    """
    due = Correction.objects.open().filter(due_at__lte=at - GRACE)
    lapsed = 0
    for pk in list(due.order_by("due_at", "pk").values_list("pk", flat=True)):
        try:
            lapsed += _lapse(pk, at)
        except Exception:  # one broken row must not hold up the others
            logger.exception("Correction %s could not be ended", pk)
    return lapsed


def remind_of_corrections(*, at: datetime) -> int:
    """Tell the people of each running correction how long is left; give how many.

    At the offsets of the round's stage of submission, the latest that is due, and none
    whose moment lay before it was asked. Source: rule SCR-07 in docs/rules.md.
    """
    told: list[Message] = []
    running = Correction.objects.open().filter(due_at__gt=at)
    for correction in running.select_related(
        "proposal__institution", "proposal__round__competition__government"
    ).order_by("due_at", "pk"):
        offsets = _due_offsets(correction, at)
        if offsets and correction.proposal.is_unsent:
            told += notices.correction_near(correction, hours_before=offsets[0], at=at)
    return len(told)


def _due_offsets(correction: Correction, at: datetime) -> list[int]:
    """The hours of the plan of submission for what is returned or not sent."""
    plans = ReminderPlan.objects.standing().filter(
        stage__round=correction.proposal.round_id,
        stage__kind=Stage.Kind.SUBMISSION,
        anchor=ReminderPlan.Anchor.BEFORE,
        audience__in=[ReminderPlan.Audience.WAITING, ReminderPlan.Audience.RETURNED],
    )
    return sorted(
        hours
        for hours in set(plans.values_list("hours", flat=True))
        if correction.asked_at <= correction.due_at - timedelta(hours=hours) <= at
    )


def _lapse(pk: int, at: datetime) -> bool:
    proposal_id = Correction.objects.values_list("proposal", flat=True).get(pk=pk)
    with transaction.atomic():
        proposal = locked(Proposal(pk=proposal_id))
        correction = Correction.objects.open().filter(pk=pk).first()
        if correction is None:
            return False  # sent meanwhile
        correction.proposal = proposal
        if not proposal.is_unsent:
            correction.state = CorrectionState.ENDED
        else:
            _restore(correction)
            correction.state = CorrectionState.LAPSED
        correction.ended_at, correction.submitted = at, []
        correction.save(update_fields=["state", "ended_at", "submitted"])
        if correction.has_lapsed:
            _record("correction.lapsed", correction, None, at)
            notices.correction_lapsed(correction, at=at)
    return True


def _restore(correction: Correction) -> None:
    """Make the content what it was when it was submitted, and submit it as it was.

    Rows that are new go, rows that went or changed come back with their own ids; the
    history keeps what was written meanwhile. The fingerprint tells whether it is all.
    """
    proposal = correction.proposal
    if proposal.is_endorsing:  # only what its authors hold may change
        proposal.state = ProposalState.RETURNED
        proposal.save(update_fields=["state"])
    kept = list(
        serializers.deserialize("python", correction.submitted, ignorenonexistent=True)
    )
    versions = dict(
        Answer.objects.filter(proposal=proposal).values_list("pk", "version")
    )
    for model in PARTS:
        there = [each.object.pk for each in kept if isinstance(each.object, model)]
        model._default_manager.filter(proposal=proposal).exclude(pk__in=there).delete()
    for each in kept:
        if isinstance(each.object, Proposal):
            for field in Proposal._meta.concrete_fields:
                if field.name in OWN_COLUMNS:
                    setattr(
                        proposal, field.attname, getattr(each.object, field.attname)
                    )
            # Pages that were opened meanwhile are stale now.
            proposal.header_version += 1
            proposal.save(update_fields=[*OWN_COLUMNS, "header_version"])
        else:
            if isinstance(each.object, Answer):  # versions only ever rise
                each.object.version += versions.get(each.object.pk, 0)
            each.save()
    found = load_dossier(Proposal.objects.for_page().get(pk=proposal.pk), rules=False)
    if fingerprints.fingerprint(fingerprints.content_of(found)) != correction.digest:
        raise ContentNotRestored(proposal.code)
    proposal.state = ProposalState.SUBMITTED
    proposal.return_note = ""
    proposal.save(update_fields=["state", "return_note"])


def _content_of(proposal: Proposal) -> list[dict[str, object]]:
    """Every column of all that the author wrote, as plain values."""
    rows: list[models.Model] = [proposal]
    for model in PARTS:
        rows += model._default_manager.filter(proposal=proposal).order_by("pk")
    content: list[dict[str, object]] = serializers.serialize("python", rows)
    return content


def _refuse_uncorrectable(proposal: Proposal, due_at: datetime, at: datetime) -> None:
    if not proposal.is_submitted:
        raise CorrectionNotPossible(
            _("This proposal was checked already, or is not submitted any more.")
        )
    if due_at <= at:
        raise CorrectionNotPossible(_("Choose a moment that is still to come."))
    window = submission_window(proposal.round, proposal.institution_id)
    if window is None or due_at <= window.closes_at:
        raise CorrectionNotPossible(
            _(
                "Submission is open until then anyway. Choose a later moment, or "
                "reopen the proposal."
            )
        )


def _record(
    action: str,
    correction: Correction,
    actor: User | None,
    at: datetime,
    *,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
) -> None:
    proposal = correction.proposal
    audit.record(
        action,
        actor=actor,
        target=proposal,
        at=at,
        scope=proposal.scope,
        reason=reason,
        changes=changes,
    )

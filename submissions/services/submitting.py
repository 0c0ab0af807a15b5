"""Sending a proposal on its way: endorsement, submission, return, withdrawal."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import permissions as account_permissions
from accounts.models import Institution, User
from competitions.models import Requirement
from core import audit
from core.dates import as_local
from core.errors import DomainError
from documents.models import IssuedDocument
from documents.rendering import as_printed
from documents.services import issue_document
from innovations.services import describe_innovation
from submissions import (
    fingerprints,
    headers,
    lateness,
    notices,
    queries,
    receipts,
    requirements,
    similarity,
)
from submissions.dossier import Dossier, load_dossier
from submissions.fingerprints import PartDigest
from submissions.models import (
    UNSENT_STATES,
    CorrectionState,
    Gist,
    Proposal,
    ProposalState,
)
from submissions.openings import opening_of
from submissions.requirements import Finding
from submissions.services.checking import note_findings
from submissions.services.correcting import end_correction
from submissions.services.locking import (
    SubmissionClosed,
    hold_title,
    locked,
    locked_for_sending,
    refuse_unwritable,
)
from submissions.services.noting import write_notes
from submissions.services.versions import bring_up_to_date
from submissions.signals import proposal_left


class ProposalNotSubmittable(DomainError):
    """The proposal is not in the hands of its institution any more."""


class ProposalIncomplete(DomainError):
    """Requirements that the machine can judge are not met; `findings` name them."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            _("The proposal cannot be sent yet. Mend what is marked below first.")
        )
        self.findings = findings


class NobodyEndorses(DomainError):
    """The institution has no admin or head who could endorse."""


class ProposalNotEndorsing(DomainError):
    """The proposal does not wait for endorsement."""


class NoteMissing(DomainError):
    """A step back is taken with a reason or not at all."""


class ProposalNotWithdrawable(DomainError):
    """The proposal is past the point where its institution can take it back."""


def send_proposal(*, proposal: Proposal, actor: User, at: datetime) -> Proposal:
    """Send a finished proposal to its institution's head, or submit it outright.

    It is submitted where the round asks for no endorsement, and where `actor` is the
    one who would endorse. Raises NotWritable, ProposalIncomplete, NobodyEndorses, and
    what submit_proposal raises. Source: rule SUB-02 in docs/rules.md.
    """
    with transaction.atomic():
        proposal = locked_for_sending(proposal)
        if not proposal.is_editable:
            raise ProposalNotSubmittable(_("This proposal was sent already."))
        refuse_unwritable(proposal, at)
        bring_up_to_date(proposal, at)
        if not proposal.round.endorsement_required or account_permissions.administers(
            actor, proposal.institution
        ):
            return enter_proposal(proposal, actor, at)
        _refuse_incomplete(load_dossier(proposal))
        if not queries.endorsers(proposal.institution):
            raise NobodyEndorses(
                _(
                    "Your institution has no admin or head in this portal yet who "
                    "could endorse. Ask the secretariat to register one."
                )
            )
        proposal.state = ProposalState.ENDORSING
        proposal.return_note = ""
        proposal.save(update_fields=["state", "return_note"])
        _record("proposal.sent", proposal, actor, at)
        notices.proposal_awaits_endorsement(proposal, sender=actor, at=at)
    return proposal


def return_with_notes(
    *,
    proposal: Proposal,
    note: str = "",
    parts: Mapping[str, str] | None = None,
    actor: User,
    at: datetime,
) -> Proposal:
    """Give a proposal that waits for endorsement back to its authors, with reasons.

    `note` is for the whole; `parts` maps the key of a step, as the code of a section,
    to what is to be mended there (see `write_notes`). Raises ProposalNotEndorsing, and
    NoteMissing where neither says anything.
    """
    parts = parts or {}
    if not note.strip() and not any(text.strip() for text in parts.values()):
        raise NoteMissing(_("Write what should be mended before you endorse."))
    with transaction.atomic():
        proposal = locked(proposal)
        if not proposal.is_endorsing:
            raise ProposalNotEndorsing(
                _("This proposal does not wait for endorsement any more.")
            )
        proposal.state = ProposalState.RETURNED
        proposal.return_note = note.strip()
        proposal.save(update_fields=["state", "return_note"])
        written = write_notes(proposal=proposal, parts=parts, actor=actor, at=at)
        _record(
            "proposal.returned",
            proposal,
            actor,
            at,
            reason=note.strip(),
            changes={"parts": [each.part for each in written]} if written else None,
        )
        notices.proposal_returned(proposal, sender=actor, notes=written, at=at)
    return proposal


def submit_proposal(*, proposal: Proposal, actor: User, at: datetime) -> Proposal:
    """Endorse and submit: number, fingerprint, receipt, notice.

    `at` is the moment the request arrived; it alone decides about the deadline. Raises
    ProposalNotSubmittable, SubmissionClosed, ProposalIncomplete. Source: rules SUB-01
    to SUB-03 and REQ-06 in docs/rules.md.
    """
    with transaction.atomic():
        # Two tabs may press together: lock first, then look at the state.
        proposal = locked_for_sending(proposal)
        if proposal.state not in UNSENT_STATES:
            raise ProposalNotSubmittable(_("This proposal was submitted already."))
        _refuse_closed(proposal, at)
        return enter_proposal(proposal, actor, at)


def enter_proposal(proposal: Proposal, actor: User, at: datetime) -> Proposal:
    """Enter a locked proposal that waits for nothing but this into its round.

    Whether submission is open was asked by who calls, inside one transaction. Raises
    ProposalIncomplete. Source: rules SUB-03 and REQ-06 in docs/rules.md.
    """
    with transaction.atomic():
        dossier = _checked_dossier(proposal)
        findings = requirements.evaluate_all(dossier)
        _refuse_unmet(findings)
        parts = fingerprints.content_of(dossier)
        proposal.digest = fingerprints.fingerprint(parts)
        proposal.submitted_at = at
        proposal.submitted_by = actor
        if proposal.round.endorsement_required:
            proposal.endorsed_by = actor
        end_correction(proposal, at=at, state=CorrectionState.SENT)
        note_findings(proposal, findings, at)
        _keep_gist(dossier)
        describe_innovation(
            innovation=proposal.innovation,
            title=proposal.title,
            started_date=dossier.started_date(),
            sdgs=headers.sdgs(dossier.header),
        )
        # All who submit to this government wait for the number from here on to the
        # end: what can be done before, is.
        proposal.receipt_number = _issue_receipt(dossier, parts, at).number
        proposal.state = ProposalState.SUBMITTED
        proposal.return_note = ""
        proposal.save(
            update_fields=[
                "digest",
                "submitted_at",
                "submitted_by",
                "endorsed_by",
                "receipt_number",
                "state",
                "return_note",
            ]
        )
        _record(
            "proposal.submitted",
            proposal,
            actor,
            at,
            changes={"number": proposal.receipt_number, "digest": proposal.digest},
        )
        notices.proposal_submitted(proposal, at=at)
    return proposal


def withdraw_proposal(
    *, proposal: Proposal, reason: str, actor: User, at: datetime
) -> Proposal:
    """Take a proposal out of its round; what was written stays readable.

    Once submitted, only while the round still takes proposals. Raises NoteMissing,
    ProposalNotWithdrawable, SubmissionClosed.
    """
    if not reason.strip():
        raise NoteMissing(_("Write why the proposal is withdrawn."))
    with transaction.atomic():
        proposal = locked(proposal)
        if proposal.is_submitted:
            if not _is_open(proposal, at):
                raise SubmissionClosed(
                    _(
                        "Submission is closed. Ask the secretariat by letter to take "
                        "the proposal out."
                    )
                )
        elif proposal.state not in UNSENT_STATES:
            raise ProposalNotWithdrawable(
                _("This proposal cannot be withdrawn any more. Ask the secretariat.")
            )
        proposal.state = ProposalState.WITHDRAWN
        proposal.save(update_fields=["state"])
        end_correction(proposal, at=at, state=CorrectionState.ENDED)
        _record("proposal.withdrawn", proposal, actor, at, reason=reason)
        proposal_left.send(Proposal, proposal=proposal, actor=actor, at=at)
    return proposal


def _checked_dossier(proposal: Proposal) -> Dossier:
    """Load all parts for the last look, with what others may take held still."""
    rules = set(
        Requirement.objects.filter(round=proposal.round_id).values_list(
            "rule", flat=True
        )
    )
    if Requirement.Rule.QUOTA in rules:
        # Two proposals of one institution must not both take its last place.
        Institution.objects.select_for_update(no_key=True).get(
            pk=proposal.institution_id
        )
    if Requirement.Rule.UNIQUE_TITLE in rules:
        hold_title(proposal)
    return load_dossier(proposal)


def _is_open(proposal: Proposal, at: datetime) -> bool:
    window = opening_of(proposal)
    return proposal.round.is_opened and window is not None and window.is_open(at)


def _refuse_closed(proposal: Proposal, at: datetime) -> None:
    if not _is_open(proposal, at):
        raise SubmissionClosed(
            _("Submission is closed. The proposal stays readable as it is.")
        )


def _refuse_incomplete(dossier: Dossier) -> None:
    _refuse_unmet(requirements.evaluate_all(dossier))


def _refuse_unmet(findings: Iterable[Finding]) -> None:
    unmet = [each for each in findings if each.is_not_met]
    if unmet:
        raise ProposalIncomplete(unmet)


def _keep_gist(dossier: Dossier) -> None:
    """Note how the proposal begins, so that others like it are found."""
    text = similarity.gist_of(similarity.first_text(dossier))
    Gist.objects.bulk_create(
        [Gist(proposal=dossier.proposal, text=text)],
        update_conflicts=True,
        unique_fields=["proposal"],
        update_fields=["text"],
    )


def _issue_receipt(
    dossier: Dossier, parts: Sequence[PartDigest], at: datetime
) -> IssuedDocument:
    proposal = dossier.proposal
    prefix = receipts.subject_prefix(proposal)
    earlier = IssuedDocument.objects.filter(
        kind=receipts.KIND, subject_key__startswith=prefix
    )
    government = proposal.round.competition.government
    with as_printed(government):  # whatever language its sender works in
        title = _("Receipt of a proposal")
        values = receipts.values_of(dossier, parts, lateness.admission_of(proposal))
    return issue_document(
        government=government,
        kind=receipts.KIND,
        subject_key=f"{prefix}{earlier.count() + 1}",
        title=title,
        template=receipts.TEMPLATE,
        values=values,
        issued_date=as_local(at, proposal.round.zone).date(),
        at=at,
        number_pattern=receipts.NUMBER_PATTERN,
        is_public=True,
    )


def _record(
    action: str,
    proposal: Proposal,
    actor: User,
    at: datetime,
    *,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        action,
        actor=actor,
        target=proposal,
        at=at,
        scope=proposal.scope,
        reason=reason,
        changes=changes,
    )

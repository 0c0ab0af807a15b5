"""Sending a proposal on its way: endorsement, submission, return, withdrawal."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import permissions as account_permissions
from accounts.models import Institution, User
from competitions.models import Requirement
from core import audit
from core.dates import as_local
from core.errors import DomainError
from documents.models import IssuedDocument
from documents.services import issue_document
from innovations.services import describe_innovation
from submissions import fingerprints, headers, notices, queries, receipts, requirements
from submissions.dossier import Dossier, load_dossier
from submissions.models import UNSENT_STATES, Proposal, ProposalState
from submissions.requirements import Finding
from submissions.services.locking import (
    SubmissionClosed,
    hold_title,
    locked,
    refuse_unwritable,
)
from submissions.services.versions import bring_up_to_date


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
        proposal = locked(proposal)
        if not proposal.is_editable:
            raise ProposalNotSubmittable(_("This proposal was sent already."))
        refuse_unwritable(proposal, at)
        bring_up_to_date(proposal, at)
        if not proposal.round.endorsement_required or account_permissions.administers(
            actor, proposal.institution
        ):
            return submit_proposal(proposal=proposal, actor=actor, at=at)
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


def return_proposal(
    *, proposal: Proposal, note: str, actor: User, at: datetime
) -> Proposal:
    """Give a proposal that waits for endorsement back to its authors, with a reason.

    Raises ProposalNotEndorsing and NoteMissing.
    """
    if not note.strip():
        raise NoteMissing(_("Write what should be mended before you endorse."))
    with transaction.atomic():
        proposal = locked(proposal)
        if not proposal.is_endorsing:
            raise ProposalNotEndorsing(
                _("This proposal does not wait for endorsement any more.")
            )
        proposal.state = ProposalState.RETURNED
        proposal.return_note = note
        proposal.save(update_fields=["state", "return_note"])
        _record("proposal.returned", proposal, actor, at, reason=note)
        notices.proposal_returned(proposal, sender=actor, at=at)
    return proposal


def submit_proposal(*, proposal: Proposal, actor: User, at: datetime) -> Proposal:
    """Endorse and submit: number, fingerprint, receipt, notice.

    `at` is the moment the request arrived; it alone decides about the deadline. Raises
    ProposalNotSubmittable, SubmissionClosed, ProposalIncomplete. Source: rules SUB-01
    to SUB-03 and REQ-06 in docs/rules.md.
    """
    with transaction.atomic():
        # Two tabs may press together: lock first, then look at the state.
        proposal = locked(proposal)
        if proposal.state not in UNSENT_STATES:
            raise ProposalNotSubmittable(_("This proposal was submitted already."))
        dossier = _checked_dossier(proposal, at)
        _refuse_incomplete(dossier)
        content = fingerprints.content_of(dossier)
        proposal.digest = fingerprints.fingerprint(content)
        proposal.submitted_at = at
        proposal.submitted_by = actor
        if proposal.round.endorsement_required:
            proposal.endorsed_by = actor
        proposal.receipt_number = _issue_receipt(dossier, at).number
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
        describe_innovation(
            innovation=proposal.innovation,
            title=proposal.title,
            started_date=dossier.started_date(),
            sdgs=headers.sdgs(dossier.header),
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
            _refuse_closed(load_dossier(proposal), at)
        elif proposal.state not in UNSENT_STATES:
            raise ProposalNotWithdrawable(
                _("This proposal cannot be withdrawn any more. Ask the secretariat.")
            )
        proposal.state = ProposalState.WITHDRAWN
        proposal.save(update_fields=["state"])
        _record("proposal.withdrawn", proposal, actor, at, reason=reason)
    return proposal


def _checked_dossier(proposal: Proposal, at: datetime) -> Dossier:
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
    dossier = load_dossier(proposal)
    _refuse_closed(dossier, at)
    return dossier


def _refuse_closed(dossier: Dossier, at: datetime) -> None:
    if not dossier.proposal.round.is_opened or not dossier.is_open(at):
        raise SubmissionClosed(
            _("Submission is closed. The proposal stays readable as it is.")
        )


def _refuse_incomplete(dossier: Dossier) -> None:
    findings = [each for each in requirements.evaluate_all(dossier) if each.is_not_met]
    if findings:
        raise ProposalIncomplete(findings)


def _issue_receipt(dossier: Dossier, at: datetime) -> IssuedDocument:
    proposal = dossier.proposal
    prefix = receipts.subject_prefix(proposal)
    earlier = IssuedDocument.objects.filter(
        kind=receipts.KIND, subject_key__startswith=prefix
    )
    return issue_document(
        government=proposal.round.competition.government,
        kind=receipts.KIND,
        subject_key=f"{prefix}{earlier.count() + 1}",
        title=_("Receipt of a proposal"),
        template=receipts.TEMPLATE,
        values=receipts.values_of(dossier),
        issued_date=as_local(at, proposal.round.zone).date(),
        at=at,
        number_pattern=receipts.NUMBER_PATTERN,
    )


def _record(
    action: str,
    proposal: Proposal,
    actor: User,
    at: datetime,
    *,
    reason: str = "",
    changes: dict[str, str] | None = None,
) -> None:
    audit.record(
        action,
        actor=actor,
        target=proposal,
        at=at,
        scope=proposal.round.competition.government.code,
        reason=reason,
        changes=changes,
    )

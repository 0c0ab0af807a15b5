"""The administrative check by the secretariat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Requirement
from core import audit
from core.errors import DomainError
from submissions import notices
from submissions.models import Proposal, ProposalState, Screening, ScreeningItem
from submissions.services.locking import locked


class ScreeningNotPossible(DomainError):
    """The proposal is not there to be checked."""


class ScreeningIncomplete(DomainError):
    """A requirement has no verdict, or a refusal has no reason or note."""


@dataclass(frozen=True)
class Verdict:
    """What the secretariat says of one requirement; a refusal needs both texts."""

    is_met: bool
    reason_code: str = ""
    note: str = ""


def screen_proposal(
    *,
    proposal: Proposal,
    verdicts: Mapping[Requirement, Verdict],
    actor: User,
    at: datetime,
    note: str = "",
) -> Screening:
    """Decide the administrative check: passed only if every requirement is met.

    `verdicts` holds one for each requirement that concerns it. Raises
    ScreeningNotPossible and ScreeningIncomplete. Source: rule SCR-01 in docs/rules.md.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        if not proposal.is_submitted:
            raise ScreeningNotPossible(
                _("This proposal was checked already, or is not submitted any more.")
            )
        _refuse_gaps(proposal, verdicts)
        passed = all(verdict.is_met for verdict in verdicts.values())
        screening = _write(proposal, verdicts, passed, note, actor, at)
        proposal.state = (
            ProposalState.SCREENED_PASSED if passed else ProposalState.SCREENED_FAILED
        )
        proposal.save(update_fields=["state"])
        audit.record(
            "proposal.screened",
            actor=actor,
            target=proposal,
            at=at,
            scope=proposal.round.competition.government.code,
            reason=note,
            changes={
                "passed": passed,
                "not_met": sorted(
                    requirement.code
                    for requirement, verdict in verdicts.items()
                    if not verdict.is_met
                ),
            },
        )
        screening.proposal = proposal
        notices.proposal_screened(screening, at=at)
    return screening


def _refuse_gaps(proposal: Proposal, verdicts: Mapping[Requirement, Verdict]) -> None:
    given = {requirement.pk for requirement in verdicts}
    asked = {
        each.pk
        for each in Requirement.objects.filter(round=proposal.round_id)
        if each.concerns(proposal.track.code, proposal.institution.kind)
    }
    if given != asked:
        raise ScreeningIncomplete(_("Decide on every requirement of this round."))
    for requirement, verdict in verdicts.items():
        if not verdict.is_met and not (verdict.reason_code and verdict.note.strip()):
            raise ScreeningIncomplete(
                _("Give a reason and a note for: %(requirement)s.")
                % {"requirement": requirement}
            )


def _write(
    proposal: Proposal,
    verdicts: Mapping[Requirement, Verdict],
    passed: bool,
    note: str,
    actor: User,
    at: datetime,
) -> Screening:
    """Write the decision; one made before the proposal was reopened gives way."""
    screening, _created = Screening.objects.update_or_create(
        proposal=proposal,
        defaults={
            "passed": passed,
            "note": note,
            "decided_by": actor,
            "decided_at": at,
        },
    )
    screening.screeningitem_set.all().delete()
    ScreeningItem.objects.bulk_create(
        ScreeningItem(
            screening=screening,
            requirement=requirement,
            verdict=ScreeningItem.Verdict.MET
            if verdict.is_met
            else ScreeningItem.Verdict.NOT_MET,
            reason_code="" if verdict.is_met else verdict.reason_code,
            note=verdict.note,
        )
        for requirement, verdict in verdicts.items()
    )
    return screening

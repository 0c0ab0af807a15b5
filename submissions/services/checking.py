"""Keeping what the machine found, so that lists need not look again."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from competitions.models import Round
from submissions import requirements
from submissions.dossier import load_dossier
from submissions.models import MachineCheck, Proposal, ProposalState
from submissions.requirements import Finding, Outcome

# So many are looked at again within one press: some 10 queries each.
AT_ONCE = 100


def note_findings(
    proposal: Proposal, findings: Sequence[Finding], at: datetime
) -> MachineCheck:
    """Keep the `findings` on a proposal, in place of earlier ones.

    Source: rule SCR-02 in docs/rules.md.
    """
    counted = Counter(each.outcome for each in findings)
    check = MachineCheck(
        proposal=proposal,
        met=counted[Outcome.MET],
        not_met=counted[Outcome.NOT_MET],
        needs_look=counted[Outcome.NEEDS_LOOK],
        outcomes={each.requirement.code: str(each.outcome) for each in findings},
        checked_at=at,
    )
    MachineCheck.objects.bulk_create(
        [check],
        update_conflicts=True,
        unique_fields=["proposal"],
        update_fields=["met", "not_met", "needs_look", "outcomes", "checked_at"],
    )
    return check


def refresh_findings(*, round: Round, at: datetime) -> int:
    """Look anew at what waits in `round`, the longest not looked at first.

    Takes at most AT_ONCE, and gives how many it left out.
    """
    waiting = Proposal.objects.filter(round=round, state=ProposalState.SUBMITTED)
    oldest = waiting.order_by(F("machinecheck__checked_at").asc(nulls_first=True), "pk")
    chosen = list(oldest.values_list("pk", flat=True)[:AT_ONCE])
    for proposal in Proposal.objects.for_page().filter(pk__in=chosen).order_by("pk"):
        note_findings(proposal, requirements.evaluate_all(load_dossier(proposal)), at)
    return max(0, waiting.count() - len(chosen))

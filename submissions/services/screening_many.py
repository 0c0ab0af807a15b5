"""One decision of the administrative check for many proposals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Requirement
from submissions.bulk import LeftOut
from submissions.models import Proposal
from submissions.services.locking import locked
from submissions.services.screening import (
    ScreeningIncomplete,
    ScreeningNotPossible,
    Verdict,
    screen_proposal,
)


@dataclass(frozen=True)
class Report:
    """What became of each."""

    decided: Sequence[Proposal]
    refused: Sequence[LeftOut]


def screen_many(
    *,
    proposals: Iterable[Proposal],
    actor: User,
    at: datetime,
    refused: Requirement | None = None,
    reason_code: str = "",
    note: str = "",
) -> Report:
    """Decide the check of each in a transaction of its own, and report.

    They pass, or the one requirement `refused` is not met by any of them. What was
    changed or decided since `proposals` were read is left as it is. Source: rule SCR-06
    in docs/rules.md.
    """
    decided: list[Proposal] = []
    left: list[LeftOut] = []
    for seen in proposals:
        try:
            with transaction.atomic():
                proposal = locked(seen)
                if proposal.digest != seen.digest:
                    raise ScreeningNotPossible(_("It was sent anew meanwhile."))
                screen_proposal(
                    proposal=proposal,
                    verdicts=_verdicts(proposal, refused, reason_code, note),
                    actor=actor,
                    at=at,
                    only_refusals=refused is not None,
                )
        except (ScreeningNotPossible, ScreeningIncomplete) as refusal:
            left.append(LeftOut(seen, refusal.message))
        else:
            decided.append(proposal)
    return Report(decided, left)


def _verdicts(
    proposal: Proposal, refused: Requirement | None, reason_code: str, note: str
) -> dict[Requirement, Verdict]:
    if refused is not None:
        return {refused: Verdict(is_met=False, reason_code=reason_code, note=note)}
    return {
        each: Verdict(is_met=True)
        for each in Requirement.objects.filter(round=proposal.round_id)
        if each.concerns(proposal.track.code, proposal.institution.kind)
    }

"""Which of many chosen proposals one decision may be made for.

Source: rule SCR-06 in docs/rules.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.utils.translation import gettext as _

from competitions.models import Requirement
from submissions.models import Proposal, ScreeningState


@dataclass(frozen=True)
class LeftOut:
    """A proposal that one decision for many does not touch, and why."""

    proposal: Proposal
    reason: str


@dataclass(frozen=True)
class Plan:
    """What one decision for many would do."""

    included: Sequence[Proposal]
    left_out: Sequence[LeftOut]

    @cached_property
    def digest(self) -> str:
        """The same as long as the same would be decided on the same content."""
        lines = sorted(f"{each.code} {each.digest}" for each in self.included)
        return sha256("\n".join(lines).encode()).hexdigest()


def plan_of(chosen: Iterable[Proposal], refused: Requirement | None) -> Plan:
    """Part `chosen` (read `for_queue`) into what is decided and what is left out.

    Without a `refused` requirement they would pass.
    """
    included: list[Proposal] = []
    left_out: list[LeftOut] = []
    for proposal in chosen:
        reason = _why_not(proposal, refused)
        if reason:
            left_out.append(LeftOut(proposal, reason))
        else:
            included.append(proposal)
    return Plan(included, left_out)


def _why_not(proposal: Proposal, refused: Requirement | None) -> str:
    row: dict[str, object] = proposal.__dict__  # with the annotations of for_queue
    if not proposal.is_submitted:
        return _("is not submitted, or its result is public")
    if row["check_state"] in {ScreeningState.DECIDED, ScreeningState.CONFIRMED}:
        return _("is decided already")
    if row["check_draft"]:
        return _("%(name)s has begun to check it") % {"name": row["drafter"]}
    if refused is not None:
        if refused.concerns(proposal.track.code, proposal.institution.kind):
            return ""
        return _("the requirement does not concern it")
    if row["not_met"] is None:
        return _("the portal has not looked at it yet")
    if row["not_met"]:
        return _("something is not met: check it singly")
    return ""

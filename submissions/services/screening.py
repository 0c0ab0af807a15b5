"""The administrative check by the secretariat: decided here, told when published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Requirement
from core import audit
from core.errors import DomainError
from submissions.models import (
    Proposal,
    Screening,
    ScreeningItem,
    ScreeningState,
)
from submissions.services.locking import locked

NOT_DECIDED = {
    "passed": None,
    "decided_by": None,
    "decided_at": None,
    "confirmed_by": None,
    "confirmed_at": None,
    "published_at": None,
    "told_at": None,
}


class ScreeningNotPossible(DomainError):
    """The proposal is not there to be checked, or somebody decided before."""


class ScreeningIncomplete(DomainError):
    """A requirement has no verdict, or a refusal has no reason or note."""


class DraftOutdated(DomainError):
    """Somebody else saved a draft of the same check meanwhile."""


class SecondPersonNeeded(DomainError):
    """Whoever decided does not confirm it too, and nothing waits to be confirmed."""


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
    only_refusals: bool = False,
) -> Screening:
    """Decide the administrative check: passed only if every requirement is met.

    Nobody but the secretariat knows until the result is published, and the proposal
    stays as it is. `verdicts` holds one for each requirement that concerns it; with
    `only_refusals`, for many at once, a refusal alone will do. Raises
    ScreeningNotPossible and ScreeningIncomplete. Source: rules SCR-01 and SCR-03 in
    docs/rules.md.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        screening = _draft_of(proposal)
        _refuse_gaps(proposal, verdicts, only_refusals)
        passed = all(verdict.is_met for verdict in verdicts.values())
        screening.state = ScreeningState.DECIDED
        screening.passed, screening.note = passed, note
        screening.decided_by, screening.decided_at = actor, at
        screening.draft, screening.sent_back_note = {}, ""
        screening.save()
        _write_items(screening, verdicts)
        record(
            "proposal.screened",
            screening,
            actor,
            at,
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
    return screening


def save_screening_draft(
    *,
    proposal: Proposal,
    values: Mapping[str, Any],
    base_version: int,
    actor: User,
    at: datetime,
) -> Screening:
    """Keep a check that is not decided yet, as it stands in the form.

    `values` maps each requirement's code to its verdict, reason and note; `""` holds
    the note to the institution. Raises ScreeningNotPossible, and DraftOutdated if
    somebody saved another one since `base_version`.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        screening = _draft_of(proposal)
        if screening.draft_version != base_version and screening.draft != values:
            raise DraftOutdated(
                _(
                    "%(name)s saved another draft of this check meanwhile. Yours is "
                    "still on this page: compare, then save again."
                )
                % {"name": screening.draft_by}
            )
        screening.draft = dict(values)
        screening.draft_version += 1
        screening.draft_by, screening.draft_at = actor, at
        screening.save()
        record("screening.drafted", screening, actor, at)
    return screening


def take_back_screening(
    *, proposal: Proposal, reason: str, actor: User, at: datetime
) -> Screening:
    """Make a decision that nobody was told a draft again, with its verdicts.

    Raises ScreeningNotPossible once it is published.
    """
    with transaction.atomic():
        screening = _unpublished(locked(proposal))
        undo(screening)
        record("screening.taken_back", screening, actor, at, reason=reason)
    return screening


def confirm_screening(*, proposal: Proposal, actor: User, at: datetime) -> Screening:
    """Confirm a decision as a second person, where the round asks for two.

    Raises SecondPersonNeeded. Source: rule SCR-05 in docs/rules.md.
    """
    with transaction.atomic():
        screening = _for_second(locked(proposal), actor)
        screening.state = ScreeningState.CONFIRMED
        screening.confirmed_by, screening.confirmed_at = actor, at
        screening.save(update_fields=["state", "confirmed_by", "confirmed_at"])
        record(
            "screening.confirmed",
            screening,
            actor,
            at,
            changes={"passed": screening.passed},
        )
    return screening


def send_back_screening(
    *, proposal: Proposal, reason: str, actor: User, at: datetime
) -> Screening:
    """Do not confirm a decision: the check is open again, and the reason stands there.

    Raises SecondPersonNeeded. Source: rule SCR-05 in docs/rules.md.
    """
    with transaction.atomic():
        screening = _for_second(locked(proposal), actor)
        undo(screening, sent_back_note=reason)
        record("screening.sent_back", screening, actor, at, reason=reason)
    return screening


def void_screening(proposal: Proposal) -> None:
    """Open the check of a locked proposal again: it goes back to its authors."""
    screening = Screening.objects.filter(proposal=proposal).first()
    if screening and not screening.is_draft:
        undo(screening)


def undo(screening: Screening, sent_back_note: str = "") -> None:
    """Make a decision a draft again, with its verdicts filled in."""
    draft = {
        item.requirement.code: {
            "verdict": item.verdict,
            "reason": item.reason_code,
            "note": item.note,
        }
        for item in screening.screeningitem_set.select_related("requirement")
    }
    screening.draft = draft | ({"": {"note": screening.note}} if screening.note else {})
    screening.draft_version += 1
    screening.draft_by = screening.decided_by
    screening.draft_at = screening.decided_at
    screening.state = ScreeningState.DRAFT
    screening.note = ""
    screening.sent_back_note = sent_back_note
    for name, value in NOT_DECIDED.items():
        setattr(screening, name, value)
    screening.save()
    screening.screeningitem_set.all().delete()


def record(
    action: str,
    screening: Screening,
    actor: User,
    at: datetime,
    *,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Note what became of the check of a proposal."""
    proposal = screening.proposal
    audit.record(
        action,
        actor=actor,
        target=proposal,
        at=at,
        scope=proposal.scope,
        reason=reason,
        changes=changes,
    )


def _draft_of(proposal: Proposal) -> Screening:
    """The open check of a locked proposal; a new one if nobody has begun."""
    if not proposal.is_submitted:
        raise ScreeningNotPossible(
            _("This proposal was checked already, or is not submitted any more.")
        )
    screening = Screening.objects.filter(proposal=proposal).first()
    if screening is None:
        screening = Screening(proposal=proposal)
    elif screening.is_published:
        undo(screening)  # of what it was before it came back
    elif not screening.is_draft:
        raise ScreeningNotPossible(
            _("%(name)s has decided this check meanwhile.")
            % {"name": screening.decided_by}
        )
    screening.proposal = proposal
    return screening


def _unpublished(proposal: Proposal) -> Screening:
    screening = Screening.objects.filter(proposal=proposal).first()
    if screening is None or not screening.is_unpublished or not proposal.is_submitted:
        raise ScreeningNotPossible(
            _("There is no decision here that could be taken back.")
        )
    screening.proposal = proposal
    return screening


def _for_second(proposal: Proposal, actor: User) -> Screening:
    screening = Screening.objects.filter(proposal=proposal).first()
    if (
        screening is None
        or not proposal.is_submitted
        or not screening.needs_second(proposal.round.screening_four_eyes)
    ):
        raise SecondPersonNeeded(_("Nothing waits here to be confirmed."))
    if screening.decided_by_id == actor.pk:
        raise SecondPersonNeeded(
            _("You decided this yourself. Somebody else of the secretariat confirms.")
        )
    screening.proposal = proposal
    return screening


def _refuse_gaps(
    proposal: Proposal, verdicts: Mapping[Requirement, Verdict], only_refusals: bool
) -> None:
    given = {requirement.pk for requirement in verdicts}
    asked = {
        each.pk
        for each in Requirement.objects.filter(round=proposal.round_id)
        if each.concerns(proposal.track.code, proposal.institution.kind)
    }
    is_refused = any(not verdict.is_met for verdict in verdicts.values())
    if not (given <= asked if only_refusals and is_refused else given == asked):
        raise ScreeningIncomplete(_("Decide on every requirement of this round."))
    for requirement, verdict in verdicts.items():
        if not verdict.is_met and not (verdict.reason_code and verdict.note.strip()):
            raise ScreeningIncomplete(
                _("Give a reason and a note for: %(requirement)s.")
                % {"requirement": requirement}
            )


def _write_items(screening: Screening, verdicts: Mapping[Requirement, Verdict]) -> None:
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

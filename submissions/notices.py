"""Who is told what about proposals."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse

from accounts.models import User
from competitions.models import Stage
from notifications.services import notify
from submissions import queries
from submissions.models import Proposal, Screening
from submissions.queries import Waiting


def proposal_awaits_endorsement(
    proposal: Proposal, *, sender: User, at: datetime
) -> None:
    """Ask the admins and heads of the institution to endorse."""
    notify(
        recipients=queries.endorsers(proposal.institution),
        kind="proposal.sent",
        key=_moment(proposal, at),
        template="submissions/emails/proposal_sent",
        context={"proposal": proposal, "sender": sender},
        path=reverse("submissions:proposal_endorse", args=[proposal.code]),
        at=at,
        scope=proposal.round.competition.government.code,
    )


def proposal_returned(proposal: Proposal, *, sender: User, at: datetime) -> None:
    """Tell the institution that its admin wants something mended first."""
    notify(
        recipients=queries.people_of(proposal),
        kind="proposal.returned",
        key=_moment(proposal, at),
        template="submissions/emails/proposal_returned",
        context={"proposal": proposal, "sender": sender, "note": proposal.return_note},
        path=proposal.get_absolute_url(),
        at=at,
        scope=proposal.round.competition.government.code,
    )


def proposal_submitted(proposal: Proposal, *, at: datetime) -> None:
    """Confirm the submission to the institution, with number and time."""
    notify(
        recipients=queries.people_of(proposal),
        kind="proposal.submitted",
        key=_moment(proposal, at),
        template="submissions/emails/proposal_submitted",
        context={"proposal": proposal},
        path=reverse("submissions:receipt_detail", args=[proposal.code]),
        at=at,
        scope=proposal.round.competition.government.code,
    )


def proposal_reopened(proposal: Proposal, *, reason: str, at: datetime) -> None:
    """Tell the institution that the secretariat gave the proposal back, and why."""
    _decided(proposal, "reopened", reason, at)


def proposal_disqualified(proposal: Proposal, *, reason: str, at: datetime) -> None:
    """Tell the institution that the proposal takes part no more, and why."""
    _decided(proposal, "disqualified", reason, at)


def _decided(proposal: Proposal, what: str, reason: str, at: datetime) -> None:
    notify(
        recipients=queries.people_of(proposal),
        kind=f"proposal.{what}",
        key=_moment(proposal, at),
        template=f"submissions/emails/proposal_{what}",
        context={"proposal": proposal, "reason": reason},
        path=proposal.get_absolute_url(),
        at=at,
        scope=proposal.round.competition.government.code,
    )


def proposal_screened(screening: Screening, *, at: datetime) -> None:
    """Tell the institution the result of the administrative check, with the reasons."""
    proposal = screening.proposal
    notify(
        recipients=queries.people_of(proposal),
        kind="proposal.screened",
        key=_moment(proposal, at),
        template="submissions/emails/proposal_screened",
        context={
            "proposal": proposal,
            "screening": screening,
            "not_met": [
                item for item in queries.screening_items(screening) if not item.is_met
            ],
        },
        path=proposal.get_absolute_url(),
        at=at,
        scope=proposal.round.competition.government.code,
    )


def deadline_near(
    stage: Stage,
    *,
    closes_at: datetime,
    person: User,
    waiting: Sequence[Waiting],
    hours_before: int,
    at: datetime,
) -> None:
    """Remind one person of the closing, in one message for all their institutions."""
    notify(
        recipients=[person],
        kind="submission.closing",
        key=f"{stage.pk}:{hours_before}:{closes_at.isoformat()}",
        template="submissions/emails/deadline_near",
        context={
            "closes_at": closes_at,
            "round": stage.round,
            "waiting": waiting,
            **_rounded(closes_at - at),
        },
        path=reverse("submissions:proposal_list"),
        at=at,
        scope=stage.round.competition.government.code,
    )


def _rounded(left: timedelta) -> dict[str, int]:
    """Say what is left as people do: in days from a day and a half, else in hours.

    The clock ticks some minutes late: 71 hours and 57 minutes are 3 days.
    """
    hours = round(left / timedelta(hours=1))
    return {"days": round(hours / 24) if hours >= 36 else 0, "hours": hours}


def _moment(proposal: Proposal, at: datetime) -> str:
    return f"{proposal.pk}:{at.isoformat()}"

"""Who is told what about proposals."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from accounts.models import User
from competitions.models import ReminderAudience
from notifications.models import Message
from notifications.services import notify
from submissions import queries, screenings
from submissions.models import (
    Correction,
    Objection,
    Proposal,
    Screening,
    SectionNote,
)
from submissions.objections import secretaries_of
from submissions.occasions import Occasion
from submissions.recipients import Reached


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
        scope=proposal.scope,
    )


def proposal_returned(
    proposal: Proposal, *, sender: User, notes: Sequence[SectionNote], at: datetime
) -> None:
    """Tell the institution that its admin wants something mended first, and where."""
    notify(
        recipients=queries.people_of(proposal),
        kind="proposal.returned",
        key=_moment(proposal, at),
        template="submissions/emails/proposal_returned",
        context={
            "proposal": proposal,
            "sender": sender,
            "note": proposal.return_note,
            "number": len(notes),
        },
        path=proposal.get_absolute_url(),
        at=at,
        scope=proposal.scope,
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
        scope=proposal.scope,
    )


def proposal_reopened(proposal: Proposal, *, reason: str, at: datetime) -> None:
    """Tell the institution that the secretariat gave the proposal back, and why."""
    _decided(proposal, "reopened", reason, at)


def proposal_disqualified(proposal: Proposal, *, reason: str, at: datetime) -> None:
    """Tell the institution that the proposal takes part no more, and why."""
    _decided(proposal, "disqualified", reason, at)


def proposal_withdrawn(proposal: Proposal, *, reason: str, at: datetime) -> None:
    """Tell the institution that the secretariat took its proposal out, as asked."""
    _decided(proposal, "withdrawn", reason, at)


def proposal_late_admitted(proposal: Proposal, *, reason: str, at: datetime) -> None:
    """Tell the institution that what came late counts, and why."""
    _decided(proposal, "late_admitted", reason, at)


def _decided(proposal: Proposal, what: str, reason: str, at: datetime) -> None:
    notify(
        recipients=queries.people_of(proposal),
        kind=f"proposal.{what}",
        key=_moment(proposal, at),
        template=f"submissions/emails/proposal_{what}",
        context={"proposal": proposal, "reason": reason},
        path=proposal.get_absolute_url(),
        at=at,
        scope=proposal.scope,
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
                item
                for item in screenings.screening_items(screening)
                if not item.is_met
            ],
        },
        path=proposal.get_absolute_url(),
        at=at,
        scope=proposal.scope,
    )


def correction_asked(
    correction: Correction, *, notes: Sequence[SectionNote], at: datetime
) -> None:
    """Tell the institution what to correct, and until when."""
    _about_correction(correction, "correction.asked", at, number=len(notes))


def correction_near(
    correction: Correction, *, hours_before: int, at: datetime
) -> list[Message]:
    """Remind the institution that the time to correct runs out; once per offset."""
    left = time_left(correction.due_at - at)
    key = f"{correction.pk}:{hours_before}:{correction.due_at.isoformat()}"
    return _about_correction(
        correction,
        "correction.near",
        at,
        key=key,
        expires_at=correction.due_at,
        **left,
    )


def correction_lapsed(correction: Correction, *, at: datetime) -> None:
    """Tell the institution that what it had submitted counts."""
    _about_correction(correction, "correction.lapsed", at)


def _about_correction(
    correction: Correction,
    kind: str,
    at: datetime,
    *,
    key: str = "",
    expires_at: datetime | None = None,
    **context: int,
) -> list[Message]:
    proposal = correction.proposal
    return notify(
        recipients=queries.people_of(proposal),
        kind=kind,
        key=key or str(correction.pk),
        template=f"submissions/emails/{kind.replace('.', '_')}",
        context={"proposal": proposal, "correction": correction, **context},
        path=proposal.get_absolute_url(),
        at=at,
        scope=proposal.scope,
        expires_at=expires_at,
    )


def objection_filed(objection: Objection, *, at: datetime) -> None:
    """Tell the secretariat that somebody objects to a result of the check."""
    proposal = objection.proposal
    notify(
        recipients=secretaries_of(proposal.round),
        kind="objection.filed",
        key=str(objection.pk),
        template="submissions/emails/objection_filed",
        context={"proposal": proposal, "objection": objection},
        path=reverse("submissions:objection_answer", args=[proposal.code]),
        at=at,
        scope=proposal.scope,
    )


def objection_closed(objection: Objection, *, at: datetime) -> None:
    """Tell the institution the answer to its objection."""
    proposal = objection.proposal
    notify(
        recipients=queries.people_of(proposal),
        kind="objection.closed",
        key=str(objection.pk),
        template="submissions/emails/objection_closed",
        context={"proposal": proposal, "objection": objection},
        path=objection.get_absolute_url(),
        at=at,
        scope=proposal.scope,
    )


def reminder_due(occasion: Occasion, *, reached: Reached, at: datetime) -> None:
    """Remind one person of a closing, in one message for all their institutions."""
    audience = occasion.plan.audience
    common = _of_occasion(occasion, reached, at)
    if audience == ReminderAudience.ENDORSING:
        notify(
            kind="submission.endorsement_due",
            template="submissions/emails/endorsement_due",
            path=reverse("submissions:proposal_list"),
            **common,
        )
    elif audience == ReminderAudience.ADMINS:
        notify(
            kind="submission.stage_near",
            template="submissions/emails/stage_near",
            path=occasion.stage.round.get_absolute_url(),
            **common,
        )
    else:
        notify(
            kind="submission.closing",
            template="submissions/emails/deadline_near",
            path=reverse("submissions:proposal_list"),
            **common,
        )


def _of_occasion(occasion: Occasion, reached: Reached, at: datetime) -> dict[str, Any]:
    """What every reminder by a plan is written from."""
    stage = occasion.stage
    return {
        "recipients": [reached.person],
        "key": occasion.key,
        "context": {
            "closes_at": occasion.closes_at,
            "round": stage.round,
            "stage": stage,
            "waiting": reached.waiting,
            **time_left(occasion.closes_at - at),
        },
        "at": at,
        "scope": reached.log_of(stage.round.competition.government).code,
        "channels": occasion.plan.channels,
        "expires_at": occasion.closes_at,
    }


def time_left(left: timedelta) -> dict[str, int]:
    """Say what is left as people do: in days from a day and a half, else in hours.

    The clock ticks some minutes late: 71 hours and 57 minutes are 3 days.
    """
    hours = round(left / timedelta(hours=1))
    return {"days": round(hours / 24) if hours >= 36 else 0, "hours": hours}


def _moment(proposal: Proposal, at: datetime) -> str:
    return f"{proposal.pk}:{at.isoformat()}"

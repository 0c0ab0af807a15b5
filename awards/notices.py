"""Who is told what about awards."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from awards.models import Award, Forwarding
from competitions.models import Round
from documents.models import IssuedDocument
from judging.models import ResultRow
from notifications.services import notify
from submissions import objections
from submissions import queries as submissions_queries


def certificate_ready(award: Award, document: IssuedDocument, *, at: datetime) -> None:
    """Tell the winner's people that they won and where the certificate is."""
    notify(
        recipients=submissions_queries.people_of(award.row.proposal),
        kind="awards.certificate_ready",
        key=f"award:{award.pk}",
        template="awards/emails/certificate_ready",
        context={
            "award": award,
            "round": award.row.result.round,
            "institution": award.row.proposal.institution,
            "number": document.number,
        },
        path=reverse("awards:certificate_file", args=[document.code]),
        at=at,
        scope=award.row.result.government.code,
    )


def certificate_issued(
    document: IssuedDocument, people: Sequence[User], *, at: datetime
) -> None:
    """Tell the holders of a certificate, other than winners, where it is."""
    notify(
        recipients=people,
        kind="awards.certificate_issued",
        key=f"document:{document.pk}",
        template="awards/emails/certificate_issued",
        context={
            "title": document.get_kind_display(),
            "holder": document.value("holder"),
            "innovation": document.value("innovation"),
            "event": document.value("event"),
            "number": document.number,
        },
        path=reverse("awards:certificate_file", args=[document.code]),
        at=at,
        scope=document.government.code,
    )


def award_revoked(award: Award, *, at: datetime) -> None:
    """Tell the winner's people that the award is taken back, and why."""
    notify(
        recipients=submissions_queries.people_of(award.row.proposal),
        kind="awards.award_revoked",
        key=f"award:{award.pk}",
        template="awards/emails/award_revoked",
        context={
            "award": award,
            "round": award.row.result.round,
            "institution": award.row.proposal.institution,
            "reason": award.revoke_reason,
        },
        path=award.row.proposal.get_absolute_url(),
        at=at,
        scope=award.row.result.government.code,
    )


def feedback_ready(
    row: ResultRow, *, round: Round, has_letter: bool, at: datetime
) -> None:
    """Tell the authors of a proposal where they read how it was judged."""
    notify(
        recipients=submissions_queries.people_of(row.proposal),
        kind="awards.feedback_ready",
        key=f"proposal:{row.proposal_id}",
        template="awards/emails/feedback_ready",
        context={
            "title": row.title,
            "round": round,
            "institution": row.institution_name,
            "has_letter": has_letter,
        },
        path=reverse("awards:feedback_detail", args=[row.code]),
        at=at,
        scope=round.competition.government.code,
    )


def forwarding_asked(forwarding: Forwarding, *, at: datetime) -> None:
    """Ask those who may agree for the institution of a winner to be sent on."""
    institution = forwarding.award.row.proposal.institution
    notify(
        recipients=submissions_queries.endorsers(institution),
        kind="awards.forwarding_asked",
        key=f"forwarding:{forwarding.pk}",
        template="awards/emails/forwarding_asked",
        context=_of_forwarding(forwarding),
        path=_page_of(forwarding),
        at=at,
        scope=forwarding.award.row.result.round.competition.government.code,
    )


def forwarding_answered(forwarding: Forwarding, *, at: datetime) -> None:
    """Tell the secretariat that asked whether the institution agrees."""
    round = forwarding.award.row.result.round
    notify(
        recipients=objections.secretaries_of(round),
        kind="awards.forwarding_answered",
        key=f"forwarding:{forwarding.pk}",
        template="awards/emails/forwarding_answered",
        context=_of_forwarding(forwarding),
        path=reverse("awards:forwarding_list", args=[round.slug]),
        at=at,
        scope=round.competition.government.code,
    )


def forwarding_stopped(forwarding: Forwarding, *, at: datetime) -> None:
    """Tell the winner's people that it is not sent on any more, and why."""
    proposal = forwarding.award.row.proposal
    notify(
        recipients=submissions_queries.people_of(proposal),
        kind="awards.forwarding_stopped",
        key=f"forwarding:{forwarding.pk}",
        template="awards/emails/forwarding_stopped",
        context=_of_forwarding(forwarding),
        path=_page_of(forwarding),
        at=at,
        scope=forwarding.award.row.result.round.competition.government.code,
    )


def origin_stopped(forwarding: Forwarding, *, at: datetime) -> None:
    """Tell the secretariat that was sent a winner that it is not one any more, and why.

    Who has not been sent the proposal yet knows nothing of it.
    """
    round = forwarding.round
    if round is None or not forwarding.has_arrived:
        return
    notify(
        recipients=objections.secretaries_of(round),
        kind="awards.origin_stopped",
        key=f"forwarding:{forwarding.pk}",
        template="awards/emails/origin_stopped",
        context=_of_forwarding(forwarding),
        path=reverse("awards:incoming_list", args=[round.slug]),
        at=at,
        scope=round.competition.government.code,
    )


def _of_forwarding(forwarding: Forwarding) -> dict[str, object]:
    award = forwarding.award
    return {
        "forwarding": forwarding,
        "award": award,
        "round": award.row.result.round,
        "institution": award.row.proposal.institution,
        "place": forwarding.place,
        "reason": forwarding.stop_reason or forwarding.answer_note,
    }


def _page_of(forwarding: Forwarding) -> str:
    return reverse("awards:forwarding_detail", args=[forwarding.key])

"""Who is told what about awards."""

from datetime import datetime

from django.urls import reverse

from awards.models import Award
from competitions.models import Round
from documents.models import IssuedDocument
from judging.models import ResultRow
from notifications.services import notify
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

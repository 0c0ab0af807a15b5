"""The check of proposals, as far as a test needs it."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from competitions.models import Requirement, Round
from submissions import services
from submissions.models import Proposal, Screening, ScreeningResult
from submissions.publication import publication_of
from submissions.services import Verdict


def verdicts_for(proposal: Proposal, **refused: Verdict) -> dict[Requirement, Verdict]:
    """One verdict for each requirement of its round: met, unless in `refused`."""
    return {
        each: refused.get(each.code, Verdict(is_met=True))
        for each in Requirement.objects.filter(round=proposal.round)
        if each.concerns(proposal.track.code, proposal.institution.kind)
    }


def decide(
    proposal: Proposal, actor: User, *, at: datetime | None = None, **refused: Verdict
) -> Screening:
    """Decide the check of one proposal; nobody is told."""
    return services.screen_proposal(
        proposal=proposal,
        verdicts=verdicts_for(proposal, **refused),
        actor=actor,
        at=at or timezone.now(),
    )


def publish(
    round: Round, *, actor: User, at: datetime | None = None, kept_reason: str = ""
) -> ScreeningResult:
    """Publish the result of a round: the states of its proposals move."""
    at = at or timezone.now()
    return services.publish_screening(
        round=round,
        expected=publication_of(Round.objects.of_government().get(pk=round.pk)).digest,
        number="060/1",
        issued_date=at.date(),
        title="Hasil verifikasi administrasi",
        body="Hasilnya sebagai berikut.",
        kept_reason=kept_reason,
        actor=actor,
        at=at,
    )

"""Ticking the statements of the form."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from competitions.models import Consent
from core import audit
from submissions.models import Proposal
from submissions.services.locking import locked_for_writing


def save_consents(
    *, proposal: Proposal, codes: Iterable[str], actor: User, at: datetime
) -> Proposal:
    """Keep which statements are ticked, word for word as they read now.

    Raises NotWritable.
    Source: rule REQ-04 in docs/rules.md.
    """
    wanted = set(codes)
    with transaction.atomic():
        track = proposal.track
        proposal = locked_for_writing(proposal, at)
        ticked = {
            consent.code: consent.text
            for consent in Consent.objects.filter(form=proposal.form_id)
            if consent.code in wanted and consent.is_for(track.code)
        }
        if ticked == proposal.consents:
            return proposal
        changes = {"consents": [sorted(proposal.consents), sorted(ticked)]}
        proposal.consents = ticked
        proposal.last_saved_at = at
        proposal.save(update_fields=["consents", "last_saved_at"])
        audit.record(
            "proposal.consents_saved",
            actor=actor,
            target=proposal,
            at=at,
            scope=proposal.scope,
            changes=changes,
        )
    return proposal

"""The receipt: what its paper says, in plain values that never change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.dates import format_datetime
from documents.models import IssuedDocument
from submissions import fingerprints
from submissions.dossier import Dossier
from submissions.fingerprints import PartDigest
from submissions.models import LateAdmission, Proposal

KIND = "receipt"
TEMPLATE = "submissions/pdf/receipt.html"
NUMBER_PATTERN = "TT-{year}-{seq:03}"


def subject_prefix(proposal: Proposal) -> str:
    """What the keys of all receipts of `proposal` begin with, as "proposal:12:"."""
    return f"proposal:{proposal.pk}:"


def receipt_of(proposal: Proposal) -> IssuedDocument | None:
    """The paper of the standing submission."""
    return (
        IssuedDocument.objects.filter(
            kind=KIND,
            number=proposal.receipt_number,
            subject_key__startswith=subject_prefix(proposal),
        )
        .order_by("-pk")
        .first()
    )


def values_of(
    dossier: Dossier,
    parts: Sequence[PartDigest],
    admission: LateAdmission | None = None,
) -> dict[str, Any]:
    """What the paper prints of a proposal that has its time and fingerprint.

    `parts` are what the fingerprint was computed from, `admission` the decision that
    counted it although it came late.
    """
    proposal = dossier.proposal
    government = proposal.round.competition.government
    return {
        "government_name": government.name,
        "secretariat_name": government.secretariat_name,
        "government_address": government.address,
        "government_contact": government.contact,
        "government_emblem": government.emblem,
        "place": government.place,
        "round_name": proposal.round.name,
        "code": proposal.code,
        "innovation_title": proposal.title,
        "institution_name": proposal.institution.name,
        "track": proposal.track.name,
        "category": proposal.category.name if proposal.category else "",
        "submitted_by": proposal.submitted_by.name if proposal.submitted_by else "",
        "is_endorsed": proposal.round.endorsement_required,
        "submitted_at": proposal.submitted_at.isoformat()
        if proposal.submitted_at
        else "",
        "digest": proposal.digest,
        "digest_grouped": fingerprints.in_groups(proposal.digest),
        "manifest": fingerprints.manifest(parts),
        "parts": [{"name": part.name, "digest": part.digest} for part in parts],
        "arrived_at": _in_words(admission.arrived_at, proposal) if admission else "",
        "late_reason": admission.reason if admission else "",
        "public": [
            [_("Institution"), proposal.institution.name],
            [_("Round"), proposal.round.name],
            [_("Time of receipt"), _in_words(proposal.submitted_at, proposal)],
            [_("Fingerprint (SHA-256)"), proposal.digest],
        ],
        "sections": [
            {
                "title": part.section.title,
                "words": part.words,
                "files": part.evidence_count,
            }
            for part in dossier.sections
            if part.is_answered or part.evidence_count
        ],
        "letters": [part.kind.title for part in dossier.letters if part.letter],
        "consents": [part.consent.text for part in dossier.consents if part.is_ticked],
        "is_demonstration": proposal.round.is_demonstration,
    }


def _in_words(moment: datetime | None, proposal: Proposal) -> str:
    return format_datetime(moment, "seconds", proposal.round.zone) if moment else ""

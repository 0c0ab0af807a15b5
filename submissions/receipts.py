"""The receipt: what its paper says, in plain values that never change."""

from typing import Any

from documents.models import IssuedDocument
from submissions import fingerprints
from submissions.dossier import Dossier
from submissions.models import Proposal

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


def values_of(dossier: Dossier) -> dict[str, Any]:
    """What the paper prints of a proposal that has its time and fingerprint."""
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

from awards.models.committee import CommitteeMember
from awards.models.decrees import DecreeScan, DecreeText
from awards.models.designs import (
    MAX_SIGNERS,
    CertificateDesign,
    CertificateNotice,
    CertificateSigner,
)
from awards.models.feedback import FeedbackNote, FeedbackPlan
from awards.models.forwarding import (
    AcceptedGovernment,
    Forwarding,
    ForwardingQuerySet,
)
from awards.models.giving import Award, AwardQuerySet, Decree

__all__ = [
    "MAX_SIGNERS",
    "AcceptedGovernment",
    "Award",
    "AwardQuerySet",
    "CertificateDesign",
    "CertificateNotice",
    "CertificateSigner",
    "CommitteeMember",
    "Decree",
    "DecreeScan",
    "DecreeText",
    "FeedbackNote",
    "FeedbackPlan",
    "Forwarding",
    "ForwardingQuerySet",
]

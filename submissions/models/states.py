"""The states of a proposal, and what stands still in which."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Moves


class ProposalState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ENDORSING = "endorsing", _("Awaiting endorsement")
    RETURNED = "returned", _("Needs repair")
    SUBMITTED = "submitted", _("Submitted")
    REOPENED = "reopened", _("Reopened")
    SCREENED_PASSED = "screened_passed", _("Passed screening")
    SCREENED_FAILED = "screened_failed", _("Failed screening")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISQUALIFIED = "disqualified", _("Disqualified")


# Architecture: docs/architecture.md, "States".
PROPOSAL_MOVES: Moves = {
    ProposalState.DRAFT: {
        ProposalState.ENDORSING,
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.ENDORSING: {
        ProposalState.RETURNED,
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.RETURNED: {
        ProposalState.ENDORSING,
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.SUBMITTED: {
        ProposalState.SCREENED_PASSED,
        ProposalState.SCREENED_FAILED,
        ProposalState.RETURNED,
        ProposalState.REOPENED,
        ProposalState.WITHDRAWN,
        ProposalState.DISQUALIFIED,
    },
    ProposalState.REOPENED: {
        ProposalState.ENDORSING,
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.SCREENED_PASSED: {
        ProposalState.SUBMITTED,
        ProposalState.WITHDRAWN,
        ProposalState.DISQUALIFIED,
    },
    ProposalState.SCREENED_FAILED: {
        ProposalState.SUBMITTED,
        ProposalState.SCREENED_PASSED,
    },
}
EDITABLE_STATES = [
    ProposalState.DRAFT,
    ProposalState.RETURNED,
    ProposalState.REOPENED,
]
UNSENT_STATES = [*EDITABLE_STATES, ProposalState.ENDORSING]
ENTERED_STATES = [
    ProposalState.SUBMITTED,
    ProposalState.SCREENED_PASSED,
    ProposalState.SCREENED_FAILED,
]
# What the author writes into the row; it stands still once sent on.
CONTENT_FIELDS = [
    "title",
    "header",
    "consents",
    "track",
    "category",
    "cluster",
    "innovation",
    "institution",
    "form",
]

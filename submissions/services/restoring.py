"""Bringing back an earlier text of a section."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Section
from core.errors import DomainError
from submissions.history import find_version
from submissions.models import Answer, Proposal
from submissions.services.drafting import save_answer


class VersionGone(DomainError):
    """There is no version of this name."""


def restore_answer(
    *,
    proposal: Proposal,
    section: Section,
    name: str,
    base_version: int,
    actor: User,
    at: datetime,
) -> Answer:
    """Make the version `name` of the section's history its newest one.

    What stood until then stays in the history. `base_version` is the one the person
    saw as newest. Raises VersionGone, NotWritable and AnswerConflict.
    """
    version = find_version(proposal, section.code, name)
    if version is None:
        raise VersionGone(_("There is no such version of this section."))
    return save_answer(
        proposal=proposal,
        section=section,
        text=version.content.text,
        html=version.content.html,
        base_version=base_version,
        actor=actor,
        at=at,
    )

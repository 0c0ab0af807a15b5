"""What the publication of a round's check would say: looked at, then done.

Source: rule SCR-04 in docs/rules.md.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.utils.translation import gettext as _

from competitions.models import Round
from submissions.models import (
    Correction,
    Proposal,
    ProposalState,
    Screening,
)


@dataclass(frozen=True)
class Leftover:
    """A proposal whose result is not ready, and why."""

    proposal: Proposal
    reason: str


@dataclass(frozen=True)
class Publication:
    """The results that are ready, and what is not."""

    passed: Sequence[Screening]
    failed: Sequence[Screening]
    leftovers: Sequence[Leftover]

    @property
    def ready(self) -> list[Screening]:
        return [*self.passed, *self.failed]

    @cached_property
    def digest(self) -> str:
        """The same as long as nothing changed since it was looked at."""
        content = [
            sorted(each.proposal.code for each in self.passed),
            sorted(each.proposal.code for each in self.failed),
            sorted(each.proposal.code for each in self.leftovers),
        ]
        return sha256(json.dumps(content).encode()).hexdigest()


def publication_of(round: Round) -> Publication:
    """Sort what entered `round` by its decision, in three queries.

    Who calls to publish has locked the proposals.
    """
    waiting = (
        Proposal.objects.filter(round=round, state=ProposalState.SUBMITTED)
        .select_related("institution")
        .defer("header", "consents")
        .order_by("title", "pk")
    )
    screenings = {
        each.proposal_id: each
        for each in Screening.objects.filter(
            proposal__round=round, proposal__state=ProposalState.SUBMITTED
        ).select_related("decided_by")
    }
    passed: list[Screening] = []
    failed: list[Screening] = []
    leftovers: list[Leftover] = []
    for proposal in waiting:
        screening = screenings.get(proposal.pk)
        if screening is None or not screening.is_unpublished:
            leftovers.append(Leftover(proposal, _("not decided yet")))
            continue
        screening.proposal = proposal
        if screening.needs_second(round.screening_four_eyes):
            leftovers.append(Leftover(proposal, _("waits for the second person")))
        elif screening.passed:
            passed.append(screening)
        else:
            failed.append(screening)
    corrections = Correction.objects.open().filter(proposal__round=round)
    leftovers += [
        Leftover(each.proposal, _("is being corrected by its institution"))
        for each in corrections.select_related("proposal__institution").order_by(
            "proposal__title", "proposal"
        )
        if each.proposal.is_unsent
    ]
    return Publication(passed, failed, leftovers)


def announcement_text(round: Round, publication: Publication) -> str:
    """The first wording of the announcement: the figures, and who has passed."""
    checked = len(publication.ready)
    paragraphs = [
        _(
            "The secretariat of %(round)s has finished the administrative check. Of "
            "%(checked)d proposals, %(passed)d passed and %(failed)d did not pass."
        )
        % {
            "round": round.name,
            "checked": checked,
            "passed": len(publication.passed),
            "failed": len(publication.failed),
        },
        _("These proposals go on to the assessment:"),
        "\n".join(
            f"{number}. {_plain(each.proposal.title)} "
            f"({_plain(each.proposal.institution.name)})"
            for number, each in enumerate(publication.passed, start=1)
        ),
        _("Institutions whose proposal did not pass were told the reasons one by one."),
    ]
    if not publication.failed:
        del paragraphs[3]
    if not publication.passed:
        del paragraphs[1:3]
    return "\n\n".join(paragraphs)


def addendum_of(proposal: Proposal) -> tuple[str, str]:
    """Title and text that say in public that a proposal passes after an objection."""
    title = _("Addendum to the result of the administrative check, %(round)s") % {
        "round": proposal.round.name
    }
    body = _(
        "The secretariat has accepted an objection. The proposal “%(title)s” of "
        "%(institution)s passes the administrative check and goes on to the "
        "assessment. All other results stand as announced."
    ) % {
        "title": _plain(proposal.title),
        "institution": _plain(proposal.institution.name),
    }
    return title[:200], body


def _plain(text: str) -> str:
    """A title on one line: it must not end the list or begin a paragraph."""
    return " ".join(text.split())

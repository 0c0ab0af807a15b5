"""Where proposals of a blind stage tell themselves whose they are."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.translation import gettext as _

from competitions.models import ScoringStage
from submissions.models import Answer, Evidence, Proposal, ProposalState

SUBMITTED, SCREENED_PASSED = ProposalState.SUBMITTED, ProposalState.SCREENED_PASSED
# Of shorter ones, such as "RS" or "BPS", too many words are a part.
SHORTEST = 4


@dataclass(frozen=True)
class Naming:
    """A proposal whose institution is named in it; `places` say where, in words."""

    proposal: Proposal
    places: list[str] = field(default_factory=list)


def namings_of(stage: ScoringStage) -> list[Naming]:
    """Find the proposals of `stage` that name their institution (three queries).

    Those too that the screening has still to decide on: their authors can be asked for
    another wording.
    In their title, their answers or the names of their files, by its name or short
    name, as whole words. What stands within files is not looked at. The texts are
    searched by the database; only those with a hit are read.
    Source: rule SCO-44 in docs/rules.md.
    """
    rows = Proposal.objects.filter(
        round=stage.round_id, state__in=[SUBMITTED, SCREENED_PASSED]
    ).select_related("institution")
    proposals = {
        each.pk: each
        for each in rows.only(
            "code", "title", "institution__name", "institution__short_name"
        ).order_by("code")
    }
    found = {pk: Naming(each) for pk, each in proposals.items()}
    for pk, proposal in proposals.items():
        if _tells(proposal.title, proposal):
            found[pk].places.append(_("Title"))
    answers = Answer.objects.filter(
        _names("text", "proposal__institution"), proposal__in=proposals
    ).select_related("section")
    for answer in answers.only("text", "proposal", "section__title").order_by(
        "section__order", "pk"
    ):
        if _tells(answer.text, proposals[answer.proposal_id]):
            found[answer.proposal_id].places.append(answer.section.title)
    files = Evidence.objects.filter(
        _names("name", "proposal__institution"), proposal__in=proposals
    )
    for file in files.only("name", "proposal").order_by("uploaded_at", "pk"):
        if _tells(file.name, proposals[file.proposal_id]):
            found[file.proposal_id].places.append(file.name)
    return [each for each in found.values() if each.places]


def _names(text: str, institution: str) -> Q:
    """Whether a column holds a name of the institution, be it within a word."""
    return Q(**{f"{text}__icontains": F(f"{institution}__name")}) | Q(
        **{f"{text}__icontains": F(f"{institution}__short_name")}
    )


def _tells(text: str, proposal: Proposal) -> bool:
    house = proposal.institution
    return any(_stands_in(name, text) for name in _long([house.name, house.short_name]))


def _long(names: Iterable[str]) -> Sequence[str]:
    return [name.strip() for name in names if len(name.strip()) >= SHORTEST]


def _stands_in(name: str, text: str) -> bool:
    """Whether `name` stands in `text` as words of its own; files join them by signs."""
    parts = re.findall(r"\w+", name)
    if not parts:
        return False
    pattern = r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, parts)) + r"(?![^\W_])"
    return re.search(pattern, text, re.IGNORECASE) is not None

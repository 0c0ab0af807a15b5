"""What a winner finds in the round it is sent on to, before anybody agrees.

Source: rule AWD-14 in docs/rules.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from competitions.models import Round, Section, Track
from submissions.models import Answer, Evidence, Proposal


@dataclass(frozen=True)
class Fit:
    """Which parts come along, which have no place there, which are asked anew."""

    kept: Sequence[str]
    without_place: Sequence[str]
    asked_anew: Sequence[str]
    file_count: int


def fit_of(proposal: Proposal, round: Round, track: Track) -> Fit:
    """Compare what `proposal` says with the form of `round`, by the code of a part."""
    form = round.formtemplate_set.order_by("-version").first()
    there = {
        section.code: section
        for section in Section.objects.filter(form=form).order_by("order", "pk")
        if section.is_for(track.code)
    }
    answered = {
        answer.section.code: answer.section.title
        for answer in Answer.objects.filter(proposal=proposal, text__regex=r"\S")
        .select_related("section")
        .order_by("section__order")
    }
    files = Evidence.objects.filter(
        proposal=proposal,
        section__code__in=[
            code for code, section in there.items() if section.evidence_max_files
        ],
    )
    return Fit(
        kept=[title for code, title in answered.items() if code in there],
        without_place=[title for code, title in answered.items() if code not in there],
        asked_anew=[
            section.title
            for code, section in there.items()
            if section.is_required and code not in answered
        ],
        file_count=files.count(),
    )

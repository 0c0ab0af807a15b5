"""What a juror reads of a proposal."""

from dataclasses import dataclass

from competitions.models import HeaderField
from submissions import queries as submissions_queries
from submissions.dossier import SectionPart
from submissions.headers import HeaderPart, parts_for
from submissions.models import Answer, Evidence, EvidenceLink, Proposal


@dataclass(frozen=True)
class Reading:
    """What a juror reads of a proposal: short fields, then answers with their files."""

    header: list[HeaderPart]
    sections: list[SectionPart]


def reading_of(proposal: Proposal) -> Reading:
    """Load what a juror reads of `proposal`, in five queries."""
    answers = {
        answer.section_id: answer for answer in Answer.objects.filter(proposal=proposal)
    }
    files: dict[int, list[Evidence]] = {}
    for file in Evidence.objects.filter(proposal=proposal).order_by(
        "uploaded_at", "pk"
    ):
        files.setdefault(file.section_id, []).append(file)
    links: dict[int, list[EvidenceLink]] = {}
    for link in EvidenceLink.objects.filter(proposal=proposal).order_by(
        "added_at", "pk"
    ):
        links.setdefault(link.section_id, []).append(link)
    fields = HeaderField.objects.filter(form=proposal.form_id).order_by("order", "pk")
    return Reading(
        header=parts_for(fields, proposal.header, proposal.track.code),
        sections=[
            SectionPart(
                section,
                answers.get(section.pk),
                files.get(section.pk, []),
                links.get(section.pk, []),
            )
            for section in submissions_queries.sections_of(proposal)
        ],
    )

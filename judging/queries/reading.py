"""What a juror reads of a proposal; in blind rounds without what names its origin."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from competitions.models import HeaderField, Section
from core.rich_text import RichText
from submissions.headers import NAME, HeaderPart, parts_for, people
from submissions.models import Answer, Evidence, EvidenceLink, Proposal

# What names somebody whatever stands in it.
NAMING_KINDS = frozenset({HeaderField.Kind.PERSONS, HeaderField.Kind.LINK})
EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}


@dataclass(frozen=True)
class ReadingPart:
    """One question with its answer and what supports it."""

    section: Section
    text: str
    body: SafeString
    files: Sequence[Evidence]
    links: Sequence[EvidenceLink]
    hidden_links: int = 0


@dataclass(frozen=True)
class Reading:
    """What a juror reads of a proposal: short fields, then answers with their files."""

    header: Sequence[HeaderPart]
    sections: Sequence[ReadingPart]
    is_blind: bool = False


def reading_of(proposal: Proposal, *, is_blind: bool = False) -> Reading:
    """Load what a juror reads of `proposal`, in five queries.

    Blind, its files bear numbers, and addresses of the web, people and fields that name
    the institution are left out. Source: rule SCO-41 in docs/rules.md.
    """
    return readings_of([proposal], is_blind=is_blind)[proposal.pk]


def readings_of(
    proposals: Sequence[Proposal], *, is_blind: bool = False
) -> dict[int, Reading]:
    """Load the same of several, by the proposal's id, in five queries for all.

    Their institutions and tracks are loaded already.
    """
    answers: dict[tuple[int, int], Answer] = {
        (answer.proposal_id, answer.section_id): answer
        for answer in Answer.objects.filter(proposal__in=proposals)
    }
    files: dict[int, list[Evidence]] = {}
    for file in _files_of(proposals):
        files.setdefault(file.proposal_id, []).append(file)
    links: dict[int, list[EvidenceLink]] = {}
    for link in EvidenceLink.objects.filter(proposal__in=proposals).order_by(
        "added_at", "pk"
    ):
        links.setdefault(link.proposal_id, []).append(link)
    forms = {proposal.form_id for proposal in proposals}
    fields = HeaderField.objects.filter(form__in=forms).order_by("order", "pk")
    sections = Section.objects.filter(form__in=forms).order_by("order", "pk")
    found = {}
    for proposal in proposals:
        track = proposal.track.code
        own_files = files.get(proposal.pk, [])
        if is_blind:
            for number, file in enumerate(own_files, start=1):
                file.name = _alias(file, number)  # of this copy, which nobody saves
        header = parts_for(
            [each for each in fields if each.form_id == proposal.form_id],
            proposal.header,
            track,
        )
        found[proposal.pk] = Reading(
            header=_unnamed(header, names_in(proposal, header)) if is_blind else header,
            sections=[
                _part(
                    section,
                    answers.get((proposal.pk, section.pk)),
                    [each for each in own_files if each.section_id == section.pk],
                    [
                        each
                        for each in links.get(proposal.pk, [])
                        if each.section_id == section.pk
                    ],
                    is_blind=is_blind,
                )
                for section in sections
                if section.form_id == proposal.form_id and section.is_for(track)
            ],
            is_blind=is_blind,
        )
    return found


def alias_of(evidence: Evidence) -> str:
    """The name under which a juror of a blind round is given a file."""
    keys = [each.pk for each in _files_of([evidence.proposal_id])]
    return _alias(evidence, keys.index(evidence.pk) + 1)


def names_in(proposal: Proposal, header: Iterable[HeaderPart]) -> set[str]:
    """What tells whose proposal it is: its institution's names, those of its people."""
    institution = proposal.institution
    found = {institution.name, institution.short_name}
    for part in header:
        if part.field.kind == HeaderField.Kind.PERSONS:
            found |= {person[NAME] for person in people(part.value)}
    return {name.strip().casefold() for name in found if name.strip()}


def tells(text: str, names: Collection[str]) -> bool:
    """Whether one of `names`, as names_in() gives them, stands in `text`."""
    plain = " ".join(text.casefold().split())
    return any(name in plain for name in names)


def _files_of(proposals: Sequence[Proposal | int]) -> Iterable[Evidence]:
    """The files of each in the order that numbers them in blind rounds."""
    found = Evidence.objects.filter(proposal__in=proposals)
    return found.order_by("uploaded_at", "pk")


def _alias(file: Evidence, number: int) -> str:
    name = _("Attachment %(number)d") % {"number": number}
    return f"{name}{EXTENSIONS.get(file.content_type, '')}"


def _unnamed(
    header: Iterable[HeaderPart], names: Collection[str]
) -> Sequence[HeaderPart]:
    return [
        part
        for part in header
        if part.field.kind not in NAMING_KINDS and not tells(part.in_words, names)
    ]


def _part(
    section: Section,
    answer: Answer | None,
    files: Sequence[Evidence],
    links: Sequence[EvidenceLink],
    *,
    is_blind: bool,
) -> ReadingPart:
    content = answer.content if answer else RichText("", "")
    return ReadingPart(
        section=section,
        text=content.text,
        body=content.body,
        files=files,
        links=[] if is_blind else links,
        hidden_links=len(links) if is_blind else 0,
    )

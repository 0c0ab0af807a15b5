"""A proposal with all its parts, as the author, the check and the screening see it.

Loaded once by `load_dossier`; all else here only looks at what was loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from competitions.models import (
    HeaderField,
    LetterKind,
    Requirement,
    Section,
    Stage,
)
from core.dates import as_local
from core.text import word_count
from submissions import headers, queries
from submissions.headers import HeaderPart
from submissions.models import Answer, Evidence, Proposal, StatementLetter

_INSTANT = timedelta(microseconds=1)


class Completeness(StrEnum):
    """How far a part is; the values are those of components/section_nav.html."""

    DONE = "done"
    PART = "part"
    EMPTY = "empty"
    OVER = "bad"


@dataclass(frozen=True)
class SectionPart:
    """One question with its answer and its files."""

    section: Section
    answer: Answer | None
    files: Sequence[Evidence]

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""

    @property
    def version(self) -> int:
        """The version a save must name as its base; 0 before the first."""
        return self.answer.version if self.answer else 0

    @cached_property
    def words(self) -> int:
        return word_count(self.text)

    @property
    def words_over(self) -> int:
        return max(0, self.words - self.section.word_limit)

    @property
    def is_answered(self) -> bool:
        return self.words > 0

    @property
    def has_room(self) -> bool:
        """Whether one more file may be attached."""
        return len(self.files) < self.section.evidence_max_files

    @property
    def lacks_evidence(self) -> bool:
        """Whether files are asked for and none is there.

        A question that may be left open asks for files only once it is answered.
        """
        asked = self.section.is_required or self.is_answered
        return self.section.evidence_required and asked and not self.files

    @property
    def completeness(self) -> Completeness:
        if self.words_over:
            return Completeness.OVER
        if self.is_answered and not self.lacks_evidence:
            return Completeness.DONE
        if self.is_answered or self.files:
            return Completeness.PART
        return Completeness.EMPTY


@dataclass(frozen=True)
class LetterPart:
    """One kind of statement letter, with the upload if there is one."""

    kind: LetterKind
    letter: StatementLetter | None

    @property
    def is_missing(self) -> bool:
        return self.kind.is_required and self.letter is None


@dataclass(frozen=True)
class Step:
    """One line of the author's task list: its own page and how far it is."""

    key: str
    label: str
    url: str
    completeness: Completeness
    is_required: bool
    hint: str = ""

    @property
    def is_done(self) -> bool:
        return self.completeness == Completeness.DONE

    @property
    def is_over(self) -> bool:
        return self.completeness == Completeness.OVER

    @property
    def is_part(self) -> bool:
        return self.completeness == Completeness.PART


HEADER_STEP = "data"
LETTERS_STEP = "surat"


@dataclass(frozen=True)
class Dossier:
    """A proposal and its parts, each in the order of the form; looking queries nothing.

    `entered_before` counts the proposals of the same institution and track that were
    submitted to the round before this one.
    """

    proposal: Proposal
    header: Sequence[HeaderPart]
    sections: Sequence[SectionPart]
    letters: Sequence[LetterPart]
    requirements: Sequence[Requirement]
    submission: Stage | None
    entered_before: int = 0

    @property
    def closing_date(self) -> date | None:
        """The last day on which proposals are taken, where the round is held."""
        if self.submission is None:
            return None
        last_moment = self.submission.closes_at - _INSTANT
        return as_local(last_moment, self.proposal.round.zone).date()

    def is_open(self, at: datetime) -> bool:
        """Whether proposals are taken at `at`."""
        return self.submission is not None and self.submission.is_open(at)

    def started_date(self, code: str | None = None) -> date | None:
        return headers.started_date(self.header, code)

    @cached_property
    def missing_header(self) -> list[str]:
        """Labels of the general fields still to be filled in."""
        missing = [part.field.label for part in self.header if part.is_missing]
        return missing if self.proposal.category_id else [_("Category"), *missing]

    @cached_property
    def header_step(self) -> Step:
        filled = any(part.is_filled for part in self.header)
        state = Completeness.PART if filled else Completeness.EMPTY
        return Step(
            key=HEADER_STEP,
            label=_("General data"),
            url=reverse("submissions:header_edit", args=[self.proposal.code]),
            completeness=state if self.missing_header else Completeness.DONE,
            is_required=True,
        )

    @cached_property
    def section_steps(self) -> list[Step]:
        return [
            Step(
                key=part.section.code,
                label=part.section.title,
                url=reverse(
                    "submissions:section_edit",
                    args=[self.proposal.code, part.section.code],
                ),
                completeness=part.completeness,
                is_required=part.section.is_required,
                hint=_section_hint(part),
            )
            for part in self.sections
        ]

    @cached_property
    def letters_step(self) -> Step | None:
        """The page of statement letters, if the form asks for any."""
        if not self.letters:
            return None
        missing = [part for part in self.letters if part.is_missing]
        present = [part for part in self.letters if part.letter]
        state = Completeness.PART if present else Completeness.EMPTY
        return Step(
            key=LETTERS_STEP,
            label=_("Statement letters"),
            url=reverse("submissions:letter_list", args=[self.proposal.code]),
            completeness=state if missing else Completeness.DONE,
            is_required=any(part.kind.is_required for part in self.letters),
            hint=_("%(present)d of %(total)d letters")
            % {"present": len(present), "total": len(self.letters)},
        )

    @cached_property
    def steps(self) -> list[Step]:
        """All pages to fill in, in the order of the form."""
        letters = [self.letters_step] if self.letters_step else []
        return [self.header_step, *self.section_steps, *letters]

    @property
    def required_steps(self) -> list[Step]:
        return [step for step in self.steps if step.is_required]

    @property
    def done_count(self) -> int:
        return sum(step.is_done for step in self.required_steps)

    @property
    def next_step(self) -> Step | None:
        """The first page with something left to do, if any."""
        open_steps = (
            step
            for step in self.steps
            if step.is_over or (step.is_required and not step.is_done)
        )
        return next(open_steps, None)

    def section(self, code: str) -> SectionPart | None:
        return next((part for part in self.sections if part.section.code == code), None)


def load_dossier(proposal: Proposal, *, rules: bool = True) -> Dossier:
    """Load `proposal` with all its parts, in 9 queries whatever their number.

    Load the proposal itself with `for_page()`. Pages that check nothing leave the
    `rules` out and save two queries.
    """
    answers = {
        answer.section_id: answer
        for answer in Answer.objects.filter(proposal=proposal).select_related(
            "saved_by"
        )
    }
    files: dict[int, list[Evidence]] = {}
    for file in Evidence.objects.filter(proposal=proposal).order_by(
        "uploaded_at", "pk"
    ):
        files.setdefault(file.section_id, []).append(file)
    letters = {
        letter.kind_id: letter
        for letter in StatementLetter.objects.filter(proposal=proposal)
    }
    requirements: list[Requirement] = []
    if rules:
        asked = Requirement.objects.filter(round=proposal.round_id)
        requirements = list(asked.order_by("order", "pk"))
    return Dossier(
        proposal=proposal,
        header=[
            HeaderPart(field, proposal.header.get(field.code))
            for field in HeaderField.objects.filter(form=proposal.form_id).order_by(
                "order", "pk"
            )
        ],
        sections=[
            SectionPart(section, answers.get(section.pk), files.get(section.pk, []))
            for section in queries.sections_of(proposal)
        ],
        letters=[
            LetterPart(kind, letters.get(kind.pk))
            for kind in LetterKind.objects.filter(form=proposal.form_id).order_by(
                "order", "pk"
            )
        ],
        requirements=requirements,
        submission=queries.submission_stage(proposal.round),
        entered_before=_entered_before(proposal, requirements),
    )


def _entered_before(proposal: Proposal, requirements: list[Requirement]) -> int:
    """Count what its institution submitted before; the quota names the tracks."""
    quota = next(
        (each for each in requirements if each.rule == Requirement.Rule.QUOTA), None
    )
    if quota is None:
        return 0
    others = (
        Proposal.objects.entered()
        .filter(round=proposal.round_id, institution=proposal.institution_id)
        .exclude(pk=proposal.pk)
    )
    if tracks := quota.params.get("tracks"):
        others = others.filter(track__code__in=tracks)
    if proposal.submitted_at and proposal.is_entered:
        others = others.filter(
            Q(submitted_at__lt=proposal.submitted_at)
            | Q(submitted_at=proposal.submitted_at, pk__lt=proposal.pk)
        )
    return others.count()


def _section_hint(part: SectionPart) -> str:
    if part.words_over:
        return _("%(over)d words too many") % {"over": part.words_over}
    if part.lacks_evidence and part.is_answered:
        return _("supporting file missing")
    if part.is_answered:
        return _("%(words)d of %(limit)d words") % {
            "words": part.words,
            "limit": part.section.word_limit,
        }
    return ""

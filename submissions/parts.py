"""The parts of a proposal as they were loaded; looking at them queries nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from competitions.models import Consent, EvidenceType, LetterKind, Section
from core.rich_text import RichText
from core.text import has_words, word_count
from submissions.models import Answer, Evidence, EvidenceLink, StatementLetter


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
    links: Sequence[EvidenceLink] = ()

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""

    @property
    def html(self) -> str:
        """Its formats as stored, "" where it is plain."""
        return self.answer.html if self.answer else ""

    @property
    def content(self) -> RichText:
        return RichText(self.text, self.html)

    @property
    def body(self) -> SafeString:
        """The text with its formats, ready to be shown."""
        return self.content.body

    @property
    def version(self) -> int:
        """The version a save must name as its base; 0 before the first."""
        return self.answer.version if self.answer else 0

    @cached_property
    def words(self) -> int:
        return word_count(self.text)

    @property
    def words_over(self) -> int:
        limit = self.section.word_limit
        return 0 if limit is None else max(0, self.words - limit)

    @property
    def length(self) -> str:
        """As in "190 of 200 words"; nothing where there is no limit."""
        if not self.section.word_limit:
            return ""
        counted = {"words": self.words, "limit": self.section.word_limit}
        return _("%(words)s of %(limit)s words") % counted

    @property
    def is_answered(self) -> bool:
        return has_words(self.text)

    @property
    def has_room(self) -> bool:
        """Whether one more file or link may be attached."""
        return self.evidence_count < self.section.evidence_max_files

    @property
    def evidence_count(self) -> int:
        return len(self.files) + len(self.links)

    @property
    def takes_files(self) -> bool:
        return bool(self.section.evidence_max_files) and any(
            each != EvidenceType.LINK for each in self.section.evidence_types
        )

    @property
    def takes_links(self) -> bool:
        return (
            bool(self.section.evidence_max_files)
            and EvidenceType.LINK in self.section.evidence_types
        )

    @property
    def has_evidence_part(self) -> bool:
        """Whether the page of the section has a place for evidence."""
        return self.takes_files or self.takes_links or bool(self.evidence_count)

    @property
    def lacks_evidence(self) -> bool:
        """Whether files are asked for and none is there.

        A question that may be left open asks for files only once it is answered.
        """
        asked = self.section.is_required or self.is_answered
        return self.section.evidence_required and asked and not self.evidence_count

    @property
    def completeness(self) -> Completeness:
        if self.words_over:
            return Completeness.OVER
        if self.is_answered and not self.lacks_evidence:
            return Completeness.DONE
        if self.is_answered or self.evidence_count:
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
class ConsentPart:
    """One statement to tick, and the wording that was ticked, "" if none was."""

    consent: Consent
    ticked: str

    @property
    def is_ticked(self) -> bool:
        """Whether it was ticked as it reads now: a new wording asks anew."""
        return self.ticked == self.consent.text

    @property
    def is_missing(self) -> bool:
        return self.consent.is_required and not self.is_ticked
